"""A table of words and features as inline SVG: predicted values as colour and number, the known ones below them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import NamedTuple

from rnnpipe.report.blocks import MISSING
from rnnpipe.report.charts import WIDTH, svg_of
from rnnpipe.report.groups import format_number

LEFT, TOP, ROW = 66, 24, 46
"""Pixels left of the cells for features, above them for words, and the height of a cell."""
STRONGEST = 60
"""Share of a colour in per cent at values of -1 and 1; at more than that the numbers in the cells would be hard to read."""
STEPS = 8
"""Cells of the scale below the table on each side of 0."""


class Cell(NamedTuple):
    """A feature of one word: what its vector predicts, and what is known, usually in [-1, 1]."""

    predicted: float
    known: float


def heat_map(words: Sequence[str], features: Sequence[str], cells: Mapping[tuple[str, str], Cell]) -> str:
    """Draw one row for each feature and one column for each word.

    Parameters
    ----------
    words, features : sequence of str
        Columns and rows, in this order.
    cells : mapping of (feature, word) to Cell
        A pair that is not there is drawn as a dash. The colour runs from the one of -1 over none at 0 to the one of 1, and
        values beyond are drawn as these.
    """
    width = (WIDTH - LEFT) / max(1, len(words))
    parts = []
    for column, word in enumerate(words):
        parts.append(_text("word", LEFT + (column + 0.5) * width, TOP - 9, word))
    for row, feature in enumerate(features):
        top = TOP + row * ROW
        parts.append(_text("name", LEFT - 8, top + ROW / 2 + 4, feature, "end"))
        for column, word in enumerate(words):
            parts.append(_cell(LEFT + column * width, top, width, cells.get((feature, word))))
    bottom = TOP + len(features) * ROW
    parts.append(_scale(bottom + 16))
    return svg_of(parts, "Features of words, predicted from their vectors", bottom + 44)


def _cell(x: float, y: float, width: float, cell: Cell | None) -> str:
    middle = x + width / 2
    if cell is None:
        return _text("tick", middle, y + ROW / 2 + 4, MISSING)
    hint = f"predicted {format_number(cell.predicted, 2)}, known {format_number(cell.known, 2)}"
    box = _box(x + 1, y + 1, width - 2, ROW - 2, cell.predicted, hint)
    number = _text("value", middle, y + 20, format_number(cell.predicted, 2))
    return "\n".join([box, number, _text("value known", middle, y + 36, f"({_plain(cell.known)})")])


def _box(x: float, y: float, width: float, height: float, value: float, hint: str = "") -> str:
    """Return a rectangle in the colour of a value."""
    share = STRONGEST * min(1.0, abs(value))
    place = f'x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}"'
    title = f"<title>{escape(hint)}</title>" if hint else ""
    return f'<rect class="heat {"above" if value > 0 else "below"}" style="--share: {share:.0f}%" {place}>{title}</rect>'


def _scale(y: float) -> str:
    """Return the scale of the colours, from -1 to 1."""
    width = (WIDTH - LEFT) / (2 * STEPS + 1)
    values = [step / STEPS for step in range(-STEPS, STEPS + 1)]
    boxes = [_box(LEFT + index * width, y, width, 10, value) for index, value in enumerate(values)]
    ends = ((0, -1.0), (STEPS, 0.0), (2 * STEPS, 1.0))
    return "\n".join([*boxes, *(_text("tick", LEFT + (index + 0.5) * width, y + 24, _plain(value)) for index, value in ends)])


def _text(kind: str, x: float, y: float, text: str, anchor: str = "middle") -> str:
    return f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>'


def _plain(value: float) -> str:
    """Write a value as shortly as it goes: −1, 0, 0.95."""
    return f"{value:g}".replace("-", "−")
