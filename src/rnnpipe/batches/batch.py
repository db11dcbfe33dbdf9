"""Documents as padded tensors of ids with their targets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from rnnpipe.batches.plans import Rows
from rnnpipe.text.encoded import EncodedSplit
from rnnpipe.text.vocabulary import EOS, PAD

IGNORED = -100
"""Target of a position that is not to be predicted; the `ignore_index` of torch's cross entropy."""


class Features(NamedTuple):
    """What a tagger reads of words beside their ids."""

    words: Tensor
    """(B, T) int64, the number of each word among the batch's different ones; anything behind a sentence's end."""
    characters: Tensor
    """(W, L) int64, the bytes of each different word, each plus one; 0 behind a word's end."""
    shapes: Tensor
    """(B, T) int64, in `SHAPES`, the first word of a sentence as many numbers further."""
    elsewhere: Tensor
    """(B, T) int64, how the word is written at other places of its article, see `ELSEWHERE`."""
    groups: Tensor
    """(B, T) int64, words of one number are the same in the same article; -1 behind a sentence's end."""
    columns: Tensor
    """(B, T, K) int64, of each further column the number of its value."""
    states: Tensor
    """(B, T, C) float32, of language models at each word; 0 behind a sentence's end. C is 0 where there are none."""
    articles: Tensor
    """(B,) int64, the article that each sentence stands in."""

    def of_rows(self, rows: Tensor) -> Features:
        """Return those of some sentences, given by their numbers."""
        of_all = self._asdict()
        return Features(**{name: values if name == "characters" else values[rows] for name, values in of_all.items()})


class Batch(NamedTuple):
    """Some documents, padded to the longest of them."""

    ids: Tensor
    """(B, T) int64, `<pad>` beyond a document's end."""
    lengths: Tensor
    """(B,) int64, in 0..T."""
    targets: Tensor
    """(B,) int64 for one label a document or (B, T) for one a word; `IGNORED` where there is none."""
    total: int
    """Targets that are not `IGNORED`; in the share of one process those of the whole batch, all processes together."""
    features: Features | None = None
    """Of words, for taggers that ask for them."""


Entry = Any
"""What stands in one batch: numbers of documents, or the number of a window."""


@dataclass(frozen=True)
class Batches:
    """The batches of one split."""

    plan: Callable[[int], Sequence[Entry]]
    """The entries of an epoch (counted from 0), equally many in each."""
    make: Callable[[Entry], Batch]
    tokens: int
    """Words that are read in an epoch, for speeds."""


def share_of(batch: Batch, rank: int, processes: int) -> Batch:
    """Return the rows of a batch that one of several processes works on.

    A batch smaller than the number of processes would leave some without work, and the others would wait for them for
    ever: such a process reads the first row too, but has nothing to predict in it. An article stays with one process.
    """
    features = batch.features
    texts = torch.arange(len(batch.lengths)) if features is None else torch.unique(features.articles, return_inverse=True)[1]
    mine = torch.nonzero(texts % processes == rank)[:, 0]
    rows, targets = (mine, batch.targets[mine]) if len(mine) else (mine.new_zeros(1), torch.full_like(batch.targets[:1], IGNORED))
    own = None if features is None else features.of_rows(rows)
    return batch._replace(ids=batch.ids[rows], lengths=batch.lengths[rows], targets=targets, features=own)


def pad(values: NDArray[Any], starts: NDArray[np.int64], lengths: NDArray[np.int64], filling: int) -> Tensor:
    """Gather slices of one long array into a (B, T) int64 tensor, T the longest, filled up at their ends."""
    steps = np.arange(max(int(lengths.max(initial=0)), 1))
    inside = steps < lengths[:, None]
    padded = np.full(inside.shape, filling, dtype=np.int64)
    padded[inside] = values[(starts[:, None] + steps)[inside]]
    return torch.from_numpy(padded)


def slices(split: EncodedSplit, rows: Rows, max_length: int | None = None) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return (starts, lengths) of documents; of a longer one the last `max_length` words."""
    ends = split.offsets[rows + 1]
    lengths = ends - split.offsets[rows]
    if max_length is not None:
        lengths = np.minimum(lengths, max_length)
    return ends - lengths, lengths


def classification_batch(split: EncodedSplit, rows: Rows, max_length: int | None = None) -> Batch:
    """Documents with one label each; a document without label has the target `IGNORED`."""
    starts, lengths = slices(split, rows, max_length)
    labels = np.full(len(rows), -1) if split.labels is None else split.labels[rows].astype(np.int64)
    targets = torch.from_numpy(np.where(labels < 0, IGNORED, labels))
    return _batch(pad(split.ids, starts, lengths, PAD), lengths, targets)


def tagging_batch(split: EncodedSplit, rows: Rows) -> Batch:
    """Sentences with one tag for each word; where nobody knows the tags all targets are `IGNORED`."""
    starts, lengths = slices(split, rows)
    ids = pad(split.ids, starts, lengths, PAD)
    targets = torch.full_like(ids, IGNORED) if split.tags is None else pad(split.tags, starts, lengths, IGNORED)
    return _batch(ids, lengths, targets)


def sentence_batch(split: EncodedSplit, rows: Rows) -> Batch:
    """Documents for a language model that begins each one anew.

    It reads `<eos> w1 … wn` and is to predict `w1 … wn <eos>`: n + 1 predictions, and none for padding.
    """
    starts, lengths = slices(split, rows)
    words = pad(split.ids, starts, lengths, PAD)  # (B, T)
    column = torch.full((len(rows), 1), EOS)
    inputs = torch.cat([column, words], dim=1)  # (B, T + 1)
    targets = torch.cat([words, column], dim=1)
    ends = torch.from_numpy(lengths)[:, None]
    steps = torch.arange(targets.shape[1])
    targets = targets.masked_fill(steps == ends, EOS).masked_fill(steps > ends, IGNORED)
    return _batch(inputs, lengths + 1, targets)


def _batch(ids: Tensor, lengths: NDArray[np.int64], targets: Tensor) -> Batch:
    return Batch(ids, torch.from_numpy(lengths), targets, int((targets != IGNORED).sum()))
