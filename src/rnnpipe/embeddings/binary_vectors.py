"""Vectors as word2vec's binary file: `words dimension` in a line, then each word, a space, and its numbers, float32.

Nothing in such a file tells where a record begins. word2vec itself ends each one with a line feed, gensim does not; so either
all of them do, or none, and a file in which that, a word or a number is not as it should be is out of step and refused: the
words behind such a place would get numbers of others.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import BinaryIO

import numpy as np

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.embeddings.records import HEADER, MOST_NUMBERS, Record, not_finite
from rnnpipe.embeddings.vectors import Matrix

CHUNK = 2**20
"""Bytes read at a time."""
LONGEST_WORD = 10_000
"""Bytes without a space after which a file is taken for damaged."""
LARGEST = 1e15
"""Numbers of a file without line feeds are smaller; chosen: far above any vector's, far below letters read as a number (1e20)."""
SMALLEST = np.finfo(np.float32).tiny
"""Numbers of such a file are not smaller, but for 0: below it float32 has no full precision."""
SPACE = ord(" ")
CONTROL = re.compile(rb"[\0-\x20\x7f]")
WRITTEN_OUT = re.compile(rb"[-+.\deE\s]+\w*")
"""Numbers as the text form has them, and what may stand behind them."""


def read_binary(file: BinaryIO, path: Path) -> Iterator[Record]:
    """Yield the words of a binary file.

    Raises
    ------
    RnnpipeError
        No first line or a wrong one, an early end, bytes after the last record, NaN or infinity, or a file out of step: names the
        number of the record.
    """
    words, size = _header(file, path)
    buffer, at, lines = b"", 0, None
    for record in range(1, words + 1):
        place = f"{path}: record {record}"
        end = buffer.find(b" ", at, at + LONGEST_WORD)
        while end < 0 or len(buffer) <= end + 1 + size:  # with the byte behind the record, if there is one
            if end < 0 and len(buffer) - at > LONGEST_WORD:
                raise RnnpipeError(f"{place}: no word: a damaged file or a wrong dimension in its first line; fetch it again")
            more = file.read(CHUNK)
            buffer, at = buffer[at:] + more, 0
            end = buffer.find(b" ", 0, LONGEST_WORD)
            if not more:
                break
        if end < 0 or len(buffer) < end + 1 + size:
            raise RnnpipeError(f"{path}: ends within record {record} of {words}; fetch it again")
        word, numbers = buffer[at:end], buffer[end + 1 : end + 1 + size]
        at = end + 1 + size
        follows = buffer[at : at + 1]
        lines = follows == b"\n" if lines is None else lines
        _check(place, word, numbers, lines, follows)
        at += lines and follows == b"\n"
        yield place, word, partial(unpack, numbers)
    if buffer[at:] or file.read(1):
        raise RnnpipeError(f"{path}: goes on after its {words} records; a wrong number in its first line: fetch it again")


def unpack(numbers: bytes) -> Matrix:
    """Return the numbers of a record, shape (E,)."""
    return np.frombuffer(numbers, dtype="<f4").astype(np.float32)


def _header(file: BinaryIO, path: Path) -> tuple[int, int]:
    """Return how many words there are, and the bytes of each one's numbers."""
    match = HEADER.fullmatch(file.readline(100))
    if not match or not int(match[2]):
        raise RnnpipeError(f"{path}: does not begin with `words dimension`: not a word2vec-binary file; see the entry's format")
    words, dimension = int(match[1]), int(match[2])
    if dimension > MOST_NUMBERS:
        raise RnnpipeError(f"{path}: its first line tells of {dimension} numbers a word; at most {MOST_NUMBERS} are read")
    if not words:
        raise RnnpipeError(f"{path}: holds no vectors; fetch it again")
    return words, 4 * dimension


def _check(place: str, word: bytes, numbers: bytes, lines: bool, follows: bytes) -> None:
    """Refuse a record that is not what a file in step holds."""
    vector = unpack(numbers)
    if lines:
        if not word or b"\n" in word or follows not in (b"\n", b""):
            raise _out_of_step(place, word, numbers)
        if not np.isfinite(vector).all():
            raise not_finite(place, word)
        return
    if not word or CONTROL.search(word) or not _is_utf8_so_far(word):
        raise _out_of_step(place, word, numbers)
    if not np.isfinite(vector).all():
        raise not_finite(place, word)
    if not _are_sizes_of_vectors(vector, numbers):
        raise _out_of_step(place, word, numbers)


def _are_sizes_of_vectors(vector: Matrix, numbers: bytes) -> bool:
    """Tell whether none of the numbers looks like letters, or like bytes of two numbers.

    The end of a word and the space behind it, where they fill up a number, are about 2e-19; where they do not, all numbers that
    follow are made of two, and so of any size: of fifty that nobody sees it of 1 in 100 million files.
    """
    sizes = np.abs(vector)
    if sizes.max() >= LARGEST or ((sizes < SMALLEST) & (sizes > 0)).any():
        return False
    last = numbers[3::4]
    if SPACE not in last:
        return True
    return all(CONTROL.search(numbers[4 * place : 4 * place + 3]) for place, byte in enumerate(last) if byte == SPACE)


def _is_utf8_so_far(word: bytes) -> bool:
    """Tell whether a word is UTF-8 but for its end: word2vec cuts long words anywhere, inside of a character too."""
    try:
        word.decode()
    except UnicodeDecodeError as error:
        return error.reason == "unexpected end of data"
    return True


def _out_of_step(place: str, word: bytes, numbers: bytes) -> RnnpipeError:
    shown = word[:60].decode(errors="replace")
    if WRITTEN_OUT.fullmatch(numbers):
        return RnnpipeError(f"{place}: {shown!r}: its numbers are written out; is the file's format word2vec-text?")
    return RnnpipeError(
        f"{place}: {shown!r}: out of step: a word with a space, here or in the record before, or one that is not UTF-8; "
        "write the file with _ for spaces, as Google's phrases have it, or in the text form"
    )
