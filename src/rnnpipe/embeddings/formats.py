"""Vectors as other programs write and read them.

`word2vec-text`: a header `words dimension`, then a word and its numbers a line. `glove-text`: the same without a header.
`word2vec-binary`: the header, then each word, a space, and its numbers as little-endian float32.
Both text forms are read with and without a header. Words are UTF-8 and hold no space.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from functools import partial
from pathlib import Path
from typing import BinaryIO, Literal

import numpy as np

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.common.files import atomic_file
from rnnpipe.embeddings.vectors import Matrix, WordVectors
from rnnpipe.text.vocabulary import EOS, PAD

Format = Literal["glove-text", "word2vec-text", "word2vec-binary"]

_HEADER = re.compile(rb"(\d+) (\d+)\s*")
_CHUNK = 2**20
_LONGEST_WORD = 10_000
"""Bytes without a space after which a binary file is taken for damaged."""


def read_published(path: Path, file_format: Format, wanted: Collection[str]) -> dict[str, Matrix]:
    """Read the vectors of wanted words.

    Parameters
    ----------
    path : Path
    file_format : str
    wanted : collection of str
        Other words are skipped, but where they stand in the file is checked, and that no NaN or infinity is among them.

    Returns
    -------
    dict of str to ndarray of shape (E,), dtype=float32
        In the order of the file; of a word that stands there twice, the first.

    Raises
    ------
    RnnpipeError
        Missing file; no or a wrong header; a line of wrong length, be it a wrong dimension or a word with a space; a number
        that is none, NaN or infinite; a word that is not UTF-8; an early end. Names the line, or the number of the record.
    """
    read = _read_binary if file_format == "word2vec-binary" else _read_text
    try:
        with path.open("rb") as file:
            vectors: dict[str, Matrix] = {}
            for place, word, numbers in read(file, path):
                try:
                    token = word.decode()
                except UnicodeDecodeError as error:
                    raise RnnpipeError(f"{place}: the word is not UTF-8 ({error.reason}); convert the file") from None
                if token in wanted and token not in vectors:
                    vectors[token] = _finite(numbers, place, token)
    except FileNotFoundError:
        raise RnnpipeError(f"{path}: no such file; fetch it, or put it there and `dvc add` its folder") from None
    return vectors


Record = tuple[str, bytes, Callable[[], Matrix]]
"""Place for messages, word, and how to get its numbers: most words are not wanted, and their numbers are never parsed."""


def _parse(numbers: bytes) -> Matrix:
    return np.array(numbers.split(b" "), dtype=np.float32)


def _unpack(numbers: bytes) -> Matrix:
    return np.frombuffer(numbers, dtype="<f4").astype(np.float32)


def _finite(numbers: Callable[[], Matrix], place: str, token: str) -> Matrix:
    try:
        vector = numbers()
    except ValueError as error:
        raise RnnpipeError(f"{place}: {token!r}: {error}; mend or remove the line") from None
    if not np.isfinite(vector).all():
        raise _not_finite(place, token)
    return vector


def _not_finite(place: str, token: str) -> RnnpipeError:
    return RnnpipeError(f"{place}: {token!r}: NaN or infinity in its vector; mend or remove it")


def _read_text(file: BinaryIO, path: Path) -> Iterator[Record]:
    header: tuple[int, int] | None = None
    dimension, records = 0, 0
    for number, line in enumerate(file, start=1):
        if number == 1 and (match := _HEADER.fullmatch(line)):
            header = int(match[1]), int(match[2])
            dimension = header[1]
            continue
        text = line.rstrip()
        fields = text.count(b" ")
        dimension = dimension or fields
        if fields != dimension or dimension == 0:
            raise RnnpipeError(
                f"{path}:{number}: {fields} numbers where {dimension or 'at least 1'} stand before; a word with a space, "
                "a wrong dimension or a cut line: mend or remove it"
            )
        word, _, numbers = text.partition(b" ")
        if b"n" in numbers.lower():  # of nan and inf: no number is written with this letter
            raise _not_finite(f"{path}:{number}", word.decode(errors="replace"))
        records += 1
        yield f"{path}:{number}", word, partial(_parse, numbers)
    if header and records != header[0]:
        raise RnnpipeError(f"{path}: ends after {records} of {header[0]} words; fetch it again")
    if not records:
        raise RnnpipeError(f"{path}: holds no vectors; fetch it again")


def _read_binary(file: BinaryIO, path: Path) -> Iterator[Record]:
    match = _HEADER.fullmatch(file.readline(100))
    if not match or not int(match[2]):
        raise RnnpipeError(f"{path}: does not begin with `words dimension`: not a word2vec-binary file; see the entry's format")
    words, size = int(match[1]), 4 * int(match[2])
    buffer = b""
    for record in range(1, words + 1):
        place = f"{path}: record {record}"
        end = buffer.find(b" ")
        while end < 0 or len(buffer) < end + 1 + size:
            more = file.read(max(_CHUNK, size))
            if not more:
                raise RnnpipeError(f"{path}: ends within record {record} of {words}; fetch it again")
            buffer += more
            end = buffer.find(b" ", 0, _LONGEST_WORD)
            if end < 0 and len(buffer) > _LONGEST_WORD:
                raise RnnpipeError(f"{place}: no word: a damaged file or a wrong dimension in its first line; fetch it again")
        word, numbers = buffer[:end].lstrip(b"\n"), buffer[end + 1 : end + 1 + size]
        buffer = buffer[end + 1 + size :]
        if not np.isfinite(_unpack(numbers)).all():
            raise _not_finite(place, word.decode(errors="replace"))
        yield place, word, partial(_unpack, numbers)
    if buffer.strip(b"\n") or file.read(1):
        raise RnnpipeError(f"{path}: goes on after its {words} records; a word with a space or a wrong dimension: fetch it again")


def write_published(path: Path, file_format: Format, source: WordVectors) -> None:
    """Write vectors for other programs: all tokens but `<pad>` and `<eos>`. Text holds nine digits, so float32 comes back equal.

    Raises
    ------
    RnnpipeError
        A word holds white space, which no reader of these formats understands.
    """
    rows = [row for row in range(len(source.vocabulary)) if row not in (PAD, EOS)]
    for row in rows:
        word = source.vocabulary.tokens[row]
        if len(word.split()) != 1:
            raise RnnpipeError(f"{word!r} holds white space, which {file_format} has no room for; leave it out of the corpus")
    with atomic_file(path) as temporary, temporary.open("wb") as file:
        if file_format != "glove-text":
            file.write(f"{len(rows)} {source.vectors.shape[1]}\n".encode())
        for row in rows:
            encoded, vector = source.vocabulary.tokens[row].encode(), source.vectors[row]
            if file_format == "word2vec-binary":
                file.write(encoded + b" " + vector.astype("<f4").tobytes() + b"\n")
            else:
                file.write(encoded + b" " + " ".join(f"{number:.9g}" for number in vector).encode() + b"\n")
