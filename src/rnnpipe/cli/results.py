"""The table of all runs on a terminal."""

import sys
from pathlib import Path

from rnnpipe.common.errors import RnnpipeError

RESULTS = Path("reports/results.md")


def show_results() -> None:
    """Print how many claims hold, where there are any, and the tables of all runs, drawn on a terminal; and where to read on."""
    if not RESULTS.exists():
        raise RnnpipeError(f"{RESULTS}: no such file; `make run` writes it")
    page = RESULTS.read_text(encoding="utf-8")
    summary, runs = page.partition("\n## ")[0], page.partition("\n## Runs\n")[2].partition("\n## ")[0]
    text = summary + runs
    if sys.stdout.isatty():
        from rich.console import Console
        from rich.markdown import Markdown

        Console().print(Markdown(text))
    else:
        sys.stdout.write(text)
    sys.stdout.write("\nThe report: reports/index.html    Runs side by side in MLflow: make ui\n")
