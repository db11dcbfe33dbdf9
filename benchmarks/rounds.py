"""Contestants timed in turn, round by round: whatever else the machine does meets all of them alike."""

import statistics
from collections.abc import Callable, Mapping

Times = dict[str, list[float]]
"""Contestant → seconds in each round."""


def in_turn(contestants: Mapping[str, Callable[[], float]], rounds: int) -> Times:
    """Return what each contestant says that it took in each round, to and fro; a round before the first one warms up."""
    times: Times = {name: [] for name in contestants}
    for number in range(rounds + 1):
        order = list(contestants) if number % 2 else list(contestants)[::-1]
        for name in order:
            seconds = contestants[name]()
            if number:
                times[name].append(seconds)
    return times


def seconds(times: Times, name: str) -> float:
    """Return the median of a contestant."""
    return statistics.median(times[name])


def speedup(times: Times, name: str, over: str) -> float:
    """Return how many times as fast one contestant is as another: the median of the rounds' ratios."""
    return statistics.median(theirs / own for own, theirs in zip(times[name], times[over], strict=True))
