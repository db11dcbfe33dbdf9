"""Training examples of the window network: words around a target (slide "Other context/target pairs").

Unknown words are left out before the window is laid, as in Word2Vec, so that a context always holds words with a vector.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.params import WindowRun
from rnnpipe.text.encoded import EncodedSplit
from rnnpipe.text.vocabulary import RESERVED

PADDING = 0
"""Row of a context word that lies outside the document."""
CHUNK = 1 << 18
"""Tokens whose examples are in memory at once. Chosen: 20 MB at 8 words a context, and still well mixed."""
_BEFORE, _AFTER = (-4, -3, -2, -1), (1, 2, 3, 4)
POSITIONS = {"previous_4": _BEFORE, "previous_1": (-1,), "around_4": _BEFORE + _AFTER}
"""Context → positions of its words, counted from the target; `nearby_1` draws its position."""

Ids = NDArray[np.int64]


@dataclass(frozen=True)
class Stream:
    """The known words of all documents, one after the other."""

    words: NDArray[np.int32]
    """Shape (N,), 1 to W: rank of each word, from 1, among the W words that occur, in the order of the vocabulary."""
    offsets: NDArray[np.int64]
    """Shape (documents + 1,): document i is words[offsets[i]:offsets[i + 1]]."""
    counts: NDArray[np.int64]
    """Shape (V,): occurrences of each word of the vocabulary, reserved tokens 0."""

    @property
    def occurring(self) -> NDArray[np.int64]:
        """Occurrences of the W words that occur, shape (W,); word w has occurring[w - 1]."""
        return self.counts[self.counts > 0]


@dataclass(frozen=True)
class Examples:
    """Targets with their contexts."""

    contexts: Ids
    """Shape (B, C): words from 1, `PADDING` outside the document."""
    targets: Ids
    """Shape (B,): words from 0, for no target is padding."""


def read_stream(splits: Sequence[EncodedSplit], vocabulary_size: int) -> Stream:
    """Join the splits and drop reserved tokens.

    Raises
    ------
    RnnpipeError
        A split holds an id that the vocabulary does not have.
    """
    counts = np.zeros(vocabulary_size, dtype=np.int64)
    for split in splits:
        found = np.bincount(split.ids, minlength=vocabulary_size)
        if len(found) > vocabulary_size:
            raise RnnpipeError(f"id {len(found) - 1} in a vocabulary of {vocabulary_size}; encode the corpus with its vocabulary")
        counts += found
    counts[: len(RESERVED)] = 0
    ranks = np.cumsum(counts > 0, dtype=np.int32)
    words, offsets = [np.zeros(0, dtype=np.int32)], [np.zeros(1, dtype=np.int64)]
    for split in splits:
        dropped = np.flatnonzero(split.ids < len(RESERVED))
        kept = split.offsets - np.searchsorted(dropped, split.offsets)
        offsets.append(offsets[-1][-1] + kept[1:])
        words.append(ranks[split.ids[split.ids >= len(RESERVED)]])
    return Stream(np.concatenate(words), np.concatenate(offsets), counts)


def epoch_examples(stream: Stream, run: WindowRun, seed: int) -> Iterator[tuple[float, Examples]]:
    """Yield every target of an epoch once, in batches of a random order, with the share of the epoch done before each.

    Chunks of the text come in a random order, the targets of a chunk in another; only the examples of one chunk are in memory.
    Targets without any context word, as in documents of one word, are skipped.

    Parameters
    ----------
    stream : Stream
    run : WindowRun
        `context`, `window`, `subsample` and `batch_size` count.
    seed : int
        Of the order, the nearby words and the thinning: another one for each epoch.
    """
    rng = np.random.default_rng(seed)
    starts = rng.permutation(np.arange(0, len(stream.words), CHUNK))
    keep = keep_shares(stream.occurring, run.subsample)
    for done, start in enumerate(starts):
        positions = np.arange(start, min(start + CHUNK, len(stream.words)))
        if run.subsample:
            positions = positions[rng.random(len(positions)) < keep[stream.words[positions] - 1]]
        examples = examples_at(stream, rng.permutation(positions), run, rng)
        for first in range(0, len(examples.targets), run.batch_size):
            batch = slice(first, first + run.batch_size)
            share = (done + first / len(examples.targets)) / len(starts)
            yield share, Examples(examples.contexts[batch], examples.targets[batch])


def keep_shares(counts: Ids, threshold: float) -> NDArray[np.float64]:
    """Return the share of each word's occurrences that thinning keeps: sqrt(t / f) + t / f, at most 1, as Google's word2vec.

    Parameters
    ----------
    counts : ndarray of shape (W,), dtype=int64
        All above 0.
    threshold : float
        t, a share of all words; 0: all are kept.
    """
    if not threshold:
        return np.ones(len(counts))
    ratio = threshold * counts.sum() / counts
    shares: NDArray[np.float64] = np.minimum(1.0, np.sqrt(ratio) + ratio)
    return shares


def examples_at(stream: Stream, positions: Ids, run: WindowRun, rng: np.random.Generator) -> Examples:
    """Return the examples whose targets stand at the given positions, those without any context word apart."""
    document = np.searchsorted(stream.offsets, positions, side="right") - 1
    first, last = stream.offsets[document], stream.offsets[document + 1] - 1
    positions, first, last = (array[first < last] for array in (positions, first, last))
    if run.context == "nearby_1":
        around = positions[:, None] + _nearby(positions, first, last, run.window, rng)[:, None]
    else:
        around = positions[:, None] + np.array(POSITIONS[run.context])  # (B, C)
    inside = (around >= first[:, None]) & (around <= last[:, None])
    contexts = np.where(inside, stream.words[around.clip(0, len(stream.words) - 1)], PADDING).astype(np.int64)
    some = inside.any(axis=1)
    return Examples(contexts[some], stream.words[positions[some]].astype(np.int64) - 1)


def _nearby(positions: Ids, first: Ids, last: Ids, window: int, rng: np.random.Generator) -> Ids:
    """Draw for each target a position within `window` and its document, all equally likely; counted from the target, never 0."""
    left = np.minimum(window, positions - first)
    right = np.minimum(window, last - positions)
    drawn: Ids = rng.integers(left + right)
    positions_from_target: Ids = np.where(drawn < left, drawn - left, drawn - left + 1)
    return positions_from_target
