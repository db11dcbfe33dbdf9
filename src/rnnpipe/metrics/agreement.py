"""Minimal pairs: whether a language model prefers the word that agrees, and how far back the reason may lie.

"The dogs in the park sleep" against "The dogs in the park sleeps" (Linzen et al. 2016): one prefix, two words, one of them good.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rnnpipe.text.pairs import EncodedPair

LONG_DISTANCE = 20
"""Tokens from which a dependency counts as long."""


@dataclass(frozen=True)
class PairAccuracy:
    """How often the good continuation was preferred, in percent."""

    distance: int
    pairs: int
    accuracy: float


Ids = NDArray[np.int64]
Continuations = Callable[[Sequence[Ids], Sequence[Ids]], NDArray[np.floating]]
"""Beginnings of a document and words behind them, as ids → log-probability of each text of words, shape (N,)."""


def pair_accuracy_by_distance(
    pairs: Sequence[EncodedPair], log_probabilities: Continuations, batch_size: int = 256
) -> list[PairAccuracy]:
    """Return one row for each distance, the shortest first.

    A tie counts half, as a guess would: so does a pair of two words that the vocabulary lacks.

    Parameters
    ----------
    pairs : sequence of EncodedPair
        In any order.
    log_probabilities : Continuations
        The language model; it gets at most `batch_size` pairs at a time, which have similar lengths.
    batch_size : int, default=256
        Changes the time and not the result.
    """
    ordered = sorted(pairs, key=lambda pair: (pair.distance, len(pair.prefix)))
    batches = [ordered[start : start + batch_size] for start in range(0, len(ordered), batch_size)]
    points = np.concatenate([_points(batch, log_probabilities) for batch in batches]) if batches else np.zeros(0)
    distances = np.array([pair.distance for pair in ordered])
    rows = []
    for distance in np.unique(distances):
        here = points[distances == distance]
        rows.append(PairAccuracy(int(distance), len(here), 100.0 * float(here.mean())))
    return rows


def total_accuracy(rows: Sequence[PairAccuracy], shortest: int = 0) -> float:
    """Return the accuracy of all pairs at a distance of at least `shortest`, in percent; without such pairs NaN."""
    kept = [row for row in rows if row.distance >= shortest]
    pairs = sum(row.pairs for row in kept)
    return sum(row.pairs * row.accuracy for row in kept) / pairs if pairs else math.nan


def standard_error(percent: float, count: int) -> float:
    """Return the standard error of a percentage of `count` independent trials, itself in percent."""
    return math.sqrt(percent * (100.0 - percent) / count)


def _points(pairs: Sequence[EncodedPair], log_probabilities: Continuations) -> NDArray[np.float64]:
    """Return 1 where the good continuation is ahead, 0.5 for a tie, 0 else."""
    prefixes = [pair.prefix for pair in pairs]
    good = log_probabilities(prefixes, [pair.good for pair in pairs])
    bad = log_probabilities(prefixes, [pair.bad for pair in pairs])
    same = np.array([np.array_equal(pair.good, pair.bad) for pair in pairs])  # to the system two unknown words are one
    return np.where(same, 0.5, 0.5 + 0.5 * np.sign(good - bad))
