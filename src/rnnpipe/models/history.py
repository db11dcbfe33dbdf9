"""The history of a training: a row for each epoch, and which of them was kept."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path

from rnnpipe.common.tables import read_csv, write_csv
from rnnpipe.params import Selection

History = list[dict[str, float]]
"""Each row: epoch (from 1), step (optimizer steps so far), train_loss, validation_loss (nats), the task's scores of both."""


def best_row(history: Sequence[Mapping[str, float]], selection: Selection) -> Mapping[str, float] | None:
    """Return the row with the best score of the selection, of equals that of the lowest loss, of these the first.

    None where no row has the score as a number.
    """
    scored = [row for row in history if math.isfinite(row.get(selection.column, math.nan))]
    sign = -1 if selection.higher_is_better else 1
    return min(scored, key=lambda row: (sign * row[selection.column], row.get("validation_loss", 0.0)), default=None)


def write_history(path: Path, history: Sequence[Mapping[str, float]]) -> None:
    """Write history.csv; columns stand in the order of their first appearance, a missing number is left empty."""
    columns = list(dict.fromkeys(column for row in history for column in row))
    write_csv(path, columns, [[row.get(column, "") for column in columns] for row in history])


def read_history(path: Path) -> History:
    """Return the rows of a history.csv, empty cells left out; none if there is no such file."""
    return [{name: float(cell) for name, cell in row.items() if cell} for row in read_csv(path)]
