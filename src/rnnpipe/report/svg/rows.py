"""Rows of names with what belongs to each: figures as dots along one scale, and the words of a sentence with their tags."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rnnpipe.report.svg.canvas import BOLD, HEIGHT, LETTER, WIDTH, Scale, shortened, span, svg_of, text, tick_label, titled

BOTTOM, RIGHT = 40, 58


@dataclass(frozen=True)
class Row:
    """One figure with its spread, and another beside it that was measured elsewhere."""

    name: str
    value: float
    shown: str
    """The value as it is written."""
    deviation: float = 0.0
    beside: float | None = None
    strong: bool = False
    """Whether its name and value are set bold."""


def dot_chart(rows: Sequence[Row], label: str, rules: Sequence[tuple[float, str]] = ()) -> str:
    """Draw a dot for each row along a common scale, hollow ones for what stands `beside` it, and upright rules with names.

    Parameters
    ----------
    rows : sequence of Row
        From top to bottom; a dozen fill the usual height.
    label : str
        Quantity and unit.
    rules : sequence of tuple
        Reference values, each with its name.
    """
    top = 40 if rules else 8
    step = max(18.0, min(28.0, (HEIGHT - top - BOTTOM) / max(1, len(rows))))
    bottom = top + step * len(rows)
    left = LETTER * max((len(shortened(row.name)) for row in rows), default=0) + 16
    values = [value for row in rows for value in (row.value - row.deviation, row.value + row.deviation)]
    values += [row.beside for row in rows if row.beside is not None]
    x = Scale(*span([*values, *(value for value, _ in rules)]), left, WIDTH - RIGHT)
    parts = [_scale(x, top, bottom, label)]
    for index, (value, name) in enumerate(sorted(rules)):
        anchor = "end" if x(value) > (left + WIDTH - RIGHT) / 2 else "start"
        parts.append(f'<line class="rule" x1="{x(value):.1f}" x2="{x(value):.1f}" y1="{top - 4}" y2="{bottom:.1f}"/>')
        parts.append(text("tick", x(value) + (3 if anchor == "start" else -3), 12 + 13 * (index % 2), name, anchor))
    parts += [_row(row, x, top + (index + 0.5) * step) for index, row in enumerate(rows)]
    return svg_of(parts, label, bottom + BOTTOM)


def _scale(x: Scale, top: float, bottom: float, label: str) -> str:
    parts = []
    for value in x.ticks():
        parts.append(f'<line class="grid" x1="{x(value):.1f}" x2="{x(value):.1f}" y1="{top}" y2="{bottom:.1f}"/>')
        parts.append(text("tick", x(value), bottom + 16, tick_label(value), "middle"))
    parts.append(text("name", (x.start + x.end) / 2, bottom + 33, label, "middle"))
    return "\n".join(parts)


def _row(row: Row, x: Scale, y: float) -> str:
    strong = " strong" if row.strong else ""
    parts = [f'<line class="grid" x1="{x.start:.1f}" x2="{x(row.value):.1f}" y1="{y:.1f}" y2="{y:.1f}"/>']
    if row.deviation:
        ends = f'x1="{x(row.value - row.deviation):.1f}" x2="{x(row.value + row.deviation):.1f}"'
        parts.append(f'<line class="line c0" {ends} y1="{y:.1f}" y2="{y:.1f}"/>')
    if row.beside is not None:
        parts.append(f'<circle class="ring c1" cx="{x(row.beside):.1f}" cy="{y:.1f}" r="5">{titled(row.name)}</circle>')
    parts.append(f'<circle class="dot c0" cx="{x(row.value):.1f}" cy="{y:.1f}" r="4">{titled(row.name)}</circle>')
    parts.append(text(f"name{strong}", x.start - 10, y + 4, shortened(row.name), "end"))
    parts.append(text(f"value{strong}", WIDTH, y + 4, row.shown, "end"))
    return "\n".join(parts)


@dataclass(frozen=True)
class Tagged:
    """A sentence with the tags that each of several readers gave its words; the first reader is the truth."""

    words: tuple[str, ...]
    tags: tuple[tuple[str, ...], ...]
    """A row for each reader."""
    asked: int
    """Place of the word that it is about."""


NO_NAME = "no name"


def tag_strips(sentences: Sequence[Tagged], readers: Sequence[str]) -> str:
    """Draw each sentence with a strip below it for each reader; a tag that differs from the truth is marked as wrong.

    Below words that no reader takes for a name nothing is drawn, but for the one that is asked about.
    """
    left = LETTER * max((len(name) for name in readers), default=0) + 18
    block = HEIGHT / max(1, len(sentences))
    step = min(32.0, (block - 44) / max(1, len(readers)))
    parts: list[str] = []
    for index, sentence in enumerate(sentences):
        parts += _sentence(sentence, readers, left, index * block + 24, step)
    return svg_of(parts, "Sentences with the tags of each reader")


def _sentence(sentence: Tagged, readers: Sequence[str], left: float, top: float, step: float) -> list[str]:
    letters = sum(max(2, len(word)) for word in sentence.words)
    letter = min(8.0, (WIDTH - left - 8 * len(sentence.words)) / max(1, letters))
    parts = [text("name", 0, top + 12 + (row + 0.5) * step + 4, name) for row, name in enumerate(readers)]
    x = left
    for column, word in enumerate(sentence.words):
        width = letter * max(2, len(word))
        kind = "value strong" if column == sentence.asked else "tick" if column < sentence.asked else "value"
        parts.append(text(kind, x + width / 2, top, word, "middle"))
        tags = [row[column] for row in sentence.tags]
        if column == sentence.asked or any(tag != "O" for tag in tags):
            parts += [_tag(tag, tag == tags[0], x + width / 2, top + 12 + row * step, step) for row, tag in enumerate(tags)]
        x += width + 8
    return parts


def _tag(tag: str, right: bool, middle: float, top: float, step: float) -> str:
    shown = NO_NAME if tag == "O" else tag.split("-", 1)[-1]
    label = shown if right else f"{shown} ✗"
    width = BOLD * len(label) + 12
    state = "right" if right else "wrong"
    kind = f"tag {state}{' none' if tag == 'O' else ''}"
    box = f'x="{middle - width / 2:.1f}" y="{top + 2:.1f}" width="{width:.1f}" height="{step - 4:.1f}" rx="4"'
    return f'<rect class="{kind}" {box}/>' + text(f"tagged {state}", middle, top + step / 2 + 4, label, "middle")
