"""Confusions, sampled sentences, and pairs of sentences that only what follows tells apart."""

from hypothesis import given
from hypothesis import strategies as st

from rnnpipe.report.blocks import Fold
from rnnpipe.report.read.twins import Sentence, sentences, twins
from rnnpipe.report.sections import answers
from rnnpipe.report.svg.rows import Tagged, tag_strips

WORDS = st.tuples(st.sampled_from(["a", "b", "apple", "iphone"]), st.sampled_from(["O", "B-ORG"]))


def sentence(*tagged):
    words, tags = zip(*tagged, strict=True)
    return Sentence(words, tags, tags)


@given(st.lists(st.lists(WORDS, min_size=1, max_size=5), max_size=8))
def test_twins_are_alike_up_to_a_word_that_is_another_name_in_each(drawn):
    found = tuple(sentence(*tagged) for tagged in drawn)
    pair = twins(found)
    if pair:
        one, other, end = found[pair[0]], found[pair[1]], pair[2]
        assert one.words[: end + 1] == other.words[: end + 1]
        assert one.actual[:end] == other.actual[:end]
        assert one.actual[end] != other.actual[end]


def test_the_lecture_s_own_pair_is_taken_where_there_is_one():
    def pair(start, word, sequel):
        return [
            sentence((start, "O"), (word, "O"), ("pie", "O")),
            sentence((start, "O"), (word, "B-ORG"), (sequel, "O")),
        ]

    found = (*pair("of", "orange", "grew"), *pair("we", "apple", "grew"), *pair("like", "apple", "iphone"))
    assert twins(found) == (4, 5, 1)
    assert twins(found[:4]) == (2, 3, 1)
    assert twins(found[:2]) == (0, 1, 1)
    assert twins(found[:1]) is None


def test_sentences_are_read_with_both_tags(workspace):
    run = next(run for run in workspace.measure().runs if (run.task, run.name) == ("ner", "lstm"))
    assert sentences(run)[2] == Sentence(
        ("i", "like", "apple", ",", "especially", "iphone"), ("O", "O", "B-ORG", "O", "O", "O"), ("O",) * 6
    )


def test_a_wrong_tag_is_marked_and_words_without_names_are_left_blank():
    svg = tag_strips([Tagged(("i", "like", "apple"), (("O", "O", "B-ORG"), ("O", "O", "O")), 2)], ("truth", "forward"))
    assert svg.count("<rect") == 2
    assert ">ORG</text>" in svg
    assert ">no name ✗</text>" in svg


def test_both_directions_are_shown_beside_forward_alone(workspace):
    figure = next(block for block in section(workspace, "ner") if block.title.startswith("Names"))
    assert "forward alone gets 50 % right, both directions 100 %" in figure.caption
    assert figure.svg.count("✗") == 1
    workspace.params["ner"]["runs"]["lstm-bidirectional"]["network"]["hidden"] = 9
    assert not any(block.title.startswith("Names") for block in section(workspace, "ner")), "they differ in more"


def section(workspace, anchor):
    found = (*answers.confusion_sections(workspace.measure()), answers.samples_section(workspace.measure()))
    return next(section for section in found if section.anchor == anchor)


def test_the_best_on_validation_is_in_sight_and_the_others_are_folded(workspace):
    first, others = section(workspace, "sentiment").blocks
    assert first.title == "Confusions of lstm-deep (opinions)"
    assert first.caption == "Most often mistaken: positive for negative, 145 times (14.5 % of all positive)."
    assert isinstance(others, Fold)
    assert others.summary == "Confusions of 5 others: rnn, gru, lstm, bag-of-words, mlp"


def test_nothing_mistaken_is_said(workspace):
    workspace.table("reports/sentiment/lstm-deep/confusion.csv", "actual,predicted,count", [("a", "a", 1), ("b", "b", 2)])
    assert section(workspace, "sentiment").blocks[0].caption == "Nothing was mistaken."


def test_samples_say_how_many_the_grammar_accepts(workspace):
    first = section(workspace, "samples").blocks[0]
    assert first.title == "Drawn from lstm"
    assert (
        first.caption
        == "Corpus: agreement. The grammar accepts 97.0 % of all that were drawn. 9.1 words long on average, in the corpus 9.0."
    )
