"""What came out, on a few lines of a terminal."""

import re
from collections.abc import Iterator
from itertools import takewhile
from pathlib import Path

import typer

from rnnpipe.cli.columns import show_table
from rnnpipe.common.errors import RnnpipeError

RESULTS = Path("reports/results.md")
SHOWN = ("task", "corpus", "chosen run", "score", "validation", "test")
"""Columns of the table of chosen runs."""


def show_results() -> None:
    """Print how many claims hold, where there are any, and the best run of each task and corpus; and where to read on."""
    if not RESULTS.exists():
        raise RnnpipeError(f"{RESULTS}: no such file; `make run` writes it")
    page = RESULTS.read_text(encoding="utf-8")
    summary = page.partition("\n## ")[0].partition("\n")[2].strip()
    if summary:
        typer.echo(f"{summary}\n")
    headings, *rows = list(_first_table(page.partition("\n## Runs\n")[2])) or [[]]
    if "chosen run" in headings:
        places = [headings.index(name) for name in SHOWN if name in headings]
        show_table([headings[place] for place in places], [[row[place] for place in places] for row in rows], SHOWN[-2:])
        typer.echo("")
    typer.echo("All runs: rnnpipe runs    The report: reports/index.html    In MLflow: make ui")


def _first_table(text: str) -> Iterator[list[str]]:
    """Yield the cells of each row of the first table of a Markdown text, its headings first."""
    lines = text.splitlines()
    start = next((number for number, line in enumerate(lines) if line.startswith("|")), len(lines))
    for line in takewhile(lambda line: line.startswith("|"), lines[start:]):
        cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        if not all(re.fullmatch(r":?-+:?", cell) for cell in cells):
            yield [re.sub(r"\\(\W|_)", r"\1", cell).replace("**", "") for cell in cells]
