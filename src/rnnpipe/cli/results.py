"""The table of all runs on a terminal."""

import sys
from pathlib import Path

from rnnpipe.common.errors import RnnpipeError

RESULTS = Path("reports/results.md")


def show_results() -> None:
    """Print `reports/results.md`, its tables drawn as such on a terminal, and where to read on."""
    if not RESULTS.exists():
        raise RnnpipeError(f"{RESULTS}: no such file; `make run` writes it")
    text = RESULTS.read_text(encoding="utf-8")
    if sys.stdout.isatty():
        from rich.console import Console
        from rich.markdown import Markdown

        Console().print(Markdown(text))
    else:
        sys.stdout.write(text)
    sys.stdout.write("\nThe report: reports/index.html    Runs side by side: rnnpipe ui\n")
