"""Minimal pairs: one beginning of a sentence and two ways to go on, as ids.

On disk a pair is three documents, one after the other: prefix, good, bad.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rnnpipe.common.arrays import open_array
from rnnpipe.text.vocabulary import UNK

FOLDER = "pairs"
"""In the directory of a tokenized or encoded corpus; only if it has pairs."""
GROUPS = "groups.tsv"
"""In that folder, where pairs are told apart by more than distance: group and attractors of each, parted by a tab."""
TEXTS = 3
UNKNOWN = -1
"""A distance or a number of attractors that nobody told."""


@dataclass(frozen=True, eq=False)
class EncodedPair:
    """A beginning, and two ways to go on of which the language allows the first."""

    distance: int
    """Tokens between the word that decides and the one that is decided, as the pair's author counts them, or `UNKNOWN`."""
    prefix: NDArray[np.int64]
    """Ids, shape (T,); may be empty."""
    good: NDArray[np.int64]
    """Ids, shape (at least 1,): the tokenizer may cut a word into several, letters for instance."""
    bad: NDArray[np.int64]
    group: str = ""
    """What it asks; empty: nothing is said."""
    attractors: int = UNKNOWN
    """Words between the two that would decide otherwise."""

    @property
    def is_covered(self) -> bool:
        """Whether the vocabulary has all words that it asks about; those before them may be unknown."""
        return not (np.any(self.good == UNK) or np.any(self.bad == UNK))


def open_pairs(encoded: Path, count: int) -> list[EncodedPair]:
    """Read the pairs of an encoded corpus, which has `count` of them."""
    if not count:
        return []
    folder = encoded / FOLDER
    distances = open_array(folder / "distances.npy", count, "encode").tolist()
    offsets = open_array(folder / "offsets.npy", TEXTS * count + 1, "encode")
    ids = np.asarray(open_array(folder / "ids.npy", int(offsets[-1]), "encode"))
    texts = np.split(ids, offsets[1:-1])
    told = _groups(folder / GROUPS) or [("", UNKNOWN)] * count
    beginnings, goods, bads = (texts[place::TEXTS] for place in range(TEXTS))
    return [
        EncodedPair(distance, prefix, good, bad, group, attractors)
        for distance, prefix, good, bad, (group, attractors) in zip(distances, beginnings, goods, bads, told, strict=True)
    ]


def _groups(path: Path) -> list[tuple[str, int]]:
    """Return group and attractors of each pair; nothing without the file."""
    lines = path.read_text(encoding="utf-8").removesuffix("\n").split("\n") if path.is_file() else []
    return [(group, int(attractors)) for group, _, attractors in (line.rpartition("\t") for line in lines)]
