"""From word ids to vectors."""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from rnnpipe.common.errors import RnnpipeError


class WordEmbedding(nn.Module):
    """The matrix E of the lecture, a row for each word: looking up a row is E · o without the product.

    Parameters
    ----------
    vocabulary_size : int
        V.
    dimension : int
        Numbers in a word vector, E.
    trainable : bool, default=True
        Train the vectors with the network; False: keep them as they are.

    Attributes
    ----------
    sparse : bool
        Whether the gradient holds the rows of a batch's words alone. Not every optimizer takes that, so at first it does not.
    """

    def __init__(self, vocabulary_size: int, dimension: int, trainable: bool = True) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(vocabulary_size, dimension), requires_grad=trainable)
        self.sparse = False

    def fill(self, vectors: Tensor) -> None:
        """Take over the vectors (V, E), for instance pretrained ones; whether they are trainable stays as it was."""
        if vectors.shape != self.weight.shape:
            raise RnnpipeError(f"word vectors of shape {tuple(vectors.shape)} do not fit a network of {tuple(self.weight.shape)}")
        with torch.no_grad():
            self.weight.copy_(vectors)

    def forward(self, ids: Tensor) -> Tensor:
        """Return the vectors (..., E) of the ids (...)."""
        return F.embedding(ids, self.weight, sparse=self.sparse)


class OneHot(nn.Module):
    """Words as one-hot vectors: the identity as embedding, without the V x V matrix and with nothing to train."""

    def __init__(self, vocabulary_size: int) -> None:
        super().__init__()
        self.vocabulary_size = vocabulary_size

    def forward(self, ids: Tensor) -> Tensor:
        """Return the one-hot vectors (..., V), dtype=float32, of the ids (...)."""
        zeros = torch.zeros(*ids.shape, self.vocabulary_size, device=ids.device)
        return zeros.scatter_(-1, ids.unsqueeze(-1), 1.0)
