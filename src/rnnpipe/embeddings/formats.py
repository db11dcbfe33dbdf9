"""Vectors as other programs write and read them.

`word2vec-text`: a header `words dimension`, then a word and its numbers a line. `glove-text`: the same without a header.
`word2vec-binary`: the header, then each word, a space, and its numbers as little-endian float32.
Both text forms are read with and without a header. All are read compressed by gzip too, or as the one file of a zip archive.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Literal

import numpy as np

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.common.files import atomic_file
from rnnpipe.embeddings.binary_vectors import read_binary
from rnnpipe.embeddings.records import Record, Remarks, not_finite
from rnnpipe.embeddings.text_vectors import read_text
from rnnpipe.embeddings.unpacked import unpacked
from rnnpipe.embeddings.vectors import Matrix, WordVectors
from rnnpipe.text.vocabulary import EOS, PAD

Format = Literal["glove-text", "word2vec-text", "word2vec-binary"]


def read_published(path: Path, file_format: Format, wanted: Collection[str]) -> dict[str, Matrix]:
    """Read the vectors of wanted words.

    Parameters
    ----------
    path : Path
        May be compressed by gzip, or a zip archive of one file.
    file_format : str
    wanted : collection of str
        Other words are skipped, but where they stand in the file is checked, and that no NaN or infinity is among them. A word
        that is not UTF-8 is skipped, counted and told in the log: word2vec cuts long words inside of a character.

    Returns
    -------
    dict of str to ndarray of shape (E,), dtype=float32
        In the order of the file; of a word that stands there twice, the first.

    Raises
    ------
    RnnpipeError
        Missing file; no or a wrong header; a line of too few numbers; a binary file out of step; a number that is none, NaN or
        infinite; a wanted word in Latin-1; an early end. Names the line, or the number of the record.
    """
    vectors: dict[str, Matrix] = {}
    remarks = Remarks(path)
    with unpacked(path) as file:
        records = read_binary(file, path) if file_format == "word2vec-binary" else read_text(file, path, remarks)
        for record in records:
            token = _token(record, wanted, remarks)
            if token is not None and token in wanted and token not in vectors:
                vectors[token] = _numbers(record, token)
    remarks.log()
    return vectors


def _token(record: Record, wanted: Collection[str], remarks: Remarks) -> str | None:
    """Return the word of a record; None of one that is not UTF-8, unless it is a wanted one in Latin-1."""
    place, word, _ = record
    try:
        return word.decode()
    except UnicodeDecodeError:
        if word.decode("latin-1") in wanted:
            raise RnnpipeError(f"{place}: the word is Latin-1, not UTF-8; convert the file: iconv -f LATIN1 -t UTF-8") from None
        remarks.not_utf8(place, word)
        return None


def _numbers(record: Record, token: str) -> Matrix:
    place, word, numbers = record
    try:
        with np.errstate(over="ignore"):  # a number beyond float32 is infinity, which is refused
            vector = numbers()
    except ValueError as error:
        raise RnnpipeError(f"{place}: {token!r}: {error}; mend or remove the line") from None
    if not np.isfinite(vector).all():
        raise not_finite(place, word)
    return vector


def write_published(path: Path, file_format: Format, source: WordVectors) -> None:
    """Write vectors for other programs: all tokens but `<pad>` and `<eos>`. Text holds nine digits, so float32 comes back equal.

    Raises
    ------
    RnnpipeError
        A word holds a space, at which readers of these formats cut. Others, such as the no-break space, are letters to them.
    """
    rows = [row for row in range(len(source.vocabulary)) if row not in (PAD, EOS)]
    for row in rows:
        word = source.vocabulary.tokens[row]
        if len(word.encode().split()) != 1:
            raise RnnpipeError(
                f"{word!r} holds a space, at which readers of {file_format} cut; write _ for it in the corpus, and run again"
            )
    with atomic_file(path) as temporary, temporary.open("wb") as file:
        if file_format != "glove-text":
            file.write(f"{len(rows)} {source.vectors.shape[1]}\n".encode())
        for row in rows:
            encoded, vector = source.vocabulary.tokens[row].encode(), source.vectors[row]
            if file_format == "word2vec-binary":
                file.write(encoded + b" " + vector.astype("<f4").tobytes() + b"\n")
            else:
                file.write(encoded + b" " + " ".join(f"{number:.9g}" for number in vector).encode() + b"\n")
