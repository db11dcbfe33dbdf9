import math
from pathlib import Path

import numpy as np
import pytest
import torch
from rnnpipe.evaluation.recurrent import RecurrentLanguageModel
from rnnpipe.networks.build import NetworkConfig, build_network
from small_corpora import small_corpus

from rnnpipe.evaluation import recurrent
from rnnpipe.text.encoded import EncodedCorpus
from rnnpipe.text.vocabulary import EOS

WORDS = 15


def network(cell: str = "lstm") -> torch.nn.Module:
    torch.manual_seed(1)
    config = NetworkConfig(
        task="language_model", cell=cell, hidden=8, layers=2, vocabulary_size=WORDS, embedding_dimension=4, outputs=WORDS
    )
    return build_network(config).eval()


@pytest.fixture
def corpus(tmp_path: Path) -> EncodedCorpus:
    return small_corpus(tmp_path / "corpus")


def by_hand(model: torch.nn.Module, texts: list[list[int]]) -> float:
    """Sum of log-probabilities, text by text from a zero state."""
    total = 0.0
    for text in texts:
        logits, _ = model(torch.tensor([[EOS, *text]]), torch.tensor([len(text) + 1]), None)
        total += logits[0].log_softmax(-1)[torch.arange(len(text) + 1), torch.tensor([*text, EOS])].sum().item()
    return total


def test_sentences_are_scored_one_by_one(corpus: EncodedCorpus) -> None:
    split, model = corpus.split("test"), network()
    texts = [split.document(index).tolist() for index in range(len(split))]
    found = RecurrentLanguageModel(model, WORDS, "sentences").log_probability(split)
    assert found == pytest.approx(by_hand(model, texts), rel=1e-5)


def test_small_batches_change_nothing(corpus: EncodedCorpus, monkeypatch: pytest.MonkeyPatch) -> None:
    split, model = corpus.split("test"), RecurrentLanguageModel(network(), WORDS, "sentences")
    whole = model.log_probability(split)
    monkeypatch.setattr(recurrent, "LOGITS", 1)
    assert model.log_probability(split) == pytest.approx(whole, rel=1e-5)


def test_the_stream_carries_its_state_over_windows(corpus: EncodedCorpus, monkeypatch: pytest.MonkeyPatch) -> None:
    split, model = corpus.split("test"), network()
    words = [word for index in range(len(split)) for word in [*split.document(index).tolist(), EOS]]
    whole = by_hand(model, [words[:-1]])
    for window in (1, 7, 256):
        monkeypatch.setattr(recurrent, "WINDOW", window)
        assert RecurrentLanguageModel(model, WORDS, "stream").log_probability(split) == pytest.approx(whole, rel=1e-5)


def test_a_uniform_network_has_the_perplexity_of_its_vocabulary(corpus: EncodedCorpus) -> None:
    split = corpus.split("test")
    uniform = RecurrentLanguageModel(lambda ids, lengths, state: (torch.zeros(*ids.shape, WORDS), None), WORDS, "sentences")
    predictions = len(split.ids) + len(split)
    assert math.exp(-uniform.log_probability(split) / predictions) == pytest.approx(WORDS)


@pytest.mark.parametrize("cell", ["rnn", "gru_simple", "gru", "lstm", "gru_fused"])
def test_word_by_word_and_whole_prefix_agree(cell: str) -> None:
    model = RecurrentLanguageModel(network(cell), WORDS, "sentences")
    prefixes = [np.array([5, 3]), np.array([], dtype=np.int64), np.array([7, 4, 9, 3])]
    words = np.array([[3, 4], [5, 6], [7, 8]])
    found = model.word_log_probabilities(prefixes, words)
    for row, prefix in enumerate(prefixes):
        state = None
        for word in [EOS, *prefix.tolist()]:
            scores, state = model.next_word(np.array([word]), state)
        assert found[row] == pytest.approx(scores[0, words[row]], abs=1e-5)
