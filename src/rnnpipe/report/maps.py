"""A map of words as inline SVG: points with labels that keep out of each other's way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from typing import NamedTuple

from rnnpipe.report.charts import WIDTH, svg_of
from rnnpipe.report.scales import Scale, span

HEIGHT = 400
LETTER, LINE = 6.6, 13.0
"""Width of a letter and height of a line of a label, in pixels."""
RINGS = (0.0, 12.0, 24.0, 36.0)
"""How far further out a label may move where all places beside its point are taken."""


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
    x_scale = Scale(*span([x for _, x, _ in points]), 24, WIDTH - 64)
    y_scale = Scale(*span([y for _, _, y in points]), HEIGHT - 16, 16)
    spots = [(x_scale(x), y_scale(y)) for _, x, y in points]
    taken = [Box(x - 4, y - 4, x + 4, y + 4) for x, y in spots]
    lines, texts = [], []
    for (word, _, _), (x, y) in zip(points, spots, strict=True):
        label = min(_places(word, x, y), key=lambda place: _cost(place, taken))
        taken.append(label.box)
        where = f'x="{label.x:.1f}" y="{label.box.bottom - 3:.1f}" text-anchor="{label.anchor}"'
        texts.append(f'<text class="word" {where}>{escape(word)}</text>')
        if label.distance:
            end = f'x2="{label.x:.1f}" y2="{(label.box.top + label.box.bottom) / 2:.1f}"'
            lines.append(f'<line class="axis faint" x1="{x:.1f}" y1="{y:.1f}" {end}/>')
    dots = [f'<circle class="dot c0" cx="{x:.1f}" cy="{y:.1f}" r="3.5"/>' for x, y in spots]
    frame = f'<rect class="frame" x="1" y="1" width="{WIDTH - 2}" height="{HEIGHT - 2}" rx="6"/>'
    return svg_of([frame, *lines, *dots, *texts], "Words in the plane of the two largest principal components", HEIGHT)


def _places(word: str, x: float, y: float) -> Iterator[Label]:
    """Yield the places for a label: right, left, above, below and between these, near before far."""
    width = LETTER * len(word)
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
