"""Columns of words and of figures, a row for each group of runs, and which of the figures are the best."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from rnnpipe.report.blocks import MISSING
from rnnpipe.report.read.groups import Group, Spread


@dataclass(frozen=True)
class Column:
    """A figure of metrics.json; `higher`: whether more is better, None where it is neither."""

    key: str
    heading: str
    digits: int
    higher: bool | None = None
    page_only: bool = False
    """Whether the Markdown leaves it out."""

    def text(self, group: Group) -> str:
        """Write the figure of a group with its spread; a count has neither decimals nor a spread."""
        spread = group.spread(self.key)
        if spread and self.digits == 0 and self.higher is None:
            return f"{spread.mean:,.0f}"
        return spread.text(self.digits) if spread else MISSING


@dataclass(frozen=True)
class Words:
    """A column that says something of a group of runs."""

    heading: str
    text: Callable[[Group], str]
    page_only: bool = False


def measured(columns: Iterable[Column], groups: Iterable[Group]) -> list[Column]:
    """Return the columns that have any figure."""
    groups = tuple(groups)
    return [column for column in columns if any(group.spread(column.key) for group in groups)]


def best_cells(
    groups: Sequence[Group], columns: Sequence[Column], first: int, families: Sequence[Hashable]
) -> frozenset[tuple[int, int]]:
    """Return row and column of the best figures, of each family of rows that differ as far as the table shows it.

    Parameters
    ----------
    groups : sequence of Group
        The rows.
    columns : sequence of Column
        The columns from number `first` of the table on.
    first : int
        How many columns stand before them.
    families : sequence
        For each row with which others it is compared: those on the same corpus, say.
    """
    found = set()
    for index, column in enumerate(columns):
        for family in dict.fromkeys(families):
            rows = [row for row, other in enumerate(families) if other == family]
            found |= {(row, first + index) for row in _best(groups, rows, column)}
    return frozenset(found)


def _best(groups: Sequence[Group], rows: Sequence[int], column: Column) -> list[int]:
    if column.higher is None:
        return []
    return best_rows({row: groups[row].spread(column.key) for row in rows}, column.digits, column.higher)


def best_rows(spreads: Mapping[int, Spread | None], digits: int, higher: bool = True) -> list[int]:
    """Return the rows with the best mean, rounded as the table shows it; none where all are equal."""
    values = {row: round(spread.mean, digits) for row, spread in spreads.items() if spread}
    if len(set(values.values())) < 2:
        return []
    target = max(values.values()) if higher else min(values.values())
    return [row for row, value in values.items() if value == target]
