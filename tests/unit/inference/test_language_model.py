"""Perplexities and continuations, in the regime that the model was trained in."""

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from small_corpora import small_corpus
from small_runs import CELL_NAMES, saved_model

from rnnpipe.inference import TrainedLanguageModel, TrainedModel, open_model
from rnnpipe.text.encoded import EncodedSplit
from rnnpipe.text.vocabulary import EOS

WORDS = 15


def trained(folder: Path, **changes: Any) -> TrainedModel:
    saved_model(folder / "model", "language_model", **changes)
    return open_model(folder / "model", "cpu")


def scored_split(folder: Path) -> EncodedSplit:
    return small_corpus(folder / "corpus").split("test")


DEEP = {"cell": "lstm", "hidden": 8, "layers": 2}


def by_hand(model: torch.nn.Module, texts: list[list[int]]) -> float:
    """Sum of log-probabilities, text by text from a zero state."""
    total = 0.0
    for text in texts:
        states, _ = model(torch.tensor([[EOS, *text]]), torch.tensor([len(text) + 1]))
        scores = model.head.log_probabilities(states)[0]
        total += scores[torch.arange(len(text) + 1), torch.tensor([*text, EOS])].sum().item()
    return total


HEADS = ["softmax", "hierarchical", "negative_sampling"]


@pytest.mark.parametrize("head", HEADS)
def test_sentences_are_scored_one_by_one(tmp_path: Path, head: str) -> None:
    opened, split = trained(tmp_path, network={**DEEP, "head": head}), scored_split(tmp_path)
    texts = [split.document(index).tolist() for index in range(len(split))]
    model = TrainedLanguageModel(opened)
    assert model.log_probability(split) == pytest.approx(by_hand(opened.model, texts), rel=1e-5)
    found = model.document_log_probabilities(split)
    assert found.tolist() == pytest.approx([by_hand(opened.model, [text]) for text in texts], rel=1e-5)


def test_small_batches_change_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened, split = trained(tmp_path, network=DEEP), scored_split(tmp_path)
    model = TrainedLanguageModel(opened)
    prefixes, words = [split.document(index) for index in (0, 1, 2)], [np.array([3, 4]), np.array([5]), np.array([6])]
    whole, continued = model.log_probability(split), model.continuation_log_probabilities(prefixes, words)
    for words_together in (1, 5, 12, 40):
        monkeypatch.setattr("rnnpipe.inference.language_model.WORDS", words_together)
        assert model.log_probability(split) == pytest.approx(whole, rel=1e-6)
        assert model.continuation_log_probabilities(prefixes, words) == pytest.approx(continued, rel=1e-6)


@pytest.mark.parametrize("cell", CELL_NAMES)
@pytest.mark.parametrize("head", HEADS)
def test_the_window_and_what_the_head_holds_change_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cell: str, head: str
) -> None:
    opened = trained(tmp_path, network={**DEEP, "cell": cell, "head": head}, batching="stream")
    model, split = TrainedLanguageModel(opened), scored_split(tmp_path)
    whole = model.log_probability(split)
    for window, held in ((1, 1), (7, 40), (50, 2**22)):
        monkeypatch.setattr("rnnpipe.inference.language_model.WORDS", window)
        monkeypatch.setattr("rnnpipe.heads.head.LARGE", held)
        assert model.log_probability(split) == pytest.approx(whole, rel=1e-6)


def test_a_second_pass_says_the_same_whatever_was_read_between(tmp_path: Path) -> None:
    opened = trained(tmp_path, network=DEEP, batching="stream")
    corpus, model = small_corpus(tmp_path / "corpus"), TrainedLanguageModel(opened)
    first = model.log_probabilities(corpus.split("test"))
    model.log_probabilities(corpus.split("valid"))
    assert model.log_probabilities(corpus.split("test")).tolist() == first.tolist()


@pytest.mark.parametrize("window", [1, 7, 256])
def test_a_model_of_a_stream_is_scored_as_a_stream(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, window: int) -> None:
    monkeypatch.setattr("rnnpipe.inference.language_model.WORDS", window)
    opened = trained(tmp_path, network=DEEP, batching="stream")
    split = scored_split(tmp_path)
    model = TrainedLanguageModel(opened)
    words = [word for index in range(len(split)) for word in [*split.document(index).tolist(), EOS]]
    states, _ = opened.model(torch.tensor([[EOS, *words[:-1]]]), torch.tensor([len(words)]))
    passed = opened.model.head.log_probabilities(states)[0][torch.arange(len(words)), torch.tensor(words)].detach().numpy()
    ends = np.cumsum(split.lengths + 1)
    expected = [part.sum() for part in np.split(passed, ends[:-1])]
    found = model.document_log_probabilities(split)
    assert found.tolist() == pytest.approx(expected, rel=1e-5)
    assert model.log_probability(split) == pytest.approx(found.sum()) == pytest.approx(passed.sum(), rel=1e-5)


def test_a_document_of_a_stream_depends_on_the_one_before(tmp_path: Path) -> None:
    scored = {}
    for batching in ("stream", "sentences"):
        opened = trained(tmp_path / batching, network=DEEP, batching=batching)
        split = opened.encode([["w1", "w2"], ["w3"]])
        turned = opened.encode([["w3"], ["w1", "w2"]])
        one, other = (TrainedLanguageModel(opened).document_log_probabilities(texts) for texts in (split, turned))
        scored[batching] = (one, other[::-1])
    assert scored["sentences"][0] == pytest.approx(scored["sentences"][1])
    assert abs(scored["stream"][0] - scored["stream"][1]).min() > 1e-6


def test_no_documents_have_no_probability(tmp_path: Path) -> None:
    for batching in ("stream", "sentences"):
        model = TrainedLanguageModel(trained(tmp_path / batching, batching=batching))
        assert model.document_log_probabilities(model.trained.encode([])).tolist() == []
        assert model.log_probability(model.trained.encode([])) == 0.0
        assert model.continuation_log_probabilities([], []).tolist() == []


def test_a_uniform_model_has_the_perplexity_of_its_vocabulary(tmp_path: Path) -> None:
    opened, split = trained(tmp_path), scored_split(tmp_path)
    with torch.no_grad():
        opened.model.head.theta.weight.zero_()
        opened.model.head.theta.bias.zero_()
    predictions = len(split.ids) + len(split)
    assert math.exp(-TrainedLanguageModel(opened).log_probability(split) / predictions) == pytest.approx(WORDS)


@pytest.mark.parametrize("cell", CELL_NAMES)
@pytest.mark.parametrize("batching", ["stream", "sentences"])
def test_a_continuation_is_the_product_of_its_next_words(tmp_path: Path, cell: str, batching: str) -> None:
    model = TrainedLanguageModel(trained(tmp_path, network={**DEEP, "cell": cell}, batching=batching))
    prefixes = [np.array([5, 3]), np.array([], dtype=np.int64), np.array([7, 4, 9, 3])]
    continuations = [np.array([3]), np.array([5, 6, 7]), np.array([8, 2])]
    found = model.continuation_log_probabilities(prefixes, continuations)
    for row, (prefix, words) in enumerate(zip(prefixes, continuations, strict=True)):
        total, state, read = 0.0, None, [EOS, *prefix.tolist()]
        for word in read[:-1]:
            _, state = model.next_word(np.array([word]), state)
        last = read[-1]
        for word in words.tolist():
            scores, state = model.next_word(np.array([last]), state)
            total, last = total + scores[0, word], word
        assert found[row] == pytest.approx(total, abs=1e-5)


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA GPU")
def test_a_model_is_opened_on_a_gpu_and_says_the_same(tmp_path: Path) -> None:
    on_cpu, split = trained(tmp_path, network=DEEP), scored_split(tmp_path)
    on_gpu = open_model(tmp_path / "model")
    assert on_gpu.device.type == "cuda"
    found, expected = (TrainedLanguageModel(opened).document_log_probabilities(split) for opened in (on_gpu, on_cpu))
    assert found == pytest.approx(expected, abs=1e-3)


@pytest.mark.parametrize("batching", ["sentences", "stream"])
def test_a_backward_model_scores_each_word_from_those_behind_it(tmp_path: Path, batching: str) -> None:
    """Scores stand in the order of the text; those of a forward model with the same weights, of the text turned round."""
    opened, split = trained(tmp_path, network=DEEP, batching=batching, direction="backward"), scored_split(tmp_path)
    found, state = TrainedLanguageModel(opened).word_log_probabilities(split)
    assert state is None
    reversed_texts = [split.document(index)[::-1].astype(np.int64) for index in reversed(range(len(split)))]
    expected: list[list[float]] = []
    carried = None
    for text in reversed_texts:
        read = torch.tensor([[EOS, *text]])
        states, after = opened.model(read, torch.tensor([len(text) + 1]), carried)
        scores = opened.model.head.log_probabilities(states)[0]
        own = scores[torch.arange(len(text) + 1), torch.tensor([*text, EOS])].tolist()
        expected.insert(0, [*own[:-1][::-1], own[-1]])
        if batching == "stream":  # the <eos> that ends a text is what the next one begins behind
            carried = after
    assert found.tolist() == pytest.approx([score for text in expected for score in text], rel=1e-4)


def test_turned_twice_a_text_is_itself(tmp_path: Path) -> None:
    split = scored_split(tmp_path)
    again = split.backward().backward()
    assert again.ids.tolist() == split.ids.tolist()
    assert again.offsets.tolist() == split.offsets.tolist()
    assert split.backward().document(0).tolist() == split.document(len(split) - 1).tolist()[::-1]
