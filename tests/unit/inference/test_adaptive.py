"""Neural cache and dynamic evaluation against plain loops over the words."""

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from small_corpora import small_corpus
from small_runs import saved_model

from rnnpipe.inference import TrainedLanguageModel, open_model
from rnnpipe.inference.adaptive import cache_log_probabilities, dynamic_log_probabilities, with_cache
from rnnpipe.inference.neural_cache import NeuralCache
from rnnpipe.text.encoded import EncodedCorpus
from rnnpipe.text.vocabulary import EOS

NETWORK = {"cell": "lstm", "hidden": 8, "layers": 2}


def opened(folder: Path, **network: Any) -> TrainedLanguageModel:
    saved_model(folder / "model", "language_model", network={**NETWORK, **network}, batching="stream")
    return TrainedLanguageModel(open_model(folder / "model", "cpu"))


@pytest.fixture
def corpus(tmp_path: Path) -> EncodedCorpus:
    return small_corpus(tmp_path / "corpus")


def words_of(corpus: EncodedCorpus, name: str) -> list[int]:
    split = corpus.split(name)
    return [word for index in range(len(split)) for word in [*split.document(index).tolist(), EOS]]


def cached_by_hand(states: list[list[float]], words: list[int], window: int, theta: float) -> list[float]:
    """Grave et al. 2017, equation 2, word by word."""
    found = []
    for now, word in enumerate(words):
        likely: dict[int, float] = {}
        for past in range(max(0, now - window), now):
            score = math.exp(theta * sum(a * b for a, b in zip(states[now], states[past], strict=True)))
            likely[words[past]] = likely.get(words[past], 0.0) + score
        total = sum(likely.values())
        found.append(math.log(likely[word] / total) if word in likely else math.nan if not likely else -math.inf)
    return found


@pytest.mark.parametrize("window", [1, 5, 1000])
@pytest.mark.parametrize("at_once", [1, 3, 256])
def test_the_cache_equals_a_plain_loop(monkeypatch: pytest.MonkeyPatch, window: int, at_once: int) -> None:
    monkeypatch.setattr("rnnpipe.inference.neural_cache.QUERIES", at_once)
    generator = torch.Generator().manual_seed(1)
    states = torch.randn(40, 6, generator=generator, dtype=torch.float64)
    words = torch.randint(3, 9, (40,), generator=generator)
    cache, thetas = NeuralCache(window, (0.3, 2.0)), (0.3, 2.0)
    found = torch.cat([cache.read(states[:17], words[:17]), cache.read(states[17:], words[17:])], dim=1)
    for number, theta in enumerate(thetas):
        expected = cached_by_hand(states.tolist(), words.tolist(), window, theta)
        assert found[number].tolist() == pytest.approx(expected, rel=1e-10, nan_ok=True)


def test_the_model_with_its_cache_equals_a_plain_loop(corpus: EncodedCorpus, tmp_path: Path) -> None:
    model, words = opened(tmp_path), words_of(corpus, "test")
    states, _ = model.trained.model(torch.tensor([[EOS, *words[:-1]]]), torch.tensor([len(words)]))
    alone = cached_by_hand(states[0].double().tolist(), words, 10, 0.6)
    static = model.log_probabilities(corpus.split("test"))
    expected = [
        math.log(0.8 * math.exp(by_model) + 0.2 * math.exp(by_cache)) if not math.isnan(by_cache) else by_model
        for by_model, by_cache in zip(static.tolist(), alone, strict=True)
    ]
    (cached,) = cache_log_probabilities(model, corpus.split("test"), 10, (0.6,))
    assert with_cache(static, cached, 0.2).tolist() == pytest.approx(expected, rel=1e-5)
    assert with_cache(static, cached, 0.2)[0] == static[0], "where nothing is remembered the model speaks alone"


def test_probabilities_with_cache_sum_to_one_over_the_vocabulary() -> None:
    """Each word of the vocabulary is asked for in the same place."""
    generator = torch.Generator().manual_seed(2)
    states, words = torch.randn(9, 4, generator=generator), torch.randint(3, 7, (9,), generator=generator)
    total = 0.0
    for word in range(3, 7):
        cache = NeuralCache(5, (0.5,))
        cache.read(states[:-1], words[:-1])
        total += float(cache.read(states[-1:], torch.tensor([word])).exp())
    assert total == pytest.approx(1.0)


@pytest.mark.parametrize(("rate", "decay", "segment"), [(0.5, 0.0, 7), (0.5, 0.1, 7), (0.2, 0.02, 1), (0.0, 0.0, 5)])
@pytest.mark.parametrize("head", ["softmax", "hierarchical"])
def test_dynamic_evaluation_equals_a_plain_loop(
    corpus: EncodedCorpus, tmp_path: Path, rate: float, decay: float, segment: int, head: str
) -> None:
    model, words = opened(tmp_path, head=head), words_of(corpus, "test")
    network = open_model(tmp_path / "model", "cpu").model  # a second one, trained by torch's own optimiser
    trained = [weight.detach().clone() for weight in network.parameters()]
    optimiser, expected, state = torch.optim.SGD(network.parameters(), lr=rate), [], None
    for start in range(0, len(words), segment):
        targets = words[start : start + segment]
        inputs = torch.tensor([[EOS, *words][start : start + len(targets)]])
        states, state = network(inputs, torch.tensor([len(targets)]), state)
        scores = network.head.log_probabilities(states[0])[torch.arange(len(targets)), torch.tensor(targets)]
        expected += scores.tolist()
        state = tuple(part.detach() for part in state)
        before = [weight.detach().clone() for weight in network.parameters()]
        optimiser.zero_grad()
        (-scores.mean()).backward()
        optimiser.step()
        with torch.no_grad():
            for weight, old, start_weight in zip(network.parameters(), before, trained, strict=True):
                weight.add_(start_weight - old, alpha=decay)
    found = dynamic_log_probabilities(model, corpus.split("test"), rate, decay, segment)
    assert found.tolist() == pytest.approx(expected, rel=1e-4)
    if rate:
        assert abs(found - model.log_probabilities(corpus.split("test"))).max() > 1e-3, "it learned something"


@pytest.mark.parametrize("tied", [False, True])
def test_dynamic_evaluation_leaves_the_model_as_it_was(corpus: EncodedCorpus, tmp_path: Path, tied: bool) -> None:
    model = opened(tmp_path, tied=tied, projection=tied)
    before = {name: weight.clone() for name, weight in model.trained.model.state_dict().items()}
    first = dynamic_log_probabilities(model, corpus.split("test"), 1.0, 0.01, 5)
    dynamic_log_probabilities(model, corpus.split("valid"), 1.0, 0.01, 5)
    assert all(torch.equal(weight, before[name]) for name, weight in model.trained.model.state_dict().items())
    again = dynamic_log_probabilities(model, corpus.split("test"), 1.0, 0.01, 5)
    assert again.tolist() == first.tolist(), "nothing is carried from one split to the next"
    static = model.log_probabilities(corpus.split("test"))
    assert dynamic_log_probabilities(model, corpus.split("test"), 0.0, 0.0, 5).tolist() == pytest.approx(
        static.tolist(), rel=1e-5
    )


def test_a_cache_carries_nothing_from_one_split_to_the_next(corpus: EncodedCorpus, tmp_path: Path) -> None:
    model = opened(tmp_path)
    first = cache_log_probabilities(model, corpus.split("test"), 100, (0.5,))
    cache_log_probabilities(model, corpus.split("valid"), 100, (0.5,))
    assert np.array_equal(cache_log_probabilities(model, corpus.split("test"), 100, (0.5,)), first, equal_nan=True)


@pytest.mark.parametrize("window", [1, 7])
def test_the_window_of_reading_changes_nothing(
    corpus: EncodedCorpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, window: int
) -> None:
    model = opened(tmp_path)
    whole = cache_log_probabilities(model, corpus.split("test"), 20, (0.5, 1.0))
    monkeypatch.setattr("rnnpipe.inference.language_model.WORDS", window)
    parts = cache_log_probabilities(model, corpus.split("test"), 20, (0.5, 1.0))
    assert parts == pytest.approx(whole, rel=1e-5, nan_ok=True)
