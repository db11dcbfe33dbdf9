"""Plain text of which nothing is to be done but splitting it at white space: words, their counts and ids in one go."""

from __future__ import annotations

from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnpipe.common.arrays import GrowingArray, read_part
from rnnpipe.common.errors import RnnpipeError
from rnnpipe.text.encode import id_type
from rnnpipe.text.encoded import EncodedSplit
from rnnpipe.text.splitting import Words, number_words, split_words
from rnnpipe.text.vocabulary import Vocabulary

PIECE = 2**20
"""Bytes read at a time."""
TOKENS = 2**20
"""Ids written at a time."""
FIRST_ROOM = 2**16
"""Words that the table has room for at first."""
SPACES = b" \t\n\r\v\f"


def read_plain(path: Path, folder: Path, size: int | None = None, min_count: int = 1) -> tuple[EncodedSplit, Vocabulary]:
    r"""Count and number the words of a text.

    Parameters
    ----------
    path : Path
        UTF-8, a byte order mark is skipped; words stand apart by Unicode's white space, as in a corpus of `words: whitespace`;
        a line (up to `\n`; in a file without one up to `\r`) is a document, lines without words are none.
    folder : Path
        Existing folder for `ids.npy` and `offsets.npy`, which the split is mapped from.
    size, min_count : int
        As in `Vocabulary.from_counts`.

    Returns
    -------
    split : EncodedSplit
    vocabulary : Vocabulary
        Words by falling count, equal counts by code points; `<unk>` in the text is `<unk>`.

    Raises
    ------
    RnnpipeError
        There is no such file or no word in it, or a line is not UTF-8 or holds a NUL.

    Notes
    -----
    Memory holds the different words and a piece of the text, whatever its length.
    """
    with TemporaryDirectory(dir=folder) as name:
        work = Path(name)
        words = _number_words(path, work)
        try:
            tokens = [token.decode() for token in words.tokens()]
        except UnicodeDecodeError:
            raise _fault(path) from None
        if not tokens:
            raise RnnpipeError(f"{path}: no words in it; give a text")
        vocabulary = Vocabulary.from_counts(dict(zip(tokens, words.counts.tolist(), strict=False)), size, min_count)
        _write_ids(work, vocabulary.encode(tokens).astype(id_type(len(vocabulary))))
        for array in ("ids.npy", "offsets.npy"):
            (work / array).replace(folder / array)
    ids, offsets = (np.load(folder / array, mmap_mode="r") for array in ("ids.npy", "offsets.npy"))
    return EncodedSplit(ids, offsets), vocabulary


def _write_ids(folder: Path, ids: NDArray[Any]) -> None:
    """Write `ids.npy`: the id of each word of `numbers.npy`, given by number in `ids`."""
    numbers = np.load(folder / "numbers.npy", mmap_mode="r")
    with GrowingArray(folder / "ids.npy", ids.dtype) as writer:
        for first in range(0, len(numbers), TOKENS):
            writer.append(ids[read_part(numbers, first, min(first + TOKENS, len(numbers)))])


def _number_words(path: Path, folder: Path) -> Words:
    """Write the number of each token to `numbers.npy`, and the documents' borders to `offsets.npy`."""
    words, within = Words.with_room(FIRST_ROOM, FIRST_ROOM), False
    with GrowingArray(folder / "numbers.npy", np.int32) as numbers, GrowingArray(folder / "offsets.npy", np.int64) as offsets:
        offsets.append(np.zeros(1, np.int64))
        for piece in _pieces(path):
            room = len(piece) // 2 + 1
            keys, begins, ends, borders = np.empty(room, np.uint64), *(np.empty(room, np.int64) for _ in range(3))
            tokens, documents, within = split_words(piece, within, (keys, begins, ends), borders)
            offsets.append(numbers.length + borders[:documents])
            found, own = (keys[:tokens], begins[:tokens], ends[:tokens]), np.empty(tokens, np.int32)
            done = number_words(piece, found, 0, words, own)
            while done < tokens:
                words = words.grown(len(piece))
                done = number_words(piece, found, done, words, own)
            numbers.append(own)
    return words


def _pieces(path: Path) -> Iterator[NDArray[Any]]:
    """Yield the bytes of a file in pieces that end with white space; the last one ends with a line feed."""
    rest = b""
    try:
        with path.open("rb", buffering=0) as file:
            ends_in_returns = not any(b"\n" in piece for piece in iter(partial(file.read, PIECE), b""))
            file.seek(0)
            first = file.read(len(BOM_UTF8))
            file.seek(len(BOM_UTF8) if first == BOM_UTF8 else 0)
            while piece := file.read(PIECE):
                if b"\0" in piece:
                    raise _fault(path)
                rest += piece.replace(b"\r", b"\n") if ends_in_returns else piece
                cut = 1 + max(rest.rfind(space) for space in SPACES)
                if cut:
                    yield np.frombuffer(rest, np.uint8, cut)
                    rest = rest[cut:]
    except OSError as error:
        raise RnnpipeError(f"{path}: {error.strerror}; give a text file") from None
    yield np.frombuffer(rest + b"\n", np.uint8)


def _fault(path: Path) -> RnnpipeError:
    """Return the error of a file that is not UTF-8 or holds a NUL: it names the first such line and byte, from 1."""
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            if number == 1 and line.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
                return RnnpipeError(f"{path}: is UTF-16; convert it: iconv -f UTF-16 -t UTF-8")
            try:
                line.decode()
            except UnicodeDecodeError as error:
                told = f"byte 0x{line[error.start]:02x} is not UTF-8; save the file as UTF-8"
                return RnnpipeError(f"{path}:{number}:{error.start + 1}: {told}")
            if b"\0" in line:
                return RnnpipeError(f"{path}:{number}:{line.index(0) + 1}: a NUL byte; a text file holds none, take it out")
    return RnnpipeError(f"{path}: changed while it was read; run again")
