"""Runs: counts of a part of a corpus on disk, in integers, until they are added up.

A run is three arrays: how many entries each word has (`lengths`), and, word by word and sorted within one, the words of its
contexts (`words`) and their counts (`units`, in units of `kernels.ONE`).
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnpipe.common.arrays import GrowingArray, open_array, read_part

Rows = tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.int64]]
"""Of some words: the entries of each, shape (rows,); words of the contexts and units, both of shape (entries,)."""
ENTRY_BYTES = 12
"""Of a word and its units."""


def write_run(path: Path, blocks: Iterable[Rows]) -> int:
    """Write the rows of all words, which come in blocks, to `<path>.lengths.npy`, `.words.npy` and `.units.npy`.

    Returns
    -------
    int
        Entries written.
    """
    with (
        GrowingArray(_beside(path, "lengths"), np.int64) as lengths,
        GrowingArray(_beside(path, "words"), np.int32) as words,
        GrowingArray(_beside(path, "units"), np.int64) as units,
    ):
        for block in blocks:
            lengths.append(block[0])
            words.append(block[1])
            units.append(block[2])
        return words.length


class SortedRun:
    """A run opened for reading."""

    def __init__(self, path: Path, vocabulary_size: int) -> None:
        """Read `lengths`.

        Raises
        ------
        RnnpipeError
            A file is missing or damaged.
        """
        self._path = path
        lengths = self._open("lengths", vocabulary_size)
        self.starts = np.concatenate([[0], np.cumsum(np.asarray(lengths))])
        """Shape (V + 1,), dtype int64: the entries of word w are starts[w] … starts[w + 1] - 1."""
        # Maps that are never read from: they check the files and know where their numbers begin.
        self._words = self._open("words", int(self.starts[-1]))
        self._units = self._open("units", int(self.starts[-1]))

    def read(self, first: int, last: int) -> Rows:
        """Read the rows of the words first … last - 1."""
        begin, end = int(self.starts[first]), int(self.starts[last])
        lengths = np.diff(self.starts[first : last + 1])
        return lengths, read_part(self._words, begin, end), read_part(self._units, begin, end)

    def _open(self, name: str, length: int) -> NDArray[Any]:
        return open_array(_beside(self._path, name), length, "count_cooccurrence")


def _beside(path: Path, name: str) -> Path:
    return path.with_name(f"{path.name}.{name}.npy")
