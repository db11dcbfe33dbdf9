"""Kernels that lay tokens out for counting: documents apart, and the positions of each word.

Compiled kernels are kept on disk (`cache`), and numba looks at changes of their own file alone: a kernel calls none elsewhere.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from rnnpipe.text.vocabulary import PAD, RESERVED, UNK

FIRST_WORD = len(RESERVED)
BORDER = PAD
"""Stands between documents; other reserved tokens become UNK."""


@njit(nogil=True, cache=True)
def lay_out(ids: Any, borders: Any, size: int) -> Any:
    """Return ids with a BORDER before the first, after the last and at each of `borders`, reserved tokens as UNK.

    Parameters
    ----------
    ids : ndarray of shape (N,), dtype=uint16 or uint32
    borders : ndarray of shape (D,), dtype=int64
        Positions in `ids` before which a document begins, sorted; some may be equal.
    size : int
        V; an id beyond it gives an empty stream.
    """
    stream = np.empty(len(ids) + len(borders) + 2, ids.dtype)
    stream[0] = BORDER
    end, border = 1, 0
    for position in range(len(ids)):
        if border < len(borders) and borders[border] == position:
            stream[end] = BORDER
            end += 1
            while border < len(borders) and borders[border] == position:
                border += 1
        word = ids[position]
        if word >= size:
            return stream[:0]
        stream[end] = word if word >= FIRST_WORD else UNK
        end += 1
    stream[end] = BORDER
    return stream[: end + 1]


@njit(nogil=True, cache=True)
def index_positions(stream: Any, first: int, last: int, size: int) -> Any:
    """Sort the positions of the words among the tokens first … last - 1, borders apart, by word.

    Returns
    -------
    starts : ndarray of shape (V + 1,), dtype=int64
    positions : ndarray, dtype=int32
        Word w stands at positions[starts[w]:starts[w + 1]] of `stream`.
    """
    starts = np.zeros(size + 1, np.int64)
    begin, token = 0, 0
    while token < first or stream[begin] == BORDER:
        token += stream[begin] != BORDER
        begin += 1
    end = begin
    while token < last:
        word = stream[end]
        token += word != BORDER
        if word >= FIRST_WORD:
            starts[word + 1] += 1
        end += 1
    starts = np.cumsum(starts)
    positions = np.empty(starts[size], np.int32)
    free = starts.copy()
    for position in range(begin, end):
        word = stream[position]
        if word >= FIRST_WORD:
            positions[free[word]] = position
            free[word] += 1
    return starts, positions
