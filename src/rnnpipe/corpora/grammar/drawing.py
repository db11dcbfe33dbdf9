"""Random draws of known probability, the same on every machine and for every version of Python."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Sequence
from itertools import accumulate
from random import Random
from typing import Generic, TypeVar

T = TypeVar("T")


class Weighted(Generic[T]):
    """A finite distribution.

    Parameters
    ----------
    options : sequence
        What may be drawn, without repetition.
    weights : sequence of float, default=None
        Weight of each option, above 0; normalised to 1. None: all alike.
    """

    def __init__(self, options: Sequence[T], weights: Sequence[float] | None = None) -> None:
        weights = weights or [1.0] * len(options)
        total = sum(weights)
        self.options = list(options)
        self.probabilities = [weight / total for weight in weights]
        self._cumulative = list(accumulate(self.probabilities))[:-1]

    def draw(self, random: Random) -> T:
        """Return one option. Only `Random.random` is used, whose numbers Python promises never to change."""
        return self.options[bisect(self._cumulative, random.random())]

    def probability(self, option: T) -> float:
        """Return the probability of an option; 0 for anything else."""
        return self.probabilities[self.options.index(option)] if option in self.options else 0.0


def draw_uniform(random: Random, options: Sequence[T]) -> T:
    """Return one of the options, all alike."""
    return options[int(random.random() * len(options))]


def chance(random: Random, probability: float) -> bool:
    """Return True with the given probability."""
    return random.random() < probability
