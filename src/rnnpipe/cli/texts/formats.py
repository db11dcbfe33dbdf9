"""What the lines of a file hold: a text each, rows of a table, JSON objects, or the words of CoNLL."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from rnnpipe.common.errors import RnnpipeError

DOCUMENT = "-DOCSTART-"
REMARK = re.compile("# .* = ")
COLUMN = "text"
"""Of tables and JSON lines, where none is named."""


class Format(StrEnum):
    """Of a file of texts."""

    TEXT = "text"
    CSV = "csv"
    TSV = "tsv"
    JSONL = "jsonl"
    CONLL = "conll"


@dataclass(frozen=True, slots=True)
class Given:
    """A text that is asked about."""

    text: str | list[str]
    """Or its words, of CoNLL."""
    where: str
    """For messages: `text 3`, `reviews.csv:7`."""
    lines: list[str] = field(default_factory=list)
    """Of CoNLL: the lines of the file up to the sentence's last one, blank ones and marks of documents before it among them."""

    @property
    def is_text(self) -> bool:
        """False of what follows on the last sentence of CoNLL: blank lines, say."""
        return bool(self.text) or not self.lines

    @property
    def whole(self) -> str:
        """The text; of words, these joined by a space."""
        return self.text if isinstance(self.text, str) else " ".join(self.text)


def format_of(path: Path) -> Format:
    """Return the format that a file's suffix names; any other suffix is plain text."""
    suffix = path.suffix.lower().removeprefix(".")
    return Format(suffix) if suffix in set(Format) else Format.TEXT


def parse(lines: Iterator[str], name: str, kind: Format, column: str | None) -> Iterator[Given]:
    """Yield what a file holds; a blank line of plain text is a text too, so that answers stand beside lines.

    Parameters
    ----------
    lines : iterator of str
        Without their ends.
    name : str
        Of the file, for messages.
    kind : Format
    column : str, optional
        See `options.Column`; None: the default.

    Raises
    ------
    RnnpipeError
        A broken row, or one without the column: file:line.
    """
    if kind is Format.TEXT:
        return (Given(line, f"{name}:{number}") for number, line in enumerate(lines, start=1))
    if kind is Format.CONLL:
        return _sentences(lines, name, _place(column))
    return _rows(lines, name, kind, column or COLUMN)


def _rows(lines: Iterator[str], name: str, kind: Format, column: str) -> Iterator[Given]:
    from rnnpipe.corpora.rows import read_rows

    for row in read_rows(lines, name, kind.value, [column], "name it with --column"):
        yield Given(row.fields[column], row.where)


def _place(column: str | None) -> int:
    if column is None:
        return 0
    if not re.fullmatch("[0-9]{1,4}", column):
        raise RnnpipeError(f"--column: of CoNLL it is a number, from 0, not {column!r}")
    return int(column)


def _sentences(lines: Iterator[str], name: str, column: int) -> Iterator[Given]:
    """Yield a sentence for each run of lines with words; what follows on the last one is a sentence without words."""
    from rnnpipe.corpora.conll import SEPARATORS

    words, found, first = list[str](), list[str](), 1
    separator: re.Pattern[str] | None = None
    for number, line in enumerate(lines, start=1):
        if is_word_line(line):
            separator = separator or SEPARATORS["tab" if "\t" in line else "whitespace"]
            words.append(_word(separator.split(line.strip(" ")), column, f"{name}:{number}"))
        elif words:
            yield Given(words, f"{name}:{first}", found)
            words, found = [], []
        if not words:
            first = number + 1
        found.append(line)
    if found:
        yield Given(words, f"{name}:{first}", found)


def is_word_line(line: str) -> bool:
    """Tell whether a line of CoNLL holds a word: it is neither blank, nor marks a document, nor says `# key = value`."""
    return bool(line.strip(" \t")) and not line.startswith(DOCUMENT) and not REMARK.match(line)


def _word(fields: list[str], column: int, where: str) -> str:
    if column >= len(fields) or not fields[column]:
        raise RnnpipeError(f"{where}: no word in column {column}; the line has {len(fields)}; name the words' one by --column")
    return fields[column]
