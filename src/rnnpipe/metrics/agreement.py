"""Minimal pairs: whether a language model prefers the word that agrees, and how far back the reason may lie.

"The dogs in the park sleep" against "The dogs in the park sleeps" (Linzen et al. 2016): one prefix, two words, one of them good.
"""

import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rnnpipe.text.pairs import UNKNOWN, EncodedPair

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
    """Return one row for each distance, the shortest first; of `pair_points`, whose parameters it has."""
    return accuracy_by_distance(pairs, pair_points(pairs, log_probabilities, batch_size))


def pair_points(pairs: Sequence[EncodedPair], log_probabilities: Continuations, batch_size: int = 256) -> NDArray[np.float64]:
    """Return for each pair 1 where the good continuation is ahead, 0 where the bad one is, shape (N,).

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
    points = np.zeros(len(pairs))
    order = sorted(range(len(pairs)), key=lambda number: (pairs[number].distance, len(pairs[number].prefix)))
    for start in range(0, len(order), batch_size):
        chosen = order[start : start + batch_size]
        points[chosen] = _points([pairs[number] for number in chosen], log_probabilities)
    return points


def accuracy_by_distance(pairs: Sequence[EncodedPair], points: NDArray[np.float64]) -> list[PairAccuracy]:
    """Return one row for each distance that somebody told, the shortest first."""
    distances = np.array([pair.distance for pair in pairs], dtype=np.int64)
    rows = []
    for distance in np.unique(distances[distances != UNKNOWN]):
        here = points[distances == distance]
        rows.append(PairAccuracy(int(distance), len(here), 100.0 * float(here.mean())))
    return rows


@dataclass(frozen=True)
class GroupAccuracy:
    """The pairs of one group with so many attractors."""

    group: str
    attractors: int
    """Or `UNKNOWN`."""
    pairs: int
    """That were asked."""
    skipped: int
    """Of which the vocabulary lacks the good word or the bad one."""
    accuracy: float
    """In percent; without pairs NaN."""


def accuracy_by_group(
    pairs: Sequence[EncodedPair], points: NDArray[np.float64], skipped: Sequence[EncodedPair] = ()
) -> list[GroupAccuracy]:
    """Return one row for each group and number of attractors, in their order.

    Parameters
    ----------
    pairs, points
        As `pair_points` takes and gives them.
    skipped : sequence of EncodedPair
        Others, which were not asked.
    """
    left_out = Counter((pair.group, pair.attractors) for pair in skipped)
    found: dict[tuple[str, int], list[float]] = {}
    for pair, point in zip(pairs, points.tolist(), strict=True):
        found.setdefault((pair.group, pair.attractors), []).append(point)
    rows = []
    for key in sorted({*found, *left_out}):
        here = found.get(key, [])
        rows.append(GroupAccuracy(*key, len(here), left_out[key], 100.0 * float(np.mean(here)) if here else math.nan))
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
