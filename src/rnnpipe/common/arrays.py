"""Arrays on disk written and read piece by piece, so that only a piece is in memory."""

from __future__ import annotations

import mmap
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
from numpy.typing import DTypeLike, NDArray

from rnnpipe.common.errors import RnnpipeError


class GrowingArray:
    """Writes a one-dimensional `.npy` file whose length is known at the end alone."""

    def __init__(self, path: Path, dtype: DTypeLike) -> None:
        self._dtype = np.dtype(dtype).newbyteorder("<")
        self._file = path.open("wb")
        self.length = 0
        """Numbers written so far."""
        self._write_header()

    def append(self, piece: NDArray[Any]) -> None:
        """Add numbers that the array's type can hold."""
        self.length += len(piece)
        self._file.write(np.ascontiguousarray(piece, dtype=self._dtype).view(np.uint8).data)

    def _write_header(self) -> None:
        # numpy leaves room in the header for any length, so that it can be written again over the first one.
        header = {"descr": np.lib.format.dtype_to_descr(self._dtype), "fortran_order": False, "shape": (self.length,)}
        np.lib.format.write_array_header_1_0(self._file, header)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._file.seek(0)
        self._write_header()
        self._file.close()


def open_array(path: Path, length: int, stage: str, dimensions: int = 1) -> NDArray[Any]:
    """Map a `.npy` file into memory, read-only.

    Parameters
    ----------
    path : Path
    length : int
        Numbers, or rows of numbers, that must be in it.
    stage : str
        The stage that writes it, for messages.
    dimensions : int, default=1
        That the array must have.

    Raises
    ------
    RnnpipeError
        The file is missing or damaged, or holds another number of numbers or rows.
    """
    try:
        # An empty array cannot be mapped.
        array: NDArray[Any] = np.load(path, mmap_mode="r" if length else None, allow_pickle=False)
    except (OSError, EOFError, ValueError) as error:
        raise RnnpipeError(f"{path}: missing or damaged ({error}); run the stage {stage} again") from None
    if array.ndim != dimensions or len(array) != length:
        found, wanted = " x ".join(map(str, array.shape)), length if dimensions == 1 else f"{length} rows"
        raise RnnpipeError(f"{path}: {found} numbers, not {wanted}; run the stage {stage} again")
    return array


def write_shards(folder: Path, blocks: Iterable[NDArray[Any]], dtype: DTypeLike, most: int) -> int:
    """Write blocks one after the other into `shard-00000.npy` …, cut after every `most` numbers; return how many there are."""
    length = 0
    with ExitStack() as file:
        for block in blocks:
            for piece in np.split(block, range(-length % most, len(block), most)):
                if len(piece) and length % most == 0:
                    file.close()
                    shard = file.enter_context(GrowingArray(folder / f"shard-{length // most:05}.npy", dtype))
                if len(piece):
                    shard.append(piece)
                    length += len(piece)
    return length


def read_part(array: NDArray[Any], first: int, last: int) -> NDArray[Any]:
    """Return a copy of array[first:last], of one dimension.

    A mapped file is read by itself: the pages of a map would stay in the process' memory.

    Raises
    ------
    RnnpipeError
        The file ends earlier than when it was mapped.
    """
    if not (isinstance(array, np.memmap) and isinstance(array.base, mmap.mmap)):
        return array[first:last].copy()
    offset = array.offset + first * array.itemsize
    part: NDArray[Any] = np.fromfile(array.filename, dtype=array.dtype, count=last - first, offset=offset)
    if len(part) < last - first:
        raise RnnpipeError(f"{array.filename}: became shorter while it was read; run the stage that writes it again")
    return part
