"""How answers are shown: lines of a table that no control character can break, or an object of JSON a line; in UTF-8."""

import json
import sys
from collections.abc import Iterable, Mapping
from typing import Any

import typer

TELLING = 3
"""Texts that are warned of one by one; the others are counted."""


def write_lines(lines: Iterable[str]) -> None:
    """Write lines to standard output, and pass them on at once."""
    _write("".join(f"{line}\n" for line in lines).encode())


def write_objects(objects: Iterable[Mapping[str, Any]]) -> None:
    """Write an object of JSON a line; what is not finite is null."""
    _write(b"".join(_json(one) + b"\n" for one in objects))


def _json(one: Mapping[str, Any]) -> bytes:
    from pydantic_core import PydanticSerializationError, to_json

    try:
        return to_json(one, inf_nan_mode="null")
    except PydanticSerializationError:  # half a character: the name of a file that is no UTF-8, say
        return json.dumps(one).encode()


def _write(content: bytes) -> None:
    sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()


class Unknown:
    """Says on standard error what a model did not know: at once where it knew nothing of a text, and at the end in all.

    Parameters
    ----------
    consequence : str, optional
        What it means that nothing was known: `the label is a guess`; None: nothing is said of single texts.
    """

    def __init__(self, consequence: str | None = None) -> None:
        self._consequence = consequence
        self._texts = self._guesses = self._words = self._unknown = 0

    def see(self, where: str, words: int, unknown: int) -> None:
        """Note how many words a text has, and how many of them are unknown."""
        self._texts, self._words, self._unknown = self._texts + 1, self._words + words, self._unknown + unknown
        if unknown == words and self._consequence is not None:
            self._guesses += 1
            if self._guesses <= TELLING:
                typer.echo(f"warning: {where}: no word of it is known; {self._consequence}", err=True)

    def tell(self) -> None:
        """Say how much was unknown, if anything was."""
        if self._guesses > TELLING:
            typer.echo(f"warning: no word known in {self._guesses:,} of {self._texts:,} texts; {self._consequence}", err=True)
        if self._unknown:
            typer.echo(f"unknown words: {self._unknown:,} of {self._words:,}", err=True)
