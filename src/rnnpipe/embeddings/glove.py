"""GloVe: weighted least squares on the logarithm of co-occurrence counts (Pennington et al. 2014).

    J = sum over i, j of  1/2 f(X_ij) (e_i · w_j + b_i + c_j - log X_ij)²,    f(x) = min(1, (x / x_max)^alpha)

In the lecture's letters w_j is theta_j. f(0) = 0: words that never stand together teach nothing. AdaGrad as in Stanford's
program: the sums of squares begin at 1 and take in the step, learning rate times gradient. Losses are J per entry.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import DTypeLike, NDArray

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.embeddings.cooccurrence import Cooccurrence
from rnnpipe.embeddings.vectors import Matrix, complete, subset
from rnnpipe.params import GloVeRun
from rnnpipe.text.vocabulary import Vocabulary

logger = logging.getLogger(__name__)

BLOCKS = 128
"""Words are dealt into this many classes by id, entries into BLOCKS² blocks by the classes of i and j."""


class Side(NamedTuple):
    """The parameters of words in one role, as word or as context, and their AdaGrad sums."""

    vectors: NDArray[Any]
    """Shape (V, E)."""
    biases: NDArray[Any]
    """Shape (V,)."""
    vector_sums: NDArray[Any]
    bias_sums: NDArray[Any]

    @classmethod
    def initial(cls, rng: np.random.Generator, words: int, dimension: int, dtype: DTypeLike) -> Side:
        """Draw vectors and biases uniformly from ±1/(2E)."""
        drawn = ((rng.random((words, dimension + 1)) - 0.5) / dimension).astype(dtype)
        vectors, biases = np.ascontiguousarray(drawn[:, :-1]), np.ascontiguousarray(drawn[:, -1])
        return cls(vectors, biases, np.ones_like(vectors), np.ones_like(biases))


class Entries(NamedTuple):
    """The non-zero counts in the order of training."""

    i: NDArray[np.int32]
    j: NDArray[np.int32]
    log_x: NDArray[Any]
    weight: NDArray[Any]
    """f(x)."""
    starts: NDArray[np.int64]
    """Shape (BLOCKS² + 1,): block (a, b) is from starts[a * BLOCKS + b] to the next."""


@dataclass(frozen=True)
class GloVeFit:
    """Trained vectors in both roles, each of shape (V, E)."""

    word: NDArray[Any]
    context: NDArray[Any]
    losses: list[float]
    """Mean loss of an entry in each epoch, each taken before its own update."""


def word_vectors(fit: GloVeFit, source: Cooccurrence) -> tuple[Vocabulary, Matrix, dict[str, Matrix]]:
    """Return the words that have counts, their vectors (e + w) / 2 as in the lecture, and the parts `word` e and `context` w."""
    seen = np.zeros(len(source.vocabulary), dtype=np.bool_)
    for role in ("i", "j"):
        seen[source.entries[role]] = True
    parts = {"word": complete(fit.word[seen]), "context": complete(fit.context[seen])}
    return subset(source.vocabulary, seen), complete((fit.word[seen] + fit.context[seen]) / 2), parts


def arrange(counts: NDArray[np.void], x_max: float, alpha: float, dtype: DTypeLike = np.float32) -> Entries:
    """Sort counts (dtype `cooccurrence.ENTRY`) into blocks, and within a block as they come; compute log x and f(x)."""
    block = (counts["i"] % BLOCKS * BLOCKS + counts["j"] % BLOCKS).astype(np.uint16)
    order = np.argsort(block, kind="stable")
    x = counts["x"][order].astype(dtype)
    starts = np.concatenate([[0], np.cumsum(np.bincount(block, minlength=BLOCKS**2))])
    weight = np.minimum(1, (x / x_max) ** alpha)
    return Entries(counts["i"][order], counts["j"][order], np.log(x), weight, starts)


def fit_glove(
    counts: NDArray[np.void], vocabulary_size: int, run: GloVeRun, seed: int, dtype: DTypeLike = np.float32
) -> GloVeFit:
    """Fit vectors to counts.

    An epoch takes the diagonals of the table of blocks in a random order of its own. The blocks of a diagonal share no row
    and no column, and the rows of one block stay in the processor's cache.

    Parameters
    ----------
    counts : ndarray of shape (N,), dtype=cooccurrence.ENTRY
    vocabulary_size : int
        V.
    run : GloVeRun
    seed : int
        Of the first vectors and of the order. Equal seeds give equal bytes on one kind of processor.
    dtype : dtype, default=float32

    Raises
    ------
    RnnpipeError
        The loss is not a finite number any more; names the epoch.
    """
    rng = np.random.default_rng(seed)
    word = Side.initial(rng, vocabulary_size, run.dimension, dtype)
    context = Side.initial(rng, vocabulary_size, run.dimension, dtype)
    entries = arrange(counts, run.x_max, run.alpha, dtype)
    rate = word.vectors.dtype.type(run.learning_rate)
    losses = []
    for epoch in range(1, run.epochs + 1):
        loss = train_epoch(entries, rng.permutation(BLOCKS), word, context, rate) / len(counts)
        if not np.isfinite(loss):
            raise RnnpipeError(f"GloVe: the loss is {loss} in epoch {epoch}; lower glove learning_rate ({run.learning_rate})")
        logger.info("epoch %d of %d: loss %.6f", epoch, run.epochs, loss)
        losses.append(float(loss))
    return GloVeFit(word.vectors, context.vectors, losses)


@njit(fastmath={"reassoc", "contract"}, error_model="numpy")
def train_epoch(entries: Any, diagonals: Any, word: Any, context: Any, rate: Any) -> float:
    """Update both sides in place, entry by entry; return the sum of the losses. `rate` is of the vectors' dtype."""
    loss = 0.0
    for diagonal in diagonals:
        for a in range(BLOCKS):
            block = a * BLOCKS + (a + diagonal) % BLOCKS
            for n in range(entries.starts[block], entries.starts[block + 1]):
                i, j = entries.i[n], entries.j[n]
                e, w = word.vectors[i], context.vectors[j]
                e_sums, w_sums = word.vector_sums[i], context.vector_sums[j]
                error = word.biases[i] + context.biases[j] - entries.log_x[n]
                for k in range(len(e)):
                    error += e[k] * w[k]
                slope = entries.weight[n] * error  # dJ/d(e · w)
                loss += 0.5 * slope * error
                step = rate * slope
                for k in range(len(e)):
                    e_step, w_step = step * w[k], step * e[k]
                    e[k] -= e_step / np.sqrt(e_sums[k])
                    w[k] -= w_step / np.sqrt(w_sums[k])
                    e_sums[k] += e_step * e_step
                    w_sums[k] += w_step * w_step
                word.biases[i] -= step / np.sqrt(word.bias_sums[i])
                context.biases[j] -= step / np.sqrt(context.bias_sums[j])
                word.bias_sums[i] += step * step
                context.bias_sums[j] += step * step
    return loss
