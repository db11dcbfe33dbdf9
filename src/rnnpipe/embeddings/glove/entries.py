"""The non-zero counts in the order of training: by blocks, so that threads share no row and rows stay in the cache."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import DTypeLike, NDArray

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.embeddings.glove.kernel import count_blocks, place_entries, weigh

FEWEST_CLASSES = 64
"""Enough blocks in a diagonal to keep many threads busy."""
ROWS_OF_A_CLASS = 1024
"""At most: of 100 numbers with their AdaGrad sums, in float32, they fill 0.9 MiB, a usual second-level cache."""
_PIECE = 2**20
"""Entries that one task of `arrange` weighs."""

Counts = Callable[[], Iterable[NDArray[np.void]]]
"""Gives the counts (dtype `cooccurrence.ENTRY`) shard by shard, and again when it is called again."""
Spread = Callable[..., Iterable[Any]]
"""`map`, or that of a pool of threads."""


@dataclass(frozen=True)
class Classes:
    """Words dealt into classes by id, so that each class has frequent and rare words.

    The rows of a class lie together in memory. Lying one class apart, as ids do, their distance would be a large power of
    two times a small number, and they would push each other out of the cache.
    """

    words: int
    """V."""

    @property
    def number(self) -> int:
        """How many classes: a power of two, fixed by the vocabulary."""
        return int(max(FEWEST_CLASSES, 1 << max(0, -(-self.words // ROWS_OF_A_CLASS) - 1).bit_length()))

    @property
    def rows(self) -> int:
        """Rows of one class; the last row of some classes belongs to no word."""
        return -(-self.words // self.number)

    @property
    def row_of(self) -> NDArray[np.int64]:
        """The row of each word, shape (V,)."""
        ids = np.arange(self.words)
        return ids % self.number * self.rows + ids // self.number


class Entries(NamedTuple):
    """The non-zero counts, block by block."""

    i: NDArray[np.uint32]
    """Row of the word."""
    j: NDArray[np.uint32]
    """Row of the context."""
    log_x: NDArray[Any]
    weight: NDArray[Any]
    """f(x)."""
    starts: NDArray[np.int64]
    """Shape (B² + 1,): block (a, b) of B classes is from starts[a * B + b] to the next."""


def arrange(
    counts: Counts, classes: Classes, x_max: float, alpha: float, dtype: DTypeLike = np.float32, spread: Spread = map
) -> tuple[Entries, NDArray[np.bool_]]:
    """Sort counts into blocks, and within a block as they come; compute log x and f(x).

    Takes 16 bytes for an entry, in float32, beside one shard of the counts.

    Parameters
    ----------
    counts : callable
        See `Counts`.
    classes : Classes
    x_max, alpha : float
        Of f(x) = min(1, (x / x_max) ** alpha).
    dtype : dtype, default=float32
    spread : callable, default=map
        Runs tasks.

    Returns
    -------
    entries : Entries
    seen : ndarray of shape (V,), dtype=bool
        Words that have entries.

    Raises
    ------
    RnnpipeError
        There are no counts, or counts of a word that is not among the V.
    """
    starts, seen = _blocks(counts, classes)
    number, free = int(starts[-1]), starts[:-1].copy()
    i, j = np.empty(number, dtype=np.uint32), np.empty(number, dtype=np.uint32)
    x, weight = np.empty(number, dtype=dtype), np.empty(number, dtype=dtype)
    for shard in counts():
        place_entries(shard, classes.number, classes.rows, free, i, j, x)

    def weigh_piece(start: int) -> None:
        piece = slice(start, start + _PIECE)
        weigh(x[piece], weight[piece], x.dtype.type(x_max), x.dtype.type(alpha))

    list(spread(weigh_piece, range(0, number, _PIECE)))
    return Entries(i, j, x, weight, starts), seen


def _blocks(counts: Counts, classes: Classes) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Return where blocks start, as in `Entries`, and which words have entries."""
    lengths = np.zeros(classes.number**2, dtype=np.int64)
    seen = np.zeros(classes.words, dtype=np.bool_)
    for shard in counts():
        if not count_blocks(shard, classes.number, lengths, seen):
            raise RnnpipeError(f"GloVe: counts of a word beyond the vocabulary's {classes.words}; give that of the counts")
    if not lengths.any():
        raise RnnpipeError("GloVe: no counts to learn from; give a larger corpus or vocabulary")
    return np.concatenate([[0], np.cumsum(lengths)]), seen
