"""Numbers and tables on disk: metrics as JSON, rows as CSV, lines of text; one rule of rounding, equal bytes for equal values."""

import csv
import logging
import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from rnnpipe.common.files import atomic_file, write_json

logger = logging.getLogger(__name__)

DIGITS = 6
"""Significant digits of a written fraction."""

Row = dict[str, str]
"""Column → cell of one row that was read."""


def rounded(value: Any) -> Any:
    """Return a fraction with `DIGITS` significant digits; whole numbers and texts stay as they are."""
    return float(f"{value:.{DIGITS}g}") if isinstance(value, float) else value


def write_metrics(path: Path, metrics: Mapping[str, Any]) -> None:
    """Write metrics as JSON, fractions rounded; mappings may be nested.

    JSON has no name for what is not finite: it is written as null, which no report takes for a number, and told in the log.
    """
    write_json(path, _metrics(path, metrics, ""))


def write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[Any]], delimiter: str = ",") -> None:
    """Write a table, fractions rounded; without rows it has a header alone, so that a declared output always exists."""
    with atomic_file(path) as temporary, temporary.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=delimiter, lineterminator="\n")
        writer.writerow(header)
        writer.writerows([rounded(cell) for cell in row] for row in rows)


def read_csv(path: Path) -> list[Row]:
    """Return the rows of a table with a header; none if there is no such file."""
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write_lines(path: Path, lines: Iterable[str]) -> None:
    """Write lines of text."""
    with atomic_file(path) as temporary:
        temporary.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8", newline="\n")


def flatten(nested: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Return the leaves of nested mappings, each under the path to it, joined by dots; an empty mapping leaves nothing."""
    leaves: dict[str, Any] = {}
    for key, value in nested.items():
        leaves |= flatten(value, f"{prefix}{key}.") if isinstance(value, Mapping) else {f"{prefix}{key}": value}
    return leaves


def _metrics(path: Path, metrics: Mapping[str, Any], prefix: str) -> dict[str, Any]:
    written: dict[str, Any] = {}
    for name, value in metrics.items():
        if isinstance(value, Mapping):
            written[name] = _metrics(path, value, f"{prefix}{name}.")
        elif isinstance(value, float) and not math.isfinite(value):
            logger.warning("%s: %s%s is %s, written as null", path, prefix, name, value)
            written[name] = None
        else:
            written[name] = rounded(value)
    return written
