"""Axes of a drawing: from values to pixels, and where the ticks stand."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(frozen=True)
class Scale:
    """Maps values in [low, high] to pixels in [start, end], linearly or by their logarithm."""

    low: float
    high: float
    start: float
    end: float
    logarithmic: bool = False

    def __call__(self, value: float) -> float:
        """Return the pixel of a value; values outside the range are drawn at its edge."""
        clipped = min(max(value, self.low), self.high)
        share = (self._place(clipped) - self._place(self.low)) / (self._place(self.high) - self._place(self.low))
        return self.start + share * (self.end - self.start)

    def _place(self, value: float) -> float:
        return math.log10(value) if self.logarithmic else value

    def ticks(self, most: int = 6, whole: bool = False) -> list[float]:
        """Return at most about `most` round values within the range: powers of ten where logarithmic, no fractions if `whole`."""
        if self.logarithmic:
            first, last = math.ceil(math.log10(self.low) - 1e-9), math.floor(math.log10(self.high) + 1e-9)
            stride = max(1, math.ceil((last - first + 1) / most))
            return [10.0**power for power in range(first, last + 1, stride)]
        step = max(_round_step((self.high - self.low) / max(1, most - 1)), 1.0 if whole else 0.0)
        first, last = math.ceil(self.low / step - 1e-9), math.floor(self.high / step + 1e-9)
        return [round(index * step, 10) for index in range(first, last + 1)]


def span(values: Iterable[float], logarithmic: bool = False) -> tuple[float, float]:
    """Return (low, high) that hold all values and are never equal: whole decades where logarithmic, else 4 % of air."""
    finite = [value for value in values if math.isfinite(value) and (value > 0 or not logarithmic)]
    if not finite:
        return (0.1, 1.0) if logarithmic else (0.0, 1.0)
    low, high = min(finite), max(finite)
    if logarithmic:
        first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
        return 10.0**first, 10.0 ** max(last, first + 1)
    air = 0.04 * (high - low) or max(abs(high), 1.0) * 0.1
    return low - air, high + air


def tick_label(value: float, logarithmic: bool = False) -> str:
    """Write a tick shortly: 0.05, 20, 10⁻⁵."""
    if logarithmic:
        return "10" + str(round(math.log10(value))).translate(SUPERSCRIPTS)
    return f"{value:g}".replace("-", "−")


def _round_step(raw: float) -> float:
    """Return the smallest of 1, 2, 5 × 10^n that is not far below `raw`."""
    power = 10.0 ** math.floor(math.log10(raw))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= 0.8 * raw)
