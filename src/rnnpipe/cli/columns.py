"""Tables for a terminal, at most as wide as it is; 80 columns in a file or a pipe."""

import sys
from collections.abc import Collection, Iterable, Sequence

import typer

WIDTH = 80


def show_table(headings: Sequence[str], rows: Iterable[Sequence[str]], numbers: Collection[str] = (), title: str = "") -> None:
    """Print a table; what does not fit goes on in the next line of its column.

    Parameters
    ----------
    headings : sequence of str
    rows : iterable of sequences of str
    numbers : collection of str
        Headings of the columns that are set flush right.
    title : str, default=""
        A line before it.
    """
    from rich.console import Console
    from rich.table import Table

    console = Console(highlight=False, markup=False, emoji=False, width=None if sys.stdout.isatty() else WIDTH)
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in headings:
        table.add_column(heading, justify="right" if heading in numbers else "left", overflow="fold")
    for row in rows:
        table.add_row(*row)
    with console.capture() as captured:
        if title:
            console.print(title, style="bold")
        console.print(table)
    for line in captured.get().splitlines():
        typer.echo(line.rstrip())
