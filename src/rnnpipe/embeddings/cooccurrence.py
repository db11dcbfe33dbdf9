"""Weighted counts of word pairs: the X of GloVe (Pennington et al. 2014, sections 3 and 4.2).

Two words that stand d tokens apart in one document, d at most the window, add 1/d to their count. Reserved tokens keep their
place, so that no distance shrinks, but form no pairs: `<unk>` gets no counts. (Stanford's program drops unknown words
first, and what stood around them moves together.)
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.common.files import read_json, write_json
from rnnpipe.text.encoding import EncodedSplit
from rnnpipe.text.vocabulary import RESERVED, Vocabulary

ENTRY = np.dtype([("i", "<i4"), ("j", "<i4"), ("x", "<f4")])
"""One non-zero count: word i, word j of its context, weighted count x."""

BORDER = -1
"""Stands between documents."""
FIRST_WORD = len(RESERVED)
ONE = 2**32
"""Counts are summed as integers, in units of 2**-32: exact in any order, and closer to 1/d than float32 can tell."""
SHARD_ENTRIES = 2**24
"""Entries in one file (192 MiB), and so the most that are held in memory."""


@dataclass(frozen=True)
class Cooccurrence:
    """Counts as read from disk."""

    entries: NDArray[np.void]
    """Shape (N,), dtype `ENTRY`, sorted by (i, j)."""
    vocabulary: Vocabulary


def document_stream(splits: Sequence[EncodedSplit]) -> NDArray[np.int32]:
    """Return the ids of all documents with a `BORDER` before the first and after each one, shape (tokens + documents + 1,)."""
    parts = [np.insert(split.ids.astype(np.int32), split.offsets[1:], BORDER) for split in splits]
    return np.concatenate([np.array([BORDER], dtype=np.int32), *parts])


def count_pairs(stream: NDArray[np.int32], vocabulary_size: int, window: int, symmetric: bool) -> Iterator[NDArray[np.void]]:
    """Count the contexts of each word.

    Parameters
    ----------
    stream : ndarray of shape (N,), dtype=int32
        Of `document_stream`.
    vocabulary_size : int
        V.
    window : int
        Tokens to each side, at least 1.
    symmetric : bool
        Context to both sides; otherwise to the left alone.

    Yields
    ------
    ndarray, dtype=ENTRY
        The row of one word, sorted by j; words without context have none.
    """
    places = np.argsort(stream, kind="stable")
    starts = np.searchsorted(stream, np.arange(vocabulary_size + 1), sorter=places)
    directions = np.array([-1, 1] if symmetric else [-1])
    weights = np.array([0, *(round(ONE / distance) for distance in range(1, window + 1))])
    counts = np.zeros(vocabulary_size, dtype=np.int64)
    touched = np.empty(vocabulary_size, dtype=np.int32)
    for word in range(FIRST_WORD, vocabulary_size):
        found = _count_row(places[starts[word] : starts[word + 1]], stream, directions, weights, counts, touched)
        context = np.sort(touched[:found])
        row = np.empty(found, dtype=ENTRY)
        row["i"], row["j"], row["x"] = word, context, counts[context] / ONE
        counts[context] = 0
        if found:
            yield row


@njit
def _count_row(places: Any, stream: Any, directions: Any, weights: Any, counts: Any, touched: Any) -> int:
    """Add the contexts of one word to `counts` (V,), zero before; list the words met in `touched`; return how many."""
    found = 0
    for place in places:
        for direction in directions:
            for distance in range(1, len(weights)):
                other = stream[place + direction * distance]
                if other == BORDER:
                    break
                if other < FIRST_WORD:
                    continue
                if counts[other] == 0:
                    touched[found] = other
                    found += 1
                counts[other] += weights[distance]
    return found


def save_cooccurrence(
    directory: Path, rows: Iterator[NDArray[np.void]], vocabulary: Vocabulary, window: int, symmetric: bool
) -> int:
    """Write rows as they come into `shard-00000.npy` …, with `meta.json` and `vocabulary.tsv`; return the number of entries.

    Raises
    ------
    RnnpipeError
        There is no pair at all.
    """
    entries, shards = 0, 0
    held: list[NDArray[np.void]] = []
    end = np.empty(0, dtype=ENTRY)
    for row in chain(rows, [end]):
        held.append(row)
        entries += len(row)
        if row is end or entries >= (shards + 1) * SHARD_ENTRIES:
            np.save(directory / f"shard-{shards:05}.npy", np.concatenate(held))
            held, shards = [], shards + 1
    if entries == 0:
        raise RnnpipeError("no two words of the vocabulary stand together in a document; give a larger corpus or vocabulary")
    vocabulary.save(directory / "vocabulary.tsv")
    meta = {"window": window, "symmetric": symmetric, "entries": entries}
    write_json(directory / "meta.json", {**meta, "vocabulary_sha256": vocabulary.sha256, "vocabulary_size": len(vocabulary)})
    return entries


def load_cooccurrence(directory: Path) -> Cooccurrence:
    """Read what `save_cooccurrence` wrote.

    Raises
    ------
    RnnpipeError
        A file is missing or damaged.
    """
    meta = read_json(directory / "meta.json")
    vocabulary = Vocabulary.from_file(directory / "vocabulary.tsv")
    try:
        shards = [np.load(path, allow_pickle=False) for path in sorted(directory.glob("shard-*.npy"))]
    except (OSError, ValueError) as error:
        raise RnnpipeError(f"{directory}: damaged shard ({error}); run the stage count_cooccurrence again") from None
    entries = np.concatenate(shards) if shards else np.empty(0, dtype=ENTRY)
    if len(entries) != meta["entries"] or vocabulary.sha256 != meta["vocabulary_sha256"]:
        raise RnnpipeError(f"{directory}: the shards or vocabulary.tsv are not those of meta.json; run its stage again")
    return Cooccurrence(entries, vocabulary)
