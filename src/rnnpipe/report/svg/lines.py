"""Curves over common axes, each named at its end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rnnpipe.report.svg.canvas import BOLD, HEIGHT, LINE, WIDTH, Scale, apart, shortened, span, svg_of, text, tick_label, titled

LEFT, RIGHT, TOP, BOTTOM = 60, 14, 14, 44


@dataclass(frozen=True)
class Line:
    """One curve. `points` are (x, y); `faint` curves lie behind as context; `hint` shows under the pointer.

    Points that are not `joined` are drawn as dots alone.
    """

    points: tuple[tuple[float, float], ...]
    colour: str
    hint: str = ""
    label: str = ""
    """What stands at its end; empty: nothing."""
    faint: bool = False
    dashed: bool = False
    dots: bool = False
    joined: bool = True
    ring: float | None = None
    """x of a point with a ring around it."""


@dataclass(frozen=True)
class _Axes:
    x: Scale
    y: Scale

    def place(self, line: Line) -> list[tuple[float, float]]:
        """Return the pixels of a curve; what has no logarithm on a logarithmic axis is left out."""
        return [
            (self.x(x), self.y(y))
            for x, y in line.points
            if (x > 0 or not self.x.logarithmic) and (y > 0 or not self.y.logarithmic)
        ]


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
    named = [len(shortened(line.label)) for line in drawn if line.label]
    right = WIDTH - (BOLD * max(named) + 26 if named else RIGHT)
    x_scale = Scale(*span([x for line in drawn for x, _ in line.points], logarithmic_x), LEFT, right, logarithmic_x)
    axes = _Axes(x_scale, Scale(low, high, HEIGHT - BOTTOM, TOP, logarithmic))
    parts = [_axes(axes, x_label, y_label)]
    if rule:
        parts.append(_rule(axes, *rule))
    parts += [_curve(line, axes) for line in sorted(drawn, key=lambda line: not line.faint)]
    parts += _names([line for line in drawn if line.label], axes)
    return svg_of(parts, f"{y_label} against {x_label}")


def _axes(axes: _Axes, x_label: str, y_label: str) -> str:
    bottom, right = HEIGHT - BOTTOM, axes.x.end
    parts = []
    for value in axes.y.ticks():
        y = axes.y(value)
        parts.append(f'<line class="grid" x1="{LEFT}" x2="{right:.1f}" y1="{y:.1f}" y2="{y:.1f}"/>')
        parts.append(text("tick", LEFT - 7, y + 4, tick_label(value, axes.y.logarithmic), "end"))
    for value in axes.x.ticks(7, whole=True):
        x = axes.x(value)
        parts.append(f'<line class="axis" x1="{x:.1f}" x2="{x:.1f}" y1="{bottom}" y2="{bottom + 4}"/>')
        parts.append(text("tick", x, bottom + 17, tick_label(value, axes.x.logarithmic), "middle"))
    middle = (TOP + bottom) / 2
    parts.append(f'<line class="axis" x1="{LEFT}" x2="{right:.1f}" y1="{bottom}" y2="{bottom}"/>')
    parts.append(text("name", (LEFT + right) / 2, HEIGHT - 8, x_label, "middle"))
    parts.append(text("name", 10, middle, y_label, "middle", f' transform="rotate(-90 10 {middle:.1f})"'))
    return "\n".join(parts)


def _rule(axes: _Axes, value: float, name: str) -> str:
    y = axes.y(value)
    line = f'<line class="rule" x1="{LEFT}" x2="{axes.x.end:.1f}" y1="{y:.1f}" y2="{y:.1f}"/>'
    return line + "\n" + text("tick", axes.x.end, y + 14, name, "end")


def _curve(line: Line, axes: _Axes) -> str:
    points = axes.place(line)
    if not points:
        return ""
    style = line.colour + "".join(f" {name}" for name in ("faint", "dashed") if getattr(line, name))
    title = titled(line.hint)
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    parts = [f'<polyline class="line {style}" points="{path}">{title}</polyline>'] if line.joined else []
    if line.dots or not line.joined or len(points) == 1:
        parts += [f'<circle class="dot {style}" cx="{x:.1f}" cy="{y:.1f}" r="2.4">{title}</circle>' for x, y in points]
    parts += [
        f'<circle class="ring {style}" cx="{axes.x(x):.1f}" cy="{axes.y(y):.1f}" r="5.5">{title}</circle>'
        for x, y in line.points
        if x == line.ring
    ]
    return "\n".join(parts)


def _names(lines: Sequence[Line], axes: _Axes) -> list[str]:
    """Write the name of each curve at its right end, out of each other's way, tied to the end by a thin line."""
    ends = [(line, points[-1]) for line in lines if (points := axes.place(line))]
    places = apart([y for _, (_, y) in ends], LINE + 1, TOP + 2, HEIGHT - BOTTOM - 2)
    parts = []
    for (line, (x, y)), place in zip(ends, places, strict=True):
        start = axes.x.end + 16
        tie = f"M{x + 4:.1f} {y:.1f} H{axes.x.end + 3:.1f} L{start - 4:.1f} {place:.1f}"
        parts.append(f'<path class="tie {line.colour}" d="{tie}"/>')
        parts.append(text(f"end {line.colour}", start, place + 4, shortened(line.label)))
    return parts
