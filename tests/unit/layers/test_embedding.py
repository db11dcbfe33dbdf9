import pytest
import torch

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.layers.embedding import OneHot, WordEmbedding


def test_filled_vectors_are_looked_up() -> None:
    embedding = WordEmbedding(4, 3)
    vectors = torch.arange(12.0).reshape(4, 3)
    embedding.fill(vectors)
    assert torch.equal(embedding(torch.tensor([[2, 0], [1, 3]])), vectors[torch.tensor([[2, 0], [1, 3]])])


def test_filling_keeps_vectors_frozen_or_trainable() -> None:
    for trainable in (False, True):
        embedding = WordEmbedding(4, 3, trainable)
        embedding.fill(torch.zeros(4, 3))
        assert embedding.weight.requires_grad is trainable


def test_vectors_of_another_size_are_refused() -> None:
    with pytest.raises(RnnpipeError, match=r"\(4, 2\) do not fit a network of \(4, 3\)"):
        WordEmbedding(4, 3).fill(torch.zeros(4, 2))


def test_one_hot_is_the_identity() -> None:
    ids = torch.tensor([[0, 2], [3, 3]])
    assert torch.equal(OneHot(4)(ids), torch.eye(4)[ids])
    assert not list(OneHot(4).parameters())


def test_no_words() -> None:
    assert OneHot(4)(torch.zeros(2, 0, dtype=torch.int64)).shape == (2, 0, 4)
    assert WordEmbedding(4, 3)(torch.zeros(2, 0, dtype=torch.int64)).shape == (2, 0, 3)
