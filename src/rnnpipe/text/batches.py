"""From documents to batches: who stands with whom is a pure function of lengths, seed and epoch.

Nothing here knows of training: evaluation uses the same batches. With several processes every one of them makes the same
plan and takes its share of each batch, so that all do equally many steps.
"""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from rnnpipe.text.encoded import EncodedSplit
from rnnpipe.text.vocabulary import EOS, PAD

IGNORED = -100
"""Target of a place that is not to be predicted; the `ignore_index` of torch's cross entropy."""
POOL = 50
"""Batches whose documents are sorted by length together: large enough for little padding, small enough for much chance."""

Rows = NDArray[np.int64]
"""Numbers of documents that stand in one batch."""


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


def batch_plan(
    lengths: NDArray[np.int64], batch_size: int, seed: int, epoch: int, equal: Literal["documents", "words"] = "documents"
) -> list[Rows]:
    """Divide documents into batches of similar length, in an order that differs from epoch to epoch.

    Parameters
    ----------
    lengths : ndarray of shape (documents,), dtype=int64
        Words of each document.
    batch_size : int
        Documents in a batch; one batch holds the rest.
    seed, epoch : int
        The plan is a pure function of them, so that a resumed training sees what an unbroken one would have seen.
    equal : {"documents", "words"}, default="documents"
        What all batches have the same number of. Where every word is predicted it must be words: a step follows the mean of
        its batch, so in a batch of as many long documents each word would count for less than in one of short documents,
        and a language model would learn to write short sentences.

    Returns
    -------
    list of ndarray
        Always ceil(documents / batch_size) batches; each document stands in just one of them.
    """
    generator = np.random.default_rng([seed, epoch])
    order = generator.permutation(len(lengths))
    pool = batch_size * POOL
    pools = [order[start : start + pool] for start in range(0, len(order), pool)]
    by_length = np.concatenate([rows[np.argsort(lengths[rows], kind="stable")] for rows in pools] or [order])
    batches = _cut(by_length, batch_size) if equal == "documents" else _cut_by_words(by_length, lengths, batch_size)
    return [batches[index] for index in generator.permutation(len(batches))]


def sorted_plan(lengths: NDArray[np.int64], batch_size: int) -> list[Rows]:
    """Divide documents into batches from the shortest to the longest: the least padding, for evaluation."""
    return _cut(np.argsort(lengths, kind="stable"), batch_size)


def _cut(rows: Rows, batch_size: int) -> list[Rows]:
    return [rows[start : start + batch_size] for start in range(0, len(rows), batch_size)]


def _cut_by_words(rows: Rows, lengths: NDArray[np.int64], batch_size: int) -> list[Rows]:
    count = -(-len(rows) // batch_size)
    words = np.cumsum(lengths[rows])
    places = np.arange(1, count)
    edges = np.searchsorted(words, places * (words[-1] / count)) if count else places
    # No batch is empty, be a document as long as several batches.
    edges = np.maximum.accumulate(np.maximum(edges, places) - places) + places
    return np.split(rows, np.minimum(edges, len(rows) - count + places)) if count else []


def share_of(batch: Batch, rank: int, processes: int) -> Batch:
    """Return the rows of a batch that one of several processes works on.

    A batch smaller than the number of processes would leave some without work, and the others would wait for them for
    ever: such a process reads the first row too, but has nothing to predict in it.
    """
    if rank >= len(batch.lengths):
        return batch._replace(ids=batch.ids[:1], lengths=batch.lengths[:1], targets=torch.full_like(batch.targets[:1], IGNORED))
    mine = slice(rank, None, processes)
    return batch._replace(ids=batch.ids[mine], lengths=batch.lengths[mine], targets=batch.targets[mine])


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
    """Sentences with one tag for each word."""
    if split.tags is None:
        raise ValueError("a corpus without tags")
    starts, lengths = slices(split, rows)
    return _batch(pad(split.ids, starts, lengths, PAD), lengths, pad(split.tags, starts, lengths, IGNORED))


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
