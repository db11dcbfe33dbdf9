import random
import warnings

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnpipe.metrics.spans import SpanScore, find_spans, known_and_new, span_errors, span_scores, surfaces

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from seqeval.metrics import f1_score, precision_score, recall_score
    from seqeval.metrics.sequence_labeling import get_entities

tag = st.sampled_from(["O", *(f"{prefix}-{kind}" for kind in ("PER", "LOC") for prefix in "BIES")])
sentences = st.lists(st.lists(st.tuples(tag, tag), max_size=8), min_size=1, max_size=6)


@given(st.lists(tag, max_size=12))
def test_spans_are_those_of_seqeval(tags: list[str]) -> None:
    assert find_spans(tags) == [(start, end + 1, kind) for kind, start, end in get_entities(tags)]


@given(sentences)
def test_scores_are_those_of_seqeval_on_any_sequence(pairs: list[list[tuple[str, str]]]) -> None:
    actual = [[gold for gold, _ in sentence] for sentence in pairs]
    predicted = [[guess for _, guess in sentence] for sentence in pairs]
    total, _ = span_scores(actual, predicted)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of scores without entities
        assert total.precision == pytest.approx(100 * precision_score(actual, predicted, zero_division=0))
        assert total.recall == pytest.approx(100 * recall_score(actual, predicted, zero_division=0))
        assert total.f1 == pytest.approx(100 * f1_score(actual, predicted, zero_division=0))


@pytest.mark.parametrize(
    ("tags", "spans"),
    [
        ("B-PER I-PER O", [(0, 2, "PER")]),
        ("I-PER I-PER O", [(0, 2, "PER")]),
        ("B-PER I-LOC", [(0, 1, "PER"), (1, 2, "LOC")]),
        ("B-PER B-PER I-PER", [(0, 1, "PER"), (1, 3, "PER")]),
        ("O I-LOC O I-LOC", [(1, 2, "LOC"), (3, 4, "LOC")]),
        ("B-PER E-PER S-PER", [(0, 2, "PER"), (2, 3, "PER")]),
        ("S-PER I-PER E-PER I-PER", [(0, 1, "PER"), (1, 3, "PER"), (3, 4, "PER")]),
        ("E-PER E-PER", [(0, 1, "PER"), (1, 2, "PER")]),
        ("O O", []),
        ("", []),
    ],
)
def test_by_hand(tags: str, spans: list[tuple[int, int, str]]) -> None:
    assert find_spans(tags.split()) == spans


def test_types_are_scored_apart() -> None:
    actual = [["B-PER", "I-PER", "O", "B-LOC"]]
    predicted = [["B-PER", "I-PER", "O", "B-ORG"]]
    total, by_type = span_scores(actual, predicted)
    assert by_type == {"LOC": SpanScore(1, 0, 0), "ORG": SpanScore(0, 1, 0), "PER": SpanScore(1, 1, 1)}
    assert (total.precision, total.recall, total.f1) == (50.0, 50.0, 50.0)
    assert by_type["ORG"].recall == 0.0


@pytest.mark.parametrize("tag", ["L-PER", "B", "per", "", "O-PER"])
def test_other_schemes_are_refused(tag: str) -> None:
    with pytest.raises(ValueError, match="no tag of the schemes IOB and BIOES"):
        find_spans([tag])


def test_sentences_must_be_aligned() -> None:
    with pytest.raises(ValueError, match="2 tags was given 1"):
        span_scores([["O", "O"]], [["O"]])


def conlleval(actual: list[list[str]], predicted: list[list[str]]) -> tuple[float, float, float]:
    """Count token by token, as the script of the shared tasks does: a chunk is right if both ends and all types agree."""

    def ends(before: str, now: str) -> bool:
        (one, _, kind), (other, _, new) = before.partition("-"), now.partition("-")
        return one != "O" and (one in "ES" or other in "BSO" or kind != new)

    def begins(before: str, now: str) -> bool:
        (one, _, kind), (other, _, new) = before.partition("-"), now.partition("-")
        return other != "O" and (other in "BS" or one in "ESO" or kind != new)

    correct = found_actual = found_predicted = 0
    for gold, guess in zip(actual, predicted, strict=True):
        inside, gold_before, guess_before = False, "O", "O"
        for gold_now, guess_now in zip([*gold, "O"], [*guess, "O"], strict=True):
            gold_ends, guess_ends = ends(gold_before, gold_now), ends(guess_before, guess_now)
            gold_begins, guess_begins = begins(gold_before, gold_now), begins(guess_before, guess_now)
            same = gold_now.partition("-")[2] == guess_now.partition("-")[2]
            if inside and gold_ends and guess_ends:
                correct, inside = correct + 1, False
            elif inside and (gold_ends != guess_ends or not same):
                inside = False
            if gold_begins and guess_begins and same:
                inside = True
            found_actual, found_predicted = found_actual + gold_begins, found_predicted + guess_begins
            gold_before, guess_before = gold_now, guess_now
    precision, recall = (100 * correct / max(count, 1) for count in (found_predicted, found_actual))
    return precision, recall, 200 * correct / max(found_actual + found_predicted, 1)


@pytest.mark.parametrize("prefixes", ["BI", "I", "BIES"])
def test_a_thousand_random_sequences_are_scored_as_conlleval_scores_them(prefixes: str) -> None:
    generator = random.Random(1)
    tags = ["O", *(f"{prefix}-{kind}" for kind in ("PER", "LOC", "ORG") for prefix in prefixes)]
    actual = [[generator.choice(tags) for _ in range(generator.randrange(12))] for _ in range(1000)]
    predicted = [[gold if generator.random() < 0.7 else generator.choice(tags) for gold in sentence] for sentence in actual]
    total, _ = span_scores(actual, predicted)
    assert (total.precision, total.recall, total.f1) == pytest.approx(conlleval(actual, predicted))
    assert 20 < total.f1 < 80


def test_strictly_what_does_not_begin_is_no_entity() -> None:
    tags = ["I-PER", "I-PER", "O", "B-PER", "I-PER", "O", "B-PER", "I-LOC"]
    assert find_spans(tags, strict=True) == [(3, 5, "PER"), (6, 7, "PER")]
    assert find_spans(["E-PER", "S-PER", "B-LOC", "E-LOC"], strict=True) == [(1, 2, "PER"), (2, 4, "LOC")]
    total, _ = span_scores([["B-PER", "I-PER", "O"]], [["I-PER", "I-PER", "O"]], strict=True)
    assert (total.actual, total.predicted, total.correct) == (1, 0, 0)


WORDS = [["Ann", "Lee", "saw", "Rome"], ["Rome", "fell"]]
ACTUAL = [["B-PER", "I-PER", "O", "B-LOC"], ["B-LOC", "O"]]
PREDICTED = [["B-PER", "O", "B-PER", "B-ORG"], ["B-LOC", "O"]]


def test_entities_of_the_train_split_are_scored_apart() -> None:
    known = surfaces([["Rome", "is", "Ann", "Lee"]], [["B-LOC", "O", "O", "O"]])
    assert known == {("Rome",)}
    seen, new = known_and_new(WORDS, ACTUAL, PREDICTED, known)
    assert seen == SpanScore(actual=2, predicted=2, correct=1)
    assert new == SpanScore(actual=1, predicted=2, correct=0)


def test_errors_are_told_by_their_kind() -> None:
    assert span_errors(ACTUAL, PREDICTED) == {"type": 1, "border": 1, "spurious": 1, "missed": 0}
    assert span_errors(ACTUAL, [["O"] * 4, ["O"] * 2]) == {"type": 0, "border": 0, "spurious": 0, "missed": 3}
    assert not any(span_errors(ACTUAL, ACTUAL).values())
