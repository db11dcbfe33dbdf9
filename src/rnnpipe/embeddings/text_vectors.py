"""Vectors as lines of text: a word, then its numbers; with a first line that counts words and numbers, or without.

The numbers are a line's last E fields, and the word is what stands before them: GloVe's of 840 billion words has words that
hold spaces. E is what the first line says, or else what most of the first lines have.
"""

from __future__ import annotations

import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections import Counter
from collections.abc import Iterator
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import BinaryIO

import numpy as np

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.embeddings.records import HEADER, MOST_NUMBERS, Record, Remarks, not_finite
from rnnpipe.embeddings.vectors import Matrix

NUMBER = re.compile(rb"[+-]?(?:\d+[.,]?\d*|[.,]\d+)(?:[eEdD][+-]?\d+)?|[+-]?(?:nan|inf|infinity)", re.IGNORECASE)
"""A number as any program writes it: decimals after a point or a comma, Fortran's D for the exponent."""
OTHER_FORMS = bytes.maketrans(b",dD", b".ee")
LONGEST_LINE = 2**21
"""Bytes; a line of MOST_NUMBERS numbers is shorter."""
FIRST_LINES = 200
"""Lines by which the number of numbers is told."""

Line = tuple[int, bytes]
"""Number in the file, from 1, and what stands in it, white space at both ends taken away."""


def read_text(file: BinaryIO, path: Path, remarks: Remarks) -> Iterator[Record]:
    """Yield the words of a text file; blank lines are skipped.

    Raises
    ------
    RnnpipeError
        A line with too few numbers, NaN or infinity, or a first line that does not tell the truth: names the line.
    """
    lines = _lines(file, path)
    first = next(lines, None)
    header = HEADER.fullmatch(first[1]) if first else None
    sample = list(islice(lines, FIRST_LINES)) if header or not first else [first, *islice(lines, FIRST_LINES)]
    dimension = _dimension(path, sample, int(header[2]) if header else None)
    records = 0
    for number, line in chain(sample, lines):
        records += 1
        place = f"{path}:{number}"
        if line.count(b" ") == dimension and b"\t" not in line and b"  " not in line:
            word, _, numbers = line.partition(b" ")
        else:
            word, *fields = line.rsplit(None, dimension)
            if len(fields) < dimension:
                raise _too_few(place, line, dimension)
            numbers = b" ".join(fields)
            remarks.spaced(place, word)
        if b"n" in numbers.lower():  # of nan and inf: no number is written with this letter
            raise not_finite(place, word)
        yield place, word, partial(_parse, numbers)
    if header and records != int(header[1]):
        more = "ends after" if records < int(header[1]) else "goes on, to"
        raise RnnpipeError(f"{path}: {more} {records} of {int(header[1])} words; fetch it again, or mend its first line")
    if not records:
        raise RnnpipeError(f"{path}: holds no vectors; fetch it again")


def _lines(file: BinaryIO, path: Path) -> Iterator[Line]:
    """Yield the lines that are not blank, without a byte order mark."""
    for number, line in enumerate(iter(partial(file.readline, LONGEST_LINE), b""), start=1):
        content = line
        if number == 1:
            if line.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
                raise RnnpipeError(f"{path}: is UTF-16; convert it: iconv -f UTF-16 -t UTF-8")
            content = line.removeprefix(BOM_UTF8)
            if b"\r" in content.rstrip():
                raise RnnpipeError(f"{path}: its lines end in a carriage return alone; convert it: tr '\\r' '\\n'")
        if len(line) == LONGEST_LINE:
            raise RnnpipeError(f"{path}:{number}: a line longer than {LONGEST_LINE} bytes; is its format word2vec-binary?")
        content = content.strip()
        if content:
            yield number, content


def _dimension(path: Path, sample: list[Line], told: int | None) -> int:
    """Return how many numbers a word has: as the first line tells, or as most of the first lines have (of equals the more)."""
    counts = Counter(_numbers_at_end(line) for _, line in sample)
    found = max(counts, key=lambda count: (counts[count], count), default=0)
    if told is None and sample and not found:
        number, line = sample[0]
        last = line.split()[-1][:30].decode(errors="replace")
        raise RnnpipeError(f"{path}:{number}: ends in {last!r} where numbers should stand after a word; is its format right?")
    dimension = found if told is None else told
    if told == 0 or dimension > MOST_NUMBERS:
        raise RnnpipeError(f"{path}: vectors of {dimension} numbers; at most {MOST_NUMBERS} are read: mend its first line")
    if told is not None and counts and min(counts) > told:
        raise RnnpipeError(f"{path}: its first line tells of {told} numbers a word, and its lines have {found}; mend it")
    return dimension


def _numbers_at_end(line: bytes) -> int:
    """Return how many of a line's fields are numbers, counted from its end; the first is the word's."""
    fields = line.split()[1:]
    return next((count for count, field in enumerate(reversed(fields)) if not NUMBER.fullmatch(field)), len(fields))


def _too_few(place: str, line: bytes, dimension: int) -> RnnpipeError:
    binary = "; binary data: is its format word2vec-binary?" if b"\0" in line else "; mend or remove it"
    return RnnpipeError(
        f"{place}: {len(line.split()) - 1} numbers where {dimension} stand before; a cut line or a wrong dimension{binary}"
    )


def _parse(numbers: bytes) -> Matrix:
    fields = numbers.split(b" ")
    try:
        return np.array(fields, dtype=np.float32)
    except ValueError:
        wrong = next((field for field in fields if not NUMBER.fullmatch(field)), None)
        if wrong is not None:
            raise ValueError(f"{wrong[:30].decode(errors='replace')!r} is no number") from None
        return np.array(numbers.translate(OTHER_FORMS).split(b" "), dtype=np.float32)
