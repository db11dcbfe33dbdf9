"""From tokens to ids: writes the arrays that `EncodedCorpus` reads."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self

import numpy as np
from numpy.typing import DTypeLike, NDArray

from rnnpipe.text.encoding import SplitSize
from rnnpipe.text.tokenized import read_column
from rnnpipe.text.vocabulary import Vocabulary


class ArrayWriter:
    """Writes a one-dimensional `.npy` file of known length piece by piece, so that only a piece is in memory."""

    def __init__(self, path: Path, dtype: DTypeLike, length: int) -> None:
        self._dtype = np.dtype(dtype).newbyteorder("<")
        self._missing = length
        self._file = path.open("wb")
        header = {"descr": self._dtype.str, "fortran_order": False, "shape": (length,)}
        np.lib.format.write_array_header_1_0(self._file, header)

    def append(self, piece: NDArray[Any]) -> None:
        """Add numbers that the array's type can hold."""
        self._missing -= len(piece)
        self._file.write(piece.astype(self._dtype).tobytes())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._file.close()
        if kind is None and self._missing:
            raise ValueError(f"{self._file.name}: {self._missing} numbers fewer than announced")


def id_type(vocabulary_size: int) -> type[np.unsignedinteger[Any]]:
    """Return the smaller of uint16 and uint32 that holds all ids."""
    return np.uint16 if vocabulary_size <= 1 << 16 else np.uint32


def encode_split(
    tokenized: Path, out: Path, size: SplitSize, vocabulary: Vocabulary, *, labels: Sequence[str], tags: Sequence[str]
) -> None:
    """Encode one split.

    Parameters
    ----------
    tokenized : Path
        The split's Parquet file.
    out : Path
        Path of the arrays without their suffixes: `.ids.npy`, `.offsets.npy`, and `.labels.npy` or `.tags.npy` if asked for.
    size : SplitSize
        Documents and tokens in the file.
    vocabulary : Vocabulary
        Tokens outside of it become `<unk>`.
    labels, tags : sequence of str
        Name of each label or tag; empty: the corpus has none.
    """
    documents, tokens = size["documents"], size["tokens"]
    with (
        ArrayWriter(_beside(out, "ids"), id_type(len(vocabulary)), tokens) as ids,
        ArrayWriter(_beside(out, "offsets"), np.int64, documents + 1) as offsets,
    ):
        offsets.append(np.zeros(1))
        end = 0
        for piece in read_column(tokenized):
            ids.append(vocabulary.encode(piece.strings)[piece.codes])
            offsets.append(end + np.cumsum(piece.lengths))
            end += len(piece.codes)
    if labels:
        with ArrayWriter(_beside(out, "labels"), np.int16, documents) as writer:
            _encode_names(tokenized, "label", labels, writer)
    if tags:
        with ArrayWriter(_beside(out, "tags"), np.uint8, tokens) as writer:
            _encode_names(tokenized, "tags", tags, writer)


def _encode_names(tokenized: Path, column: Literal["tags", "label"], names: Sequence[str], writer: ArrayWriter) -> None:
    for piece in read_column(tokenized, column):
        # The last entry stands for code -1, no label.
        ids = np.array([*(names.index(name) for name in piece.strings), -1])
        writer.append(ids[piece.codes])


def iob2_tags(entities: Sequence[str]) -> list[str]:
    """Return the tags of some types of entities in the order of their ids: O, B-X, I-X, B-Y, I-Y, …."""
    return ["O", *(f"{prefix}-{entity}" for entity in entities for prefix in "BI")]


def _beside(out: Path, name: str) -> Path:
    return out.with_name(f"{out.name}.{name}.npy")
