"""95 % intervals of figures that were measured on a sample of texts."""

from __future__ import annotations

import math
from collections.abc import Callable
from statistics import NormalDist
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

LEVEL = 0.95
DRAWS = 1000
"""Samples of the bootstrap: the ends are then known to about a twentieth of the interval."""
SEED = 1


class Interval(NamedTuple):
    """Between which values a figure lies, in the figure's own unit."""

    low: float
    high: float


def wilson(percent: float, count: int) -> Interval:
    """Return Wilson's interval of a share (Wilson 1927), in percent, of a percentage of `count` cases; at least one."""
    z = NormalDist().inv_cdf(0.5 + LEVEL / 2)
    share = round(percent * count / 100) / count
    middle = (share + z * z / (2 * count)) / (1 + z * z / count)
    half = z / (1 + z * z / count) * math.sqrt(share * (1 - share) / count + z * z / (4 * count * count))
    return Interval(100 * max(0.0, middle - half), 100 * min(1.0, middle + half))


def bootstrap(counts: NDArray[np.int64], statistic: Callable[[NDArray[np.int64]], float]) -> Interval:
    """Return the percentile interval (Efron & Tibshirani 1993, chapter 13) of a figure of a sample of texts.

    Parameters
    ----------
    counts : ndarray of shape (U,)
        How many texts of the sample are of each of U kinds; texts are of one kind if they add the same to the figure.
    statistic : callable
        Such counts, of as many texts → the figure.
    """
    rng, total = np.random.default_rng(SEED), int(counts.sum())
    values = [statistic(rng.multinomial(total, counts / total)) for _ in range(DRAWS)]
    low, high = np.quantile(values, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Interval(float(low), float(high))
