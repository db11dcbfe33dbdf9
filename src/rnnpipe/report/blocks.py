"""What a report is made of, independent of how it is written: sections of tables, figures, matrices and quotations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

MISSING = "–"
"""Stands where there is no measurement."""


@dataclass(frozen=True, kw_only=True)
class Block:
    """Anything that has a title and a number of its own."""

    title: str
    caption: str = ""
    """What to see in it, and how to read it."""
    claims: tuple[str, ...] = ()
    """Claims of the lecture that rest on it."""
    label: str = ""
    """`Figure 3`; empty until the page is put together (`outline`)."""
    anchor: str = ""
    """Its address within the page, made from its title; empty until then."""


@dataclass(frozen=True, kw_only=True)
class Table(Block):
    """Rows of plain text under headings; escaping is the renderer's task."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: frozenset[int] = frozenset()
    """Columns that hold numbers and are set flush right."""
    best: frozenset[tuple[int, int]] = frozenset()
    """Cells, by row and column, that hold the best value of those that they compare with."""
    page_only: frozenset[int] = frozenset()
    """Columns that the Markdown leaves out: a terminal is not as wide as a page."""
    wide: bool = True
    """Whether it takes the whole width of the page."""


@dataclass(frozen=True, kw_only=True)
class Figure(Block):
    """A drawing as SVG markup, in which all text is escaped already; left out of the Markdown."""

    svg: str


@dataclass(frozen=True, kw_only=True)
class Matrix(Block):
    """Counts with one row for each true class and one column for each predicted one, shaded by the share of the row."""

    classes: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]

    def share(self, row: int, column: int) -> float:
        """Return count / sum of the row, in [0, 1]; 0 for an empty row."""
        total = sum(self.counts[row])
        return self.counts[row][column] / total if total else 0.0


@dataclass(frozen=True, kw_only=True)
class Quotes(Block):
    """Lines of text that a model wrote or a corpus holds."""

    lines: tuple[str, ...]


@dataclass(frozen=True)
class Fold:
    """Blocks much like one that is shown, out of sight until somebody opens them; the Markdown shows their tables."""

    summary: str
    blocks: tuple[Block, ...]


NAMED = 12
"""Names that stand on what is folded."""


def fold(what: str, blocks: Iterable[Block], names: Iterable[str]) -> tuple[Fold, ...]:
    """Put blocks away under `Maps of 3 others: cbow, glove, …`; nothing of none."""
    kept, listed = tuple(blocks), list(names)
    if not kept:
        return ()
    shown = ", ".join([*listed[:NAMED], *(["…"] if len(listed) > NAMED else [])])
    return (Fold(f"{what} of {len(kept)} other{'s' if len(kept) > 1 else ''}: {shown}", kept),)


@dataclass(frozen=True)
class PageSection:
    """A part of the report under one heading; `anchor` is its address within the page."""

    anchor: str
    title: str
    lead: str
    blocks: tuple[Block | Fold, ...]
    in_markdown: bool = True
    """Whether its tables stand in the Markdown too."""
    searched: bool = False
    """Whether it holds maps and lists of words, in which a reader may look for one."""

    def __iter__(self) -> Iterator[Block]:
        """Yield its blocks, those that are folded too, in the order of the page."""
        for block in self.blocks:
            if isinstance(block, Fold):
                yield from block.blocks
            else:
                yield block

    @property
    def tables(self) -> tuple[Table, ...]:
        """The tables, which are all that the Markdown shows."""
        return tuple(block for block in self if isinstance(block, Table))
