"""The tokens of several splits as one row, read part by part."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnpipe.common.arrays import read_part
from rnnpipe.text.encoded import EncodedSplit


def count_tokens(splits: Sequence[EncodedSplit]) -> int:
    """Return how many tokens the splits have together."""
    return sum(len(split.ids) for split in splits)


def read_tokens(splits: Sequence[EncodedSplit], first: int, last: int) -> tuple[NDArray[Any], NDArray[np.int64]]:
    """Read the tokens first … last - 1 of all splits one after the other.

    Returns
    -------
    ids : ndarray of shape (last - first,), dtype=uint16 or uint32
    borders : ndarray, dtype=int64
        Positions in `ids` before which a document begins, sorted.
    """
    ids, borders = [], []
    start = 0
    for split in splits:
        begin, end = max(first - start, 0), min(last - start, len(split.ids))
        if begin < end:
            ids.append(read_part(split.ids, begin, end))
            documents = np.searchsorted(split.offsets, [begin, end])
            borders.append(read_part(split.offsets, int(documents[0]), int(documents[1])) + (start - first))
        start += len(split.ids)
    if len(ids) == 1:
        return ids[0], borders[0]
    return np.concatenate(ids), np.concatenate(borders)


def with_context(splits: Sequence[EncodedSplit], first: int, last: int, window: int) -> tuple[int, int]:
    """Return first and end of the tokens that stand up to `window` from one of first … last - 1 in the same document."""
    before, after = _document(splits, first)[0], _document(splits, last - 1)[1]
    return max(before, first - window), min(after, last + window)


def _document(splits: Sequence[EncodedSplit], token: int) -> tuple[int, int]:
    """Return first and end of the document that holds a token."""
    start = 0
    for split in splits:
        if token < start + len(split.ids):
            end = int(np.searchsorted(split.offsets, token - start, side="right"))
            return start + int(split.offsets[end - 1]), start + int(split.offsets[end])
        start += len(split.ids)
    raise IndexError(token)
