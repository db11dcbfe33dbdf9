from pathlib import Path

import numpy as np
import pytest
import torch
from small_corpora import small_corpus

from rnnpipe.baselines.mlp import Mlp, build, probabilities, train
from rnnpipe.params import MlpRun
from rnnpipe.text.encoded import EncodedCorpus

SETTINGS = MlpRun(corpus="any", embedding="any", length=5, hidden=16, epochs=40, learning_rate=0.01, batch_size=16)
WORDS = 15


@pytest.fixture
def corpus(tmp_path: Path) -> EncodedCorpus:
    return small_corpus(tmp_path / "corpus", "labelled", train=64)


def fitted(corpus: EncodedCorpus, seed: int = 1, one_hot: bool = False) -> Mlp:
    vectors = None if one_hot else np.random.default_rng(0).normal(size=(WORDS, 6)).astype(np.float32)
    network = build(SETTINGS, WORDS, vectors, 2, seed)
    train(network, corpus.split("train"), SETTINGS, seed)
    return network


@pytest.mark.parametrize("one_hot", [False, True])
def test_learns_its_training_texts(corpus: EncodedCorpus, one_hot: bool) -> None:
    split = corpus.split("train")
    found = probabilities(fitted(corpus, one_hot=one_hot), split)
    assert (found.argmax(axis=1) == split.labels).mean() > 0.95


def test_equal_seeds_equal_numbers(corpus: EncodedCorpus) -> None:
    split = corpus.split("test")
    first, again, other = (probabilities(fitted(corpus, seed), split) for seed in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_reads_the_last_words_and_pads_the_end(corpus: EncodedCorpus) -> None:
    network, split = fitted(corpus), corpus.split("test")
    found = probabilities(network, split, batch_size=3)
    for index in range(len(split)):
        words = split.document(index)[-5:].tolist()
        padded = torch.tensor([words + [0] * (5 - len(words))])
        assert found[index] == pytest.approx(network(padded).softmax(-1)[0].tolist(), abs=1e-6)


def test_starts_from_the_given_vectors_with_one_weight_for_each_place() -> None:
    vectors = np.arange(WORDS * 2, dtype=np.float32).reshape(WORDS, 2)
    network = build(SETTINGS, WORDS, vectors, 2, seed=1)
    assert network.embedding(torch.tensor([3])).tolist() == [vectors[3].tolist()]
    assert sum(weights.numel() for weights in network.parameters()) == WORDS * 2 + (5 * 2 + 1) * 16 + (16 + 1) * 2
