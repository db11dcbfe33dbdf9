"""CSV files that embedding stages write."""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

from rnnpipe.common.files import atomic_file


def write_table(path: Path, header: Sequence[str], rows: Iterable[Sequence[str | int | float]]) -> None:
    """Write a CSV file; fractions with six significant digits."""
    with atomic_file(path) as temporary, temporary.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        for row in rows:
            writer.writerow([f"{value:.6g}" if isinstance(value, float) else value for value in row])
