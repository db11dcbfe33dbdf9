"""The texts that a command is asked about: its arguments, standard input, or a file; in batches, as they come."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import typer

from rnnpipe.cli.texts.arriving import Arriving, Stream
from rnnpipe.cli.texts.formats import Format, Given, format_of, parse
from rnnpipe.common.errors import RnnpipeError
from rnnpipe.common.escaping import escaped
from rnnpipe.corpora.lines import decode_lines

MOST = 4096
"""Texts of a batch."""
STANDARD_INPUT = "standard input"
HYPHEN = "-"
CURE = "name a file of texts with --file"


def given_batches(
    texts: list[str], file: Path | None = None, kind: Format | None = None, column: str | None = None
) -> Iterator[list[Given]]:
    """Yield the texts in batches: as many as are here at once, so that a slow writer is answered line by line.

    Parameters
    ----------
    texts : list of str
        Arguments. None, or a hyphen alone: standard input, unless there is a file.
    file : Path, optional
        A hyphen is standard input too.
    kind : Format, optional
        Of file or standard input; None: by the file's suffix, of standard input plain text.
    column : str, optional
        See `options.Column`.

    Raises
    ------
    RnnpipeError
        Texts of two sources, none at all, or a source that cannot be read: at once. A line that cannot be: behind the batch of
        those before it.
    """
    if texts and texts != [HYPHEN]:
        _refuse_two_sources(texts, file, kind, column)
        return _cut([Given(text, f"text {number}") for number, text in enumerate(texts, start=1)])
    if texts and file is not None:
        raise RnnpipeError("texts come from standard input (-) or from --file, not from both; leave one out")
    if file is None or str(file) == HYPHEN:
        return _read(_standard_input(bool(texts or file)), STANDARD_INPUT, kind or Format.TEXT, column)
    return _of_file(file, kind or format_of(file), column)


def _refuse_two_sources(texts: list[str], file: Path | None, kind: Format | None, column: str | None) -> None:
    if file is not None:
        raise RnnpipeError("texts come as arguments or from --file, not from both; leave one out")
    if HYPHEN in texts:
        raise RnnpipeError("- is standard input and stands alone, without other texts")
    if kind is not None or column is not None:
        raise RnnpipeError("--format and --column are of --file and standard input; arguments are plain texts")


def _cut(given: list[Given]) -> Iterator[list[Given]]:
    return (given[start : start + MOST] for start in range(0, len(given), MOST))


def _standard_input(asked_for: bool) -> Stream:
    if sys.stdin is None or sys.stdin.closed:
        raise RnnpipeError("standard input is closed; give texts as arguments, or --file")
    if sys.stdin.isatty() and not asked_for:
        raise RnnpipeError("no text; give texts as arguments, - to type them, a pipe, or --file")
    return cast(Stream, sys.stdin.buffer)


def _of_file(path: Path, kind: Format, column: str | None) -> Iterator[list[Given]]:
    name = escaped(str(path))
    if os.path.isdir(path) or not os.path.exists(path):  # of what no path can be, these only say no
        raise RnnpipeError(f"{name}: {'a folder' if os.path.isdir(path) else 'no such file'}; {CURE}")

    def batches() -> Iterator[list[Given]]:
        try:
            file = path.open("rb")
        except OSError as error:
            raise RnnpipeError(f"{name}: cannot be read ({error.strerror}); {CURE}") from None
        with file:
            yield from _read(file, name, kind, column)

    return batches()


def _read(stream: Stream, name: str, kind: Format, column: str | None) -> Iterator[list[Given]]:
    lines = Arriving(stream)
    batch: list[Given] = []
    is_empty = True
    try:
        for row in parse(decode_lines(lines, name), name, kind, column):
            batch.append(row)
            is_empty = False
            if lines.waits or len(batch) >= MOST:
                yield batch
                batch = []
    except (RnnpipeError, OSError) as error:
        if batch:
            yield batch
        if isinstance(error, RnnpipeError):
            raise
        raise RnnpipeError(f"{name}: cannot be read ({error.strerror}); {CURE}") from None
    if batch:
        yield batch
    if is_empty:
        typer.echo(f"{name}: no text in it", err=True)
