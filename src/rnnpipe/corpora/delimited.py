"""Tables of text, CSV and TSV, as spreadsheets and programs write them."""

import csv
import logging
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain
from typing import Any

from rnnpipe.common.errors import RnnpipeError

logger = logging.getLogger(__name__)

SEPARATORS = {",": "commas", "\t": "tabs", ";": "semicolons", "|": "vertical bars"}


@dataclass(frozen=True, slots=True)
class Row:
    """One text with all that stands beside it, by column, and where it stands: a file, or file:line."""

    where: str
    fields: dict[str, str]


def read_table(lines: Iterable[str], name: str, kind: str, needed: Sequence[str], cure: str) -> Iterator[Row]:
    """Yield the rows below a header; the parameters are those of `rows.read_rows`.

    In the kind `tsv` columns are parted by tabs, and quotes mean nothing. In `csv` they are parted by commas; if only then the
    header has the needed columns by tabs, semicolons or vertical bars, as spreadsheets write them in some countries. White
    space around the header's names does not count.

    Raises
    ------
    RnnpipeError
        A column is missing, a row has too few or too many fields, or a quote has no end: file:line.
    """
    csv.field_size_limit(sys.maxsize)
    ended = (line + "\n" for line in lines)
    above, head = 0, next(ended, "")
    while head and (head.isspace() or head.lower().startswith("sep=")):  # Excel tells the separator so
        above, head = above + 1, next(ended, "")
    first, header = above + 1, None
    try:
        form = _form(name, kind, head, needed)
        reader = csv.reader(chain([head], ended), strict=True, **form)
        for fields in reader:
            where, first = f"{name}:{first}", above + reader.line_num + 1
            if header is None:
                header = _header(fields, needed, where, cure)
            elif fields:
                if len(fields) != len(header):
                    told = f"quote texts that hold {SEPARATORS[form['delimiter']]}"
                    raise RnnpipeError(f"{where}: {len(fields)} fields, the header has {len(header)}; {told}")
                yield Row(where, dict(zip(header, fields, strict=True)))
    except csv.Error as error:
        if "new-line character" in str(error):
            told = "a carriage return inside a row; quote its text, or take it out: tr -d '\\r'"
            raise RnnpipeError(f"{name}:{first}: {told}") from None
        raise RnnpipeError(f"{name}:{first}: broken row ({error}); a quote inside a quoted text is written twice") from None


def _form(name: str, kind: str, head: str, needed: Sequence[str]) -> dict[str, Any]:
    """Return how the columns of a file are parted and quoted, given its first line."""
    is_tsv = kind == "tsv"
    usual = "\t" if is_tsv else ","
    for separator in (usual, *(other for other in SEPARATORS if other != usual)):
        names = _names(head, separator)
        loose = _names(head, separator, skipinitialspace=True)
        if set(needed) <= set(names) | {name.strip() for name in loose}:
            break
    else:
        separator, names, loose = usual, [], []
    if separator != usual:
        if is_tsv:
            raise RnnpipeError(f"{name}: its columns are parted by {SEPARATORS[separator]}, not by tabs; name or call it csv")
        _tell(name, SEPARATORS[separator])
    quoting = csv.QUOTE_NONE if is_tsv else csv.QUOTE_MINIMAL
    return {"delimiter": separator, "quoting": quoting, "skipinitialspace": names != loose and not set(needed) <= set(names)}


@cache
def _tell(name: str, separators: str) -> None:
    """Say once how a file that is read several times parts its columns."""
    logger.info("%s: columns are parted by %s", name, separators)


def _names(head: str, separator: str, skipinitialspace: bool = False) -> list[str]:
    return next(csv.reader([head], delimiter=separator, skipinitialspace=skipinitialspace), [])


def _header(fields: list[str], needed: Sequence[str], where: str, cure: str) -> list[str]:
    names = fields if set(needed) <= set(fields) else [field.strip() for field in fields]
    missing = [column for column in needed if column not in names]
    if missing:
        raise RnnpipeError(f"{where}: no column {missing[0]!r} in the header, but {', '.join(names)}; {cure}")
    if len(set(names)) < len(names):
        twice = next(column for column in names if names.count(column) > 1)
        raise RnnpipeError(f"{where}: column {twice!r} stands twice in the header; rename one")
    return names
