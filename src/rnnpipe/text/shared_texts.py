"""How much of a split stands in the train split too, word for word: what is known by heart is no test."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import blake2b
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rnnpipe.text.tokenized import CodedColumn, read_column

SHORTEST = 5
"""Words of a text that is looked for; shorter ones come again by themselves."""
BASE = np.uint64(0x9E3779B97F4A7C15)
"""Odd, so that no power of it is 0."""


def shared_with_train(tokenized: Path, splits: Iterable[str]) -> dict[str, float]:
    """Return split → percent of its texts of at least `SHORTEST` words that stand in `train` as they are; not of `train`.

    Parameters
    ----------
    tokenized : Path
        Folder of the tokenized corpus.
    splits : iterable of str
        Names of its splits; one without such a text is left out.
    """
    others = [split for split in splits if split != "train"]
    if not others:
        return {}
    known = _sums(tokenized / "train.parquet")
    shares = {}
    for split in others:
        own = _sums(tokenized / f"{split}.parquet")
        if len(own):
            shares[split] = round(100 * float(np.isin(own, known).mean()), 4)
    return shares


def _sums(path: Path) -> NDArray[np.uint64]:
    """Return a number for each longer text of a split, the same for the same words: 64 bits, so that others hardly share it."""
    return np.concatenate([np.zeros(0, dtype=np.uint64), *map(_sums_of, read_column(path))])


def _sums_of(piece: CodedColumn) -> NDArray[np.uint64]:
    words = np.array(
        [int.from_bytes(blake2b(word.encode(), digest_size=8).digest(), "little") for word in piece.strings], np.uint64
    )
    asked = piece.lengths >= SHORTEST
    if not asked.any():
        return np.zeros(0, dtype=np.uint64)
    starts = np.cumsum(piece.lengths) - piece.lengths
    powers = np.cumprod(np.full(int(piece.lengths.max()), BASE, dtype=np.uint64))
    places = np.arange(len(piece.codes)) - np.repeat(starts, piece.lengths)
    sums: NDArray[np.uint64] = np.add.reduceat(words[piece.codes] * powers[places], starts[piece.lengths > 0])
    return sums[asked[piece.lengths > 0]]
