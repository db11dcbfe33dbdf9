"""The canvas of every drawing: one size, scales, ticks and texts. All colours and letters are the page's (`style.css`)."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

WIDTH, HEIGHT = 480, 300
"""Pixels of a drawing; a page scales it, and at the width of a phone its letters can still be read."""
COLOURS = 8
"""The page's style defines the colours `c0` … `c7`, which the colour-blind can tell apart."""
LETTER, BOLD, LINE = 7.0, 7.7, 13.0
"""Width of a letter and of a bold one, on the safe side, and height of a line, in pixels."""
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


def apart(wanted: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Return places near the wanted ones, in the same order, at least `gap` apart and within [low, high] if they fit."""
    order = sorted(range(len(wanted)), key=lambda index: wanted[index])
    gap = min(gap, (high - low) / max(1, len(wanted) - 1))
    placed: dict[int, float] = {}
    least = low
    for index in order:
        placed[index] = max(wanted[index], least)
        least = placed[index] + gap
    most = high
    for index in reversed(order):
        placed[index] = min(placed[index], most)
        most = placed[index] - gap
    return [placed[index] for index in range(len(wanted))]


def shortened(name: str, letters: int = 22) -> str:
    """Return a name that fits beside a drawing."""
    return name if len(name) <= letters else name[: letters - 1] + "…"


def text(kind: str, x: float, y: float, words: str, anchor: str = "start", more: str = "") -> str:
    """Return words at a place; `kind` is a class of the page's style."""
    return f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{more}>{escape(words)}</text>'


def titled(hint: str) -> str:
    """Return what shows under the pointer; nothing of nothing."""
    return f"<title>{escape(hint)}</title>" if hint else ""


def svg_of(parts: Sequence[str], description: str, height: float = HEIGHT) -> str:
    """Return a drawing of its parts, with a description for those who cannot see it."""
    head = f'<svg viewBox="0 0 {WIDTH} {height:g}" role="img" aria-label="{escape(description)}">'
    return "\n".join([head, *parts, "</svg>"])


def _round_step(raw: float) -> float:
    """Return the smallest of 1, 2, 5 × 10^n that is not far below `raw`."""
    power = 10.0 ** math.floor(math.log10(raw))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= 0.8 * raw)
