"""Rows of text: of a table, CSV or TSV, or an object of JSON a line."""

import json
import re
from collections.abc import Iterable, Iterator, Sequence

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.corpora.delimited import Row, read_table

KINDS = ("csv", "tsv", "jsonl")


def read_rows(lines: Iterable[str], name: str, kind: str, needed: Sequence[str], cure: str) -> Iterator[Row]:
    """Yield the rows of a table or of JSON lines, all of them with the columns that are needed.

    Parameters
    ----------
    lines : iterable of str
        Without their ends.
    name : str
        What errors call their source.
    kind : str
        `csv`, `tsv` or `jsonl`.
    needed : sequence of str
        Columns.
    cure : str
        What to do where one is missing.

    Raises
    ------
    RnnpipeError
        A missing column, a row with too few or too many fields, broken JSON: file:line.
    """
    rows = _json_rows(lines, name) if kind == "jsonl" else read_table(lines, name, kind, needed, cure)
    return with_columns(rows, needed, cure)


def with_columns(rows: Iterable[Row], needed: Sequence[str], cure: str) -> Iterator[Row]:
    """Yield rows, and refuse one that lacks a column."""
    for row in rows:
        for column in needed:
            if column not in row.fields:
                raise RnnpipeError(f"{row.where}: no column {column!r}, but {', '.join(row.fields)}; {cure}")
        yield row


def _json_rows(lines: Iterable[str], name: str) -> Iterator[Row]:
    for number, line in enumerate(lines, start=1):
        if not line or line.isspace():
            continue
        where = f"{name}:{number}"
        try:
            record = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise RnnpipeError(f"{where}: broken JSON ({error}); each line holds one object") from None
        if not isinstance(record, dict):
            raise RnnpipeError(f'{where}: no JSON object; each line holds one, such as {{"text": …, "label": …}}')
        fields = {key: _plain(value) for key, value in record.items()}
        for column, value in fields.items():
            # JSON can escape what is no character: NUL, and half of a surrogate pair, which cannot be written again.
            if re.search("[\0\ud800-\udfff]", value):
                raise RnnpipeError(f"{where}: {column!r} holds a NUL or half a character (a lone surrogate); take it out")
        yield Row(where, fields)


def _plain(value: object) -> str:
    """Return a JSON value as a text: a string as it is, null as the empty text, else as JSON (1, true)."""
    if isinstance(value, str):
        return value
    return "" if value is None else json.dumps(value)
