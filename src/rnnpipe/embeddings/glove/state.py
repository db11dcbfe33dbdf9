"""What GloVe learns, and how it is kept between epochs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import DTypeLike, NDArray
from safetensors import SafetensorError
from safetensors.numpy import load_file, save_file

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.common.files import atomic_file

LANES = 16
"""Rows are filled up to a multiple of this many numbers, those of one vector instruction; zeros learn nothing."""
LINE = 64
"""Bytes of a cache line: rows begin at one."""


class Side(NamedTuple):
    """The parameters of words in one role, as word or as context, and their AdaGrad sums."""

    vectors: NDArray[Any]
    """Shape (rows, E filled up)."""
    biases: NDArray[Any]
    """Shape (rows,)."""
    vector_sums: NDArray[Any]
    bias_sums: NDArray[Any]


@dataclass(frozen=True)
class State:
    """Everything that an epoch changes; training goes on from it."""

    word: Side
    context: Side
    losses: list[float]
    """Of the epochs that are done."""


def initial_side(
    rng: np.random.Generator, row_of: NDArray[np.int64], rows: int, dimension: int, dtype: DTypeLike = np.float32
) -> Side:
    """Draw the vectors and biases of all words uniformly from ±1/(2E); the sums of squares begin at 1.

    Parameters
    ----------
    rng : Generator
    row_of : ndarray of shape (V,), dtype=int64
        Row of each word: what it draws does not depend on it.
    rows : int
        At least V.
    dimension : int
        E.
    dtype : dtype, default=float32
    """
    drawn = (rng.random((len(row_of), dimension + 1)) - 0.5) / dimension
    vectors, biases = _aligned(rows, dimension, dtype), np.zeros(rows, dtype=dtype)
    vectors[row_of, :dimension], biases[row_of] = drawn[:, :-1], drawn[:, -1]
    sums = _aligned(rows, dimension, dtype)
    sums[:] = 1
    return Side(vectors, biases, sums, np.ones_like(biases))


def save_state(path: Path, state: State) -> None:
    """Write a state whole or not at all."""
    tensors = {f"{role}.{name}": part for role in ("word", "context") for name, part in getattr(state, role)._asdict().items()}
    with atomic_file(path) as temporary:
        save_file({**tensors, "losses": np.array(state.losses)}, temporary)


def load_state(path: Path, state: State) -> State:
    """Read what `save_state` wrote into the arrays of `state`, a state of the same run, and return it with its losses.

    Raises
    ------
    RnnpipeError
        The file is damaged, or of another run.
    """
    try:
        tensors = load_file(path)
        for role in ("word", "context"):
            for name, part in getattr(state, role)._asdict().items():
                part[:] = tensors[f"{role}.{name}"]
    except (OSError, SafetensorError, KeyError, ValueError) as error:
        raise RnnpipeError(f"{path}: damaged, or of another run ({error}); remove it, and training begins anew") from None
    return State(state.word, state.context, tensors["losses"].tolist())


def _aligned(rows: int, dimension: int, dtype: DTypeLike) -> NDArray[Any]:
    """Return zeros of shape (rows, dimension filled up to LANES), whose rows begin at cache lines."""
    columns = -(-dimension // LANES) * LANES
    size = rows * columns * np.dtype(dtype).itemsize
    memory = np.zeros(size + LINE, dtype=np.uint8)
    start = -memory.ctypes.data % LINE
    return memory[start : start + size].view(dtype).reshape(rows, columns)
