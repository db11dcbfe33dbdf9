"""How scores are written: `metrics.json` and CSV tables, equal bytes for equal values."""

import csv
import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from rnnpipe.common.files import atomic_file, write_json

DIGITS = 4


def write_metrics(path: Path, metrics: Mapping[str, float]) -> None:
    """Write a flat JSON object, rounded to 4 decimals; a value that is not finite is left out, for JSON has no name for it."""
    write_json(path, {name: _rounded(value) for name, value in metrics.items() if math.isfinite(value)})


def write_table(path: Path, header: Sequence[str], rows: Iterable[Sequence[str | float]]) -> None:
    """Write a CSV file; without rows it has a header alone, so that a declared output always exists."""
    with atomic_file(path) as temporary, temporary.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows([_rounded(cell) for cell in row] for row in rows)


def write_lines(path: Path, lines: Iterable[str]) -> None:
    """Write lines of text."""
    with atomic_file(path) as temporary:
        temporary.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8", newline="\n")


def _rounded(value: str | float) -> str | float:
    return round(value, DIGITS) if isinstance(value, float) else value
