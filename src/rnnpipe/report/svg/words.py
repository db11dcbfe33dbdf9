"""Drawings of word vectors as inline SVG: a map whose labels keep out of each other's way, and a table of features in colour."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import NamedTuple

from rnnpipe.report.blocks import MISSING
from rnnpipe.report.read.groups import format_number
from rnnpipe.report.svg.canvas import LETTER, LINE, WIDTH, Scale, span, svg_of, text, titled

HEIGHT = 360
RINGS = (0.0, 12.0, 24.0, 36.0, 48.0)
"""How far further out a label may move where all places beside its point are taken."""


ROUNDS = 3
"""How often each label looks for its place."""


class Box(NamedTuple):
    """A rectangle in pixels, y downwards."""

    left: float
    top: float
    right: float
    bottom: float

    def overlap(self, other: Box) -> float:
        """Return the common area."""
        width = min(self.right, other.right) - max(self.left, other.left)
        height = min(self.bottom, other.bottom) - max(self.top, other.top)
        return max(0.0, width) * max(0.0, height)

    def outside(self) -> bool:
        """Tell whether a part lies outside the drawing."""
        return self.left < 0 or self.top < 0 or self.right > WIDTH or self.bottom > HEIGHT


class Label(NamedTuple):
    """A place for a word: its anchor point, `start`, `middle` or `end`, and what it covers."""

    x: float
    anchor: str
    box: Box
    distance: float
    """How much further out it stands than beside its point, in pixels."""


def word_map(points: Sequence[tuple[str, float, float]]) -> str:
    """Draw words at (x, y), each with its label beside it or tied to it by a line, where it hides the fewest others."""
    x_scale = Scale(*span([x for _, x, _ in points]), 16, WIDTH - 44)
    y_scale = Scale(*span([y for _, _, y in points]), HEIGHT - 16, 16)
    spots = [(x_scale(x), y_scale(y)) for _, x, y in points]
    labels = _labels([word for word, _, _ in points], spots)
    parts = []
    for (word, _, _), (x, y), label in zip(points, spots, labels, strict=True):
        dot = f'<circle class="dot c0" cx="{x:.1f}" cy="{y:.1f}" r="3"/>'
        name = text("word", label.x, label.box.bottom - 3, word, label.anchor)
        end = f'x2="{label.x:.1f}" y2="{(label.box.top + label.box.bottom) / 2:.1f}"'
        tie = f'<line class="axis faint" x1="{x:.1f}" y1="{y:.1f}" {end}/>' if label.distance else ""
        parts.append(f'<g data-word="{escape(word)}">{tie}{dot}{name}</g>')
    frame = f'<rect class="frame" x="0.5" y="0.5" width="{WIDTH - 1}" height="{HEIGHT - 1}" rx="4"/>'
    return svg_of([frame, *parts], "Words in the plane of the two largest principal components", HEIGHT)


def _labels(words: Sequence[str], spots: Sequence[tuple[float, float]]) -> list[Label]:
    """Return a place for each word; each looks round again once all have theirs, since the first knew of no others."""
    dots = [Box(x - 4, y - 4, x + 4, y + 4) for x, y in spots]
    labels: dict[int, Label] = {}
    for _ in range(ROUNDS):
        for index, (word, (x, y)) in enumerate(zip(words, spots, strict=True)):
            taken = [*dots, *(label.box for other, label in labels.items() if other != index)]
            labels[index] = min(_places(word, x, y), key=lambda place: _cost(place, taken))  # noqa: B023 - called at once
    return list(labels.values())


def _places(word: str, x: float, y: float) -> Iterator[Label]:
    """Yield the places for a label: right, left, above, below and between these, near before far."""
    width = LETTER * len(word) + 4
    for ring in RINGS:
        for across, down in ((1, 0), (-1, 0), (0, -1), (0, 1), (1, -1), (-1, -1), (1, 1), (-1, 1)):
            anchor, share = {1: ("start", 0.0), 0: ("middle", 0.5), -1: ("end", 1.0)}[across]
            label_x = x + across * ((7 if down == 0 else 4) + ring)
            middle = y + down * ((12 if across == 0 else 9) + ring)
            left = label_x - share * width
            yield Label(label_x, anchor, Box(left, middle - LINE / 2, left + width, middle + LINE / 2), ring)


def _cost(label: Label, taken: Sequence[Box]) -> float:
    """Return how bad a place is: pixels hidden, with a little for the distance and much for leaving the drawing."""
    return sum(label.box.overlap(box) for box in taken) + 0.3 * label.distance + 1e6 * label.box.outside()


LEFT, TOP, ROW = 66, 24, 46
"""Pixels left of the cells for features, above them for words, and the height of a cell."""
STRONGEST = 60
"""Share of a colour in per cent at values of -1 and 1; at more than that the numbers in the cells would be hard to read."""
STEPS = 8
"""Cells of the scale below the table on each side of 0."""


class FeatureCell(NamedTuple):
    """A feature of one word: what its vector predicts, and what is known, usually in [-1, 1]."""

    predicted: float
    known: float


def heat_map(words: Sequence[str], features: Sequence[str], cells: Mapping[tuple[str, str], FeatureCell]) -> str:
    """Draw one row for each feature and one column for each word.

    Parameters
    ----------
    words, features : sequence of str
        Columns and rows, in this order.
    cells : mapping of (feature, word) to FeatureCell
        A pair that is not there is drawn as a dash. The colour runs from the one of -1 over none at 0 to the one of 1, and
        values beyond are drawn as these.
    """
    width = (WIDTH - LEFT) / max(1, len(words))
    parts = []
    for column, word in enumerate(words):
        parts.append(text("word", LEFT + (column + 0.5) * width, TOP - 9, word, "middle"))
    for row, feature in enumerate(features):
        top = TOP + row * ROW
        parts.append(text("name", LEFT - 8, top + ROW / 2 + 4, feature, "end"))
        for column, word in enumerate(words):
            parts.append(_cell(LEFT + column * width, top, width, cells.get((feature, word))))
    bottom = TOP + len(features) * ROW
    parts.append(_scale(bottom + 16))
    return svg_of(parts, "Features of words, predicted from their vectors", bottom + 44)


def _cell(x: float, y: float, width: float, cell: FeatureCell | None) -> str:
    middle = x + width / 2
    if cell is None:
        return text("tick", middle, y + ROW / 2 + 4, MISSING, "middle")
    hint = f"predicted {format_number(cell.predicted, 2)}, known {format_number(cell.known, 2)}"
    box = _box(x + 1, y + 1, width - 2, ROW - 2, cell.predicted, hint)
    number = text("value", middle, y + 20, format_number(cell.predicted, 2), "middle")
    return "\n".join([box, number, text("value known", middle, y + 36, f"({_plain(cell.known)})", "middle")])


def _box(x: float, y: float, width: float, height: float, value: float, hint: str = "") -> str:
    """Return a rectangle in the colour of a value."""
    share = STRONGEST * min(1.0, abs(value))
    place = f'x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}"'
    return f'<rect class="heat {"above" if value > 0 else "below"}" style="--share: {share:.0f}%" {place}>{titled(hint)}</rect>'


def _scale(y: float) -> str:
    """Return the scale of the colours, from -1 to 1."""
    width = (WIDTH - LEFT) / (2 * STEPS + 1)
    values = [step / STEPS for step in range(-STEPS, STEPS + 1)]
    boxes = [_box(LEFT + index * width, y, width, 10, value) for index, value in enumerate(values)]
    ends = ((0, -1.0), (STEPS, 0.0), (2 * STEPS, 1.0))
    return "\n".join(
        [*boxes, *(text("tick", LEFT + (index + 0.5) * width, y + 24, _plain(value), "middle") for index, value in ends)]
    )


def _plain(value: float) -> str:
    """Write a value as shortly as it goes: −1, 0, 0.95."""
    return f"{value:g}".replace("-", "−")
