"""GloVe: weighted least squares on the logarithm of co-occurrence counts (Pennington et al. 2014).

    J = sum over i, j of  1/2 f(X_ij) (e_i · w_j + b_i + c_j - log X_ij)²,    f(x) = min(1, (x / x_max)^alpha)

In the lecture's letters w_j is theta_j. f(0) = 0: words that never stand together teach nothing. Losses are J per entry.

AdaGrad as in Stanford's program: the sums of squares begin at 1 and take in the step, learning rate times gradient. The
biases' rate is 1: they soon hold how frequent a word is, and the vectors need not (with the vectors' rate for both,
WordSim-353 was 0.04 lower on 22 million words).

Words are dealt into B classes, and entries into B × B blocks by the classes of i and j. An epoch takes the B diagonals of that
table in a random order. The blocks of a diagonal share no row and no column: threads may take them in any order, and the
result is the same.

Examples
--------
>>> import numpy as np
>>> from rnnpipe.embeddings.counting.cooccurrence import ENTRY
>>> from rnnpipe.embeddings.glove.fit import fit_glove
>>> from rnnpipe.params import GloVeRun
>>> counts = np.array([(0, 1, 2.5), (1, 0, 2.5), (1, 2, 0.5), (2, 1, 0.5)], dtype=ENTRY)
>>> fit = fit_glove(lambda: [counts], 3, GloVeRun(corpus="tiny", dimension=2, epochs=10), seed=1)
>>> fit.word.shape, fit.losses[-1] < fit.losses[0]
((3, 2), True)
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from math import isqrt
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.common.seeds import derive_seed
from rnnpipe.embeddings.glove.entries import Classes, Counts, Entries, Spread, arrange
from rnnpipe.embeddings.glove.kernel import train_blocks
from rnnpipe.embeddings.glove.state import State, initial_side, load_state, save_state
from rnnpipe.embeddings.vectors import Matrix, complete, subset
from rnnpipe.params import GloVeRun
from rnnpipe.text.vocabulary import Vocabulary

logger = logging.getLogger(__name__)

TASKS_OF_A_THREAD = 4
"""In a diagonal: more than one, so that a thread that was held up leaves its work to others."""
ENTRIES_OF_A_TASK = 4096
"""About: handing over fewer takes longer than training on them."""


@dataclass(frozen=True)
class GloVeFit:
    """Trained vectors in both roles."""

    word: NDArray[Any]
    """e, shape (V, E)."""
    context: NDArray[Any]
    """w, shape (V, E)."""
    losses: list[float]
    """Mean loss of an entry in each epoch, each taken before its own update."""
    seen: NDArray[np.bool_]
    """Shape (V,): words that have counts; the vectors of others are as they were drawn."""


def word_vectors(fit: GloVeFit, vocabulary: Vocabulary, run: GloVeRun) -> tuple[Vocabulary, Matrix, dict[str, Matrix]]:
    """Return the words that have counts and their vectors, ready for `save_vectors`.

    Returns
    -------
    vocabulary : Vocabulary
        Of the N words that have counts, and the reserved tokens.
    vectors : ndarray of shape (N, E) or (N, 2E), dtype=float32
        As `run.vectors` says: (e + w) / 2, e, w, or both one after the other.
    parts : dict of str to ndarray of shape (N, E), dtype=float32
        `word` is e, `context` is w.
    """
    e, w = fit.word[fit.seen], fit.context[fit.seen]
    parts = {"word": complete(e), "context": complete(w)}
    if run.vectors == "mean":
        vectors = complete((e + w) / 2)
    elif run.vectors == "concat":
        vectors = complete(np.hstack([e, w]))
    else:
        vectors = parts[run.vectors]
    return subset(vocabulary, fit.seen), vectors, parts


def fit_glove(
    counts: Counts,
    vocabulary_size: int,
    run: GloVeRun,
    seed: int,
    threads: int = 1,
    checkpoint: Path | None = None,
    dtype: DTypeLike = np.float32,
) -> GloVeFit:
    """Fit vectors to counts.

    Parameters
    ----------
    counts : callable
        Returns an iterable of shards, ndarray with dtype=cooccurrence.ENTRY and each x above 0; is called twice.
        `partial(read_entries, directory)` for counts on disk.
    vocabulary_size : int
        V; words are numbered from 0.
    run : GloVeRun
        All fields but `corpus`, `vectors` and `seed` are read.
    seed : int
        Of the first vectors and the order. Equal seeds give equal bytes on one kind of processor.
    threads : int, default=1
        Does not change the result.
    checkpoint : Path, default=None
        File that is written after each epoch, and from which the training goes on if it is there; must be of the same
        training: see `common.checkpoints`.
    dtype : dtype, default=float32

    Raises
    ------
    RnnpipeError
        There are no counts; the loss is not a finite number any more; the checkpoint is damaged.
    """
    classes = Classes(vocabulary_size)
    state = _starting_state(classes, run, seed, checkpoint, dtype)
    with _workers(threads) as spread:
        entries, seen = arrange(counts, classes, run.x_max, run.alpha, dtype, spread)
        for epoch in range(len(state.losses) + 1, run.epochs + 1):
            state.losses.append(_train_epoch(entries, state, run, seed, epoch, threads, spread))
            logger.info("epoch %d of %d: loss %.6f", epoch, run.epochs, state.losses[-1])
            if checkpoint:
                save_state(checkpoint, state)
    e, w = (side.vectors[classes.row_of, : run.dimension] for side in (state.word, state.context))
    return GloVeFit(e, w, state.losses, seen)


def _starting_state(classes: Classes, run: GloVeRun, seed: int, checkpoint: Path | None, dtype: DTypeLike) -> State:
    """Return the state that the checkpoint holds, or one drawn from the seed."""
    rng = np.random.default_rng(derive_seed(seed, "initial"))
    rows = classes.number * classes.rows
    word, context = (initial_side(rng, classes.row_of, rows, run.dimension, dtype) for _ in range(2))
    state = State(word, context, [])
    return load_state(checkpoint, state) if checkpoint and checkpoint.exists() else state


@contextmanager
def _workers(threads: int) -> Iterator[Spread]:
    """Yield a `map` that works on so many threads; compiled loops let others run meanwhile."""
    if threads == 1:
        yield map
    else:
        with ThreadPoolExecutor(threads) as pool:
            yield pool.map


def _train_epoch(entries: Entries, state: State, run: GloVeRun, seed: int, epoch: int, threads: int, spread: Spread) -> float:
    """Train on all entries once, in an order made from seed and epoch alone; return the mean loss."""
    classes = isqrt(len(entries.starts) - 1)
    losses = np.zeros((classes, classes))
    rate = state.word.vectors.dtype.type(run.learning_rate)
    worthwhile = max(1, len(entries.i) // (classes * ENTRIES_OF_A_TASK))
    number = min(classes, threads * TASKS_OF_A_THREAD, worthwhile)
    tasks = list(pairwise(np.linspace(0, classes, number + 1, dtype=np.int64).tolist()))
    order = np.random.default_rng(derive_seed(seed, "order", epoch)).permutation(classes)
    for step, diagonal in enumerate(order.tolist()):
        train = partial(train_blocks, entries, state.word, state.context, diagonal, rate, losses[step])
        list(spread(lambda task, train=train: train(*task), tasks))
        if not np.isfinite(losses[step].sum()):
            seen = sum(_entries_of(entries, classes, done) for done in order[: step + 1].tolist())
            raise RnnpipeError(
                f"GloVe: the loss is {losses[step].sum()} in epoch {epoch}, step {step + 1} of {classes}, {seen} of "
                f"{len(entries.i)} non-zeros seen; lower glove learning_rate ({run.learning_rate})"
            )
    return float(losses.sum()) / len(entries.i)


def _entries_of(entries: Entries, classes: int, diagonal: int) -> int:
    """Return how many entries the blocks of a diagonal have."""
    blocks = np.arange(classes) * classes + (np.arange(classes) + diagonal) % classes
    return int((entries.starts[blocks + 1] - entries.starts[blocks]).sum())
