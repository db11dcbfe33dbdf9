"""What a report is made of, independent of how it is written: sections of tables, figures, matrices and quotations."""

from __future__ import annotations

from dataclasses import dataclass

MISSING = "–"
"""Stands where there is no measurement."""


@dataclass(frozen=True)
class Table:
    """Rows of plain text under headings; escaping is the renderer's task."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: frozenset[int] = frozenset()
    """Columns that hold numbers and are set flush right."""
    states: int | None = None
    """Column that holds the verdict of a claim, shown as a badge; None: no such column."""
    caption: str = ""
    wide: bool = True
    """Whether it takes the whole width of the page."""


@dataclass(frozen=True)
class LegendEntry:
    """One line of a figure's legend: a CSS colour class of the page (`c0` … `c7`) and what it stands for."""

    colour: str
    label: str
    dashed: bool = False


@dataclass(frozen=True)
class Figure:
    """A drawing as SVG markup, in which all text is escaped already; left out of the Markdown."""

    svg: str
    title: str
    legend: tuple[LegendEntry, ...] = ()
    caption: str = ""


@dataclass(frozen=True)
class Matrix:
    """Counts with one row for each true class and one column for each predicted one, shaded by the share of the row."""

    title: str
    classes: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]
    caption: str = ""

    def share(self, row: int, column: int) -> float:
        """Return count / sum of the row, in [0, 1]; 0 for an empty row."""
        total = sum(self.counts[row])
        return self.counts[row][column] / total if total else 0.0


@dataclass(frozen=True)
class Quotes:
    """Lines of text that a model wrote or a corpus holds."""

    title: str
    lines: tuple[str, ...]
    caption: str = ""


Block = Table | Figure | Matrix | Quotes


@dataclass(frozen=True)
class PageSection:
    """A part of the report under one heading; `anchor` is its address within the page."""

    anchor: str
    title: str
    lead: str
    blocks: tuple[Block, ...]

    @property
    def tables(self) -> tuple[Table, ...]:
        """The tables, which are all that the Markdown shows."""
        return tuple(block for block in self.blocks if isinstance(block, Table))
