"""Line charts as inline SVG: text, so equal values are equal bytes, and coloured by the page's style."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

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


WIDTH, HEIGHT = 560, 320
LEFT, RIGHT, TOP, BOTTOM = 62, 14, 12, 44
COLOURS = 8
"""The page's style defines the colours `c0` … `c7`."""


@dataclass(frozen=True)
class Line:
    """One curve. `points` are (x, y); `faint` curves lie behind as context; `hint` shows under the pointer.

    Points that are not `joined` are drawn as dots alone.
    """

    points: tuple[tuple[float, float], ...]
    colour: str
    hint: str = ""
    faint: bool = False
    dashed: bool = False
    dots: bool = False
    joined: bool = True


def line_chart(
    lines: Sequence[Line],
    x_label: str,
    y_label: str,
    y_range: tuple[float, float] | None = None,
    logarithmic: bool = False,
    rule: tuple[float, str] | None = None,
    logarithmic_x: bool = False,
) -> str:
    """Draw curves over common axes.

    Parameters
    ----------
    lines : sequence of Line
        Drawn in this order, the faint ones first.
    x_label, y_label : str
        Quantity and unit. What stands along x is counted: epochs, words, steps.
    y_range : tuple of float, optional
        Lowest and highest y; None: what the points need.
    logarithmic : bool, default=False
        Whether y is drawn by its logarithm; points at or below zero are left out.
    rule : tuple, optional
        A horizontal reference line: its y and its name.
    logarithmic_x : bool, default=False
        Whether x too is drawn by its logarithm; points at or below zero are left out.
    """
    drawn = [line for line in lines if line.points]
    ys = [y for line in drawn for _, y in line.points] + ([rule[0]] if rule else [])
    low, high = y_range or span(ys, logarithmic)
    x_scale = Scale(*span([x for line in drawn for x, _ in line.points], logarithmic_x), LEFT, WIDTH - RIGHT, logarithmic_x)
    y_scale = Scale(low, high, HEIGHT - BOTTOM, TOP, logarithmic)
    parts = [_axes(x_scale, y_scale, x_label, y_label)]
    if rule:
        parts.append(_rule(y_scale(rule[0]), rule[1]))
    parts += [_curve(line, x_scale, y_scale) for line in sorted(drawn, key=lambda line: not line.faint)]
    return svg_of(parts, f"{y_label} against {x_label}")


def svg_of(parts: Sequence[str], description: str, height: int = HEIGHT) -> str:
    """Return a drawing of its parts, with a description for those who cannot see it."""
    head = f'<svg viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{escape(description)}">'
    return "\n".join([head, *parts, "</svg>"])


def _axes(x_scale: Scale, y_scale: Scale, x_label: str, y_label: str) -> str:
    bottom, right = HEIGHT - BOTTOM, WIDTH - RIGHT
    parts = []
    for value in y_scale.ticks():
        y = y_scale(value)
        parts.append(f'<line class="grid" x1="{LEFT}" x2="{right}" y1="{y:.1f}" y2="{y:.1f}"/>')
        parts.append(
            f'<text class="tick" x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{tick_label(value, y_scale.logarithmic)}</text>'
        )
    for value in x_scale.ticks(9, whole=True):
        x = x_scale(value)
        parts.append(f'<line class="axis" x1="{x:.1f}" x2="{x:.1f}" y1="{bottom}" y2="{bottom + 4}"/>')
        label = tick_label(value, x_scale.logarithmic)
        parts.append(f'<text class="tick" x="{x:.1f}" y="{bottom + 17}" text-anchor="middle">{label}</text>')
    middle = (TOP + bottom) / 2
    parts.append(f'<line class="axis" x1="{LEFT}" x2="{right}" y1="{bottom}" y2="{bottom}"/>')
    below = f'x="{(LEFT + right) / 2:.1f}" y="{HEIGHT - 6}" text-anchor="middle"'
    beside = f'x="12" y="{middle:.1f}" text-anchor="middle" transform="rotate(-90 12 {middle:.1f})"'
    parts += [f'<text class="name" {where}>{escape(name)}</text>' for where, name in ((below, x_label), (beside, y_label))]
    return "\n".join(parts)


def _rule(y: float, name: str) -> str:
    right = WIDTH - RIGHT
    line = f'<line class="rule" x1="{LEFT}" x2="{right}" y1="{y:.1f}" y2="{y:.1f}"/>'
    return f'{line}\n<text class="tick" x="{right}" y="{y - 5:.1f}" text-anchor="end">{escape(name)}</text>'


def _curve(line: Line, x_scale: Scale, y_scale: Scale) -> str:
    kept = [(x, y) for x, y in line.points if (x > 0 or not x_scale.logarithmic) and (y > 0 or not y_scale.logarithmic)]
    points = [(x_scale(x), y_scale(y)) for x, y in kept]
    if not points:
        return ""
    kind = "".join(f" {name}" for name in ("faint", "dashed") if getattr(line, name))
    title = f"<title>{escape(line.hint)}</title>" if line.hint else ""
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    style = f"{line.colour}{kind}"
    parts = [f'<polyline class="line {style}" points="{path}">{title}</polyline>'] if line.joined else []
    if line.dots or not line.joined or len(points) == 1:
        parts += [f'<circle class="dot {style}" cx="{x:.1f}" cy="{y:.1f}" r="2.6">{title}</circle>' for x, y in points]
    return "\n".join(parts)
