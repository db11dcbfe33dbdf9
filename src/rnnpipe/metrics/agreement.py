"""Minimal pairs: whether a language model prefers the right word, and how far back the reason may lie.

"The dogs in the park sleep" against "The dogs in the park sleeps" (Linzen et al. 2016): one prefix, two words, one of them right.
"""

import csv
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rnnpipe.common.errors import RnnpipeError

LONG_DISTANCE = 20
"""Tokens from which a dependency counts as long."""
HEADER = ("distance", "prefix", "good", "bad")


@dataclass(frozen=True)
class MinimalPair:
    """A prefix and two words that could follow it."""

    distance: int
    """Tokens between the word that decides and the one that is decided."""
    prefix: tuple[str, ...]
    good: str
    bad: str


@dataclass(frozen=True)
class PairAccuracy:
    """How often the right word was preferred, in percent."""

    distance: int
    pairs: int
    accuracy: float


Score = Callable[[Sequence[MinimalPair]], NDArray[np.floating]]
"""Pairs → log-probabilities of shape (pairs, 2): of `good` and of `bad` after the prefix."""


def read_pairs(path: Path) -> list[MinimalPair]:
    """Read `pairs.tsv`: a header, then distance, prefix (words parted by spaces), good and bad word, parted by tabs."""
    with path.open(encoding="utf-8", newline="") as file:
        lines = list(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    if not lines or tuple(lines[0]) != HEADER:
        raise RnnpipeError(f"{path}:1: the first line must be the header {' '.join(HEADER)}, parted by tabs")
    pairs = []
    for number, line in enumerate(lines[1:], start=2):
        if len(line) != len(HEADER) or not line[0].isdecimal():
            raise RnnpipeError(f"{path}:{number}: a pair has a whole number and three texts, parted by tabs, not {line}")
        pairs.append(MinimalPair(int(line[0]), tuple(line[1].split()), line[2], line[3]))
    return pairs


def pair_accuracy_by_distance(pairs: Sequence[MinimalPair], score: Score, batch_size: int = 256) -> list[PairAccuracy]:
    """Return one row for each distance, the shortest first.

    A tie counts half, as a guess would: so does a pair of two words that the vocabulary lacks.

    Parameters
    ----------
    pairs : sequence of MinimalPair
        In any order.
    score : Score
        The language model; it gets at most `batch_size` pairs at a time, which have similar lengths.
    batch_size : int, default=256
        Changes the time and not the result.
    """
    ordered = sorted(pairs, key=lambda pair: (pair.distance, len(pair.prefix)))
    batches = [ordered[start : start + batch_size] for start in range(0, len(ordered), batch_size)]
    points = np.concatenate([_points(score(batch)) for batch in batches]) if batches else np.zeros(0)
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


def standard_error(share: float, count: int) -> float:
    """Return the standard error of a share of `count` independent trials, both in percent."""
    return math.sqrt(share * (100.0 - share) / count)


def _points(scores: NDArray[np.floating]) -> NDArray[np.float64]:
    """Return 1 where the good word is ahead, 0.5 for a tie, 0 else."""
    return 0.5 + 0.5 * np.sign(scores[:, 0].astype(np.float64) - scores[:, 1])
