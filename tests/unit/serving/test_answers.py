import math
from pathlib import Path
from typing import Any

import pytest
import torch
from small_corpora import LABELS, TAGS
from small_runs import saved_model

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.inference import TrainedLanguageModel, TrainedModel, open_model
from rnnpipe.layers.embedding import OneHot
from rnnpipe.serving import Scorer, input_vectors, label_texts, score_texts, tag_texts
from rnnpipe.text.tokenizer import build_tokenizer, load_tokenizer


def opened(folder: Path, task: str, **changes: Any) -> TrainedModel:
    saved_model(folder / "a", task, **changes)
    return open_model(folder / "a")


def test_all_probabilities_are_told_and_the_label_has_the_greatest(tmp_path: Path) -> None:
    for found in label_texts(opened(tmp_path, "sentiment"), ["w1 w2", "w9"]):
        assert list(found.probabilities) == LABELS
        assert sum(found.probabilities.values()) == pytest.approx(1)
        assert found.probability == max(found.probabilities.values()) == found.probabilities[found.label]


def test_labels_do_not_depend_on_the_texts_beside(tmp_path: Path) -> None:
    trained, texts = opened(tmp_path, "sentiment"), ["w1 w2 w3", "w9", ""]
    found, alone = label_texts(trained, texts), [label_texts(trained, [text])[0] for text in texts]
    assert [one.label for one in alone] == [one.label for one in found]
    assert [one.probability for one in alone] == pytest.approx([one.probability for one in found])


def test_only_the_last_words_are_read_where_the_model_was_so_trained(tmp_path: Path) -> None:
    whole, cut, lost = label_texts(opened(tmp_path, "sentiment", max_length=2), ["w1 w2 w3 w4", "w3 w4", "w1 strange other"])
    assert whole.probability == pytest.approx(cut.probability)
    assert (whole.length, whole.guess) == (4, False)
    assert (lost.length, lost.unknown, lost.guess) == (3, 2, True), "the word that it knows is not among those that it reads"


def test_a_text_of_which_nothing_is_known_is_a_guess(tmp_path: Path) -> None:
    found = label_texts(opened(tmp_path, "sentiment"), ["w1 strange", "strange", ""])
    assert [(one.length, one.unknown, one.guess) for one in found] == [(2, 1, False), (1, 1, True), (0, 0, True)]


def test_texts_without_words_have_no_tags(tmp_path: Path) -> None:
    trained = opened(tmp_path, "ner")
    assert tag_texts(trained, []) == []
    assert [(found.tags, found.spans, found.guess) for found in tag_texts(trained, ["", " "])] == [([], [], True)] * 2


def test_tags_of_words(tmp_path: Path) -> None:
    found = tag_texts(opened(tmp_path, "ner"), ["w1 unheard-of w3", "w2"])
    assert [one.words for one in found] == [["w1", "unheard-of", "w3"], ["w2"]]
    assert [one.unknown for one in found] == [1, 0]
    assert {tag for one in found for tag in one.tags} <= set(TAGS)


def test_spans_say_where_an_entity_stands_and_how_sure_its_tags_are(tmp_path: Path) -> None:
    trained = opened(tmp_path, "ner")
    text = "  w1   w2 Łódź w4 w5 w6 w7 w8 w9 w10 w11"
    (found,) = tag_texts(trained, [text])
    states, _ = trained.model(torch.tensor([trained.vocabulary.encode(found.words).tolist()]), torch.tensor([len(found.words)]))
    likely = trained.model.head.log_probabilities(states)[0].exp().max(dim=-1).values.tolist()
    assert found.spans, "an untrained tagger finds something in eleven words"
    begins = [place for place, tag in enumerate(found.tags) if tag == "B-X" or (tag == "I-X" and found.tags[place - 1] == "O")]
    assert len(found.spans) == len(begins)
    for span, first in zip(found.spans, begins, strict=True):
        assert text[span.start : span.end] == span.text
        words = span.text.split()
        assert words == found.words[first : first + len(words)]
        assert span.type == "X"
        assert span.confidence == pytest.approx(math.prod(likely[first : first + len(words)]), rel=1e-4)
        assert 0 <= span.confidence <= 1


def test_words_that_are_given_are_taken_as_they_stand(tmp_path: Path) -> None:
    trained = opened(tmp_path, "ner")
    given, spaced = tag_texts(trained, [["w1", "New York", "w2"]]), tag_texts(trained, ["w1  @w2."], spaced=True)
    assert given[0].words == ["w1", "New York", "w2"]
    assert [span.text for span in given[0].spans] == ["w1 New York w2"[span.start : span.end] for span in given[0].spans]
    assert spaced[0].words == ["w1", "@w2."]
    mixed = tag_texts(trained, ["w1 w2", ["w1", "w2"]])
    assert mixed[0] == mixed[1]


def test_words_keep_their_spelling_where_the_model_reads_small_letters(tmp_path: Path) -> None:
    saved_model(tmp_path / "a", "ner")
    trained = open_model(tmp_path / "a")
    assert not trained.lowercase
    small = TrainedModel(
        trained.model, trained.task, trained.config, trained.vocabulary, build_tokenizer(lowercase=True), trained.device
    )
    assert small.lowercase
    (found,) = tag_texts(small, ["W1 w2 Łódź"])
    assert found.words == ["W1", "w2", "Łódź"]
    assert found.unknown == 1
    assert load_tokenizer(tmp_path / "a/tokenizer.json").normalizer is not None


def test_score_is_the_sum_over_the_words_and_the_end(tmp_path: Path) -> None:
    trained = opened(tmp_path, "language_model")
    (score,) = score_texts(trained, ["w1 w2 strange"])
    ids = [2, *trained.vocabulary.encode(["w1", "w2", "strange"]).tolist()]
    states, _ = trained.model(torch.tensor([ids]), torch.tensor([len(ids)]))
    expected = trained.model.head.log_probabilities(states)[0, range(4), [*ids[1:], 2]].tolist()
    assert score.log_probability == pytest.approx(sum(expected), rel=1e-5)
    assert score.perplexity == pytest.approx(math.exp(-sum(expected) / 4), rel=1e-5)
    assert score.surprisals == pytest.approx([-nats for nats in expected], rel=1e-5)
    assert (score.words, score.unknown) == (["w1", "w2", "strange"], 1)


def test_a_model_of_a_stream_scores_texts_behind_each_other(tmp_path: Path) -> None:
    trained = opened(tmp_path, "language_model", batching="stream")
    texts = ["w1 w2", "", "w3 w4 w5", "w1"]
    together = score_texts(trained, texts)
    expected = TrainedLanguageModel(trained).document_log_probabilities(trained.encode([text.split() for text in texts]))
    assert [score.log_probability for score in together] == pytest.approx(expected.tolist())
    assert together[2].log_probability != pytest.approx(score_texts(trained, texts[2:3])[0].log_probability, abs=1e-7)
    scorer = Scorer(trained)
    in_batches = [*scorer(texts[:2]), *scorer([]), *scorer(texts[2:])]
    assert [score.log_probability for score in in_batches] == pytest.approx([score.log_probability for score in together])


def test_half_a_character_is_told_with_its_place(tmp_path: Path) -> None:
    trained = opened(tmp_path, "sentiment")
    with pytest.raises(RnnpipeError, match=r"^text 2, character 3: not Unicode; send UTF-8$"):
        label_texts(trained, ["w1", "w1\udcff"])
    with pytest.raises(RnnpipeError, match=r"^text 1, character 4: not Unicode"):
        label_texts(trained, [["w1", "\ud800"]])


def test_a_network_has_vectors_of_its_own(tmp_path: Path) -> None:
    trained = opened(tmp_path, "sentiment")
    vectors = input_vectors(trained)
    assert vectors.vectors.tolist() == trained.model.encoder.embedding.weight.tolist()
    assert len(vectors.neighbours("w1", 3)) == 3
    trained.model.encoder.embedding = OneHot(len(trained.vocabulary))
    with pytest.raises(RnnpipeError, match="sentiment/a: reads one-hot vectors"):
        input_vectors(trained)
