"""Line charts and labelled maps as inline SVG: text, so equal values are equal bytes, and coloured by the page's style."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import NamedTuple

from rnnpipe.report.scales import Scale, span, tick_label

WIDTH, HEIGHT = 560, 320
LEFT, RIGHT, TOP, BOTTOM = 58, 14, 12, 44
COLOURS = 8
"""The page's style defines the colours `c0` … `c7`."""


@dataclass(frozen=True)
class Line:
    """One curve. `points` are (x, y); `faint` curves lie behind as context; `hint` shows under the pointer."""

    points: tuple[tuple[float, float], ...]
    colour: str
    hint: str = ""
    faint: bool = False
    dashed: bool = False
    dots: bool = False


def line_chart(
    lines: Sequence[Line],
    x_label: str,
    y_label: str,
    y_range: tuple[float, float] | None = None,
    logarithmic: bool = False,
    rule: tuple[float, str] | None = None,
) -> str:
    """Draw curves over common axes.

    Parameters
    ----------
    lines : sequence of Line
        Drawn in this order, the faint ones first.
    x_label, y_label : str
        Quantity and unit.
    y_range : tuple of float, optional
        Lowest and highest y; None: what the points need.
    logarithmic : bool, default=False
        Whether y is drawn by its logarithm; points at or below zero are left out.
    rule : tuple, optional
        A horizontal reference line: its y and its name.
    """
    drawn = [line for line in lines if line.points]
    ys = [y for line in drawn for _, y in line.points] + ([rule[0]] if rule else [])
    low, high = y_range or span(ys, logarithmic)
    x_scale = Scale(*span([x for line in drawn for x, _ in line.points]), LEFT, WIDTH - RIGHT)
    y_scale = Scale(low, high, HEIGHT - BOTTOM, TOP, logarithmic)
    parts = [_axes(x_scale, y_scale, x_label, y_label)]
    if rule:
        parts.append(_rule(y_scale(rule[0]), rule[1]))
    parts += [_curve(line, x_scale, y_scale) for line in sorted(drawn, key=lambda line: not line.faint)]
    return _svg(parts, f"{y_label} against {x_label}")


def word_map(points: Sequence[tuple[str, float, float]]) -> str:
    """Draw words at (x, y), each with its label beside it where it hides the fewest others."""
    x_scale = Scale(*span([x for _, x, _ in points]), 24, WIDTH - 64)
    y_scale = Scale(*span([y for _, _, y in points]), HEIGHT - 16, 16)
    spots = [(x_scale(x), y_scale(y)) for _, x, y in points]
    taken = [Box(x - 4, y - 4, x + 4, y + 4) for x, y in spots]
    parts = [f'<rect class="frame" x="1" y="1" width="{WIDTH - 2}" height="{HEIGHT - 2}" rx="6"/>']
    parts += [f'<circle class="dot c0" cx="{x:.1f}" cy="{y:.1f}" r="4"/>' for x, y in spots]
    for (word, _, _), (x, y) in zip(points, spots, strict=True):
        label_x, anchor, box = _label(word, x, y, taken)
        taken.append(box)
        where = f'x="{label_x:.1f}" y="{box.bottom - 3:.1f}" text-anchor="{anchor}"'
        parts.append(f'<text class="word" {where}>{escape(word)}</text>')
    return _svg(parts, "Words in the plane of the two largest principal components")


class Box(NamedTuple):
    """A rectangle in pixels, y downwards."""

    left: float
    top: float
    right: float
    bottom: float


def _label(word: str, x: float, y: float, taken: Sequence[Box]) -> tuple[float, str, Box]:
    """Return x, anchor and rectangle of a label: right, left, above or below its point, where it overlaps least."""
    width, height = 7.4 * len(word), 14.0
    places = [(x + 7, "start", 0.0, y - 8), (x - 7, "end", 1.0, y - 8), (x, "middle", 0.5, y - 20), (x, "middle", 0.5, y + 6)]
    labels = [
        (label_x, anchor, Box(label_x - share * width, top, label_x + (1 - share) * width, top + height))
        for label_x, anchor, share, top in places
    ]
    return min(labels, key=lambda label: sum(_overlap(label[2], other) for other in taken) + _outside(label[2]))


def _overlap(a: Box, b: Box) -> float:
    return max(0.0, min(a.right, b.right) - max(a.left, b.left)) * max(0.0, min(a.bottom, b.bottom) - max(a.top, b.top))


def _outside(box: Box) -> float:
    """Return a penalty, larger than any overlap, for a label that leaves the drawing."""
    return 0.0 if box.left >= 0 and box.top >= 0 and box.right <= WIDTH and box.bottom <= HEIGHT else 1e6


def _svg(parts: Sequence[str], description: str) -> str:
    head = f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(description)}">'
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
    for value in x_scale.ticks(9):
        x = x_scale(value)
        parts.append(f'<line class="axis" x1="{x:.1f}" x2="{x:.1f}" y1="{bottom}" y2="{bottom + 4}"/>')
        parts.append(f'<text class="tick" x="{x:.1f}" y="{bottom + 17}" text-anchor="middle">{tick_label(value)}</text>')
    middle = (TOP + bottom) / 2
    parts.append(f'<line class="axis" x1="{LEFT}" x2="{right}" y1="{bottom}" y2="{bottom}"/>')
    below = f'x="{(LEFT + right) / 2:.1f}" y="{HEIGHT - 6}" text-anchor="middle"'
    beside = f'x="14" y="{middle:.1f}" text-anchor="middle" transform="rotate(-90 14 {middle:.1f})"'
    parts += [f'<text class="name" {where}>{escape(name)}</text>' for where, name in ((below, x_label), (beside, y_label))]
    return "\n".join(parts)


def _rule(y: float, name: str) -> str:
    right = WIDTH - RIGHT
    line = f'<line class="rule" x1="{LEFT}" x2="{right}" y1="{y:.1f}" y2="{y:.1f}"/>'
    return f'{line}\n<text class="tick" x="{right}" y="{y - 5:.1f}" text-anchor="end">{escape(name)}</text>'


def _curve(line: Line, x_scale: Scale, y_scale: Scale) -> str:
    points = [(x_scale(x), y_scale(y)) for x, y in line.points if not y_scale.logarithmic or y > 0]
    if not points:
        return ""
    kind = "".join(f" {name}" for name in ("faint", "dashed") if getattr(line, name))
    title = f"<title>{escape(line.hint)}</title>" if line.hint else ""
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    style = f"{line.colour}{kind}"
    parts = [f'<polyline class="line {style}" points="{path}">{title}</polyline>']
    if line.dots or len(points) == 1:
        parts += [f'<circle class="dot {style}" cx="{x:.1f}" cy="{y:.1f}" r="2.6">{title}</circle>' for x, y in points]
    return "\n".join(parts)
