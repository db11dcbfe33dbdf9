"""Who stands with whom in a batch: a pure function of lengths, seed and epoch.

With several processes every one of them makes the same plan and takes its share of each batch, so that all do equally many
steps.
"""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

POOL = 50
"""Batches whose documents are sorted by length together: large enough for little padding, small enough for much chance."""

Rows = NDArray[np.int64]
"""Numbers of documents that stand in one batch."""


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


def article_plan(
    articles: NDArray[np.integer[Any]], lengths: NDArray[np.int64], batch_size: int, seed: int | None = None, epoch: int = 0
) -> list[Rows]:
    """Divide sentences into batches of whole articles.

    Parameters
    ----------
    articles : ndarray of shape (sentences,), dtype=integer
        Article of each sentence; those of one article stand one behind the other.
    lengths : ndarray of shape (sentences,), dtype=int64
        Words of each sentence.
    batch_size : int
        Sentences in a batch on average, as far as articles let it; all batches hold equally many words as far as they do.
    seed, epoch : int, optional
        As of `batch_plan`; without a seed articles stay in their order.

    Returns
    -------
    list of ndarray
        Always equally many batches.
    """
    starts = np.flatnonzero(np.diff(articles, prepend=articles[:1] - 1))
    ends = np.append(starts[1:], len(articles))
    generator = np.random.default_rng([seed, epoch]) if seed is not None else None
    order = np.arange(len(starts)) if generator is None else generator.permutation(len(starts))
    words = np.add.reduceat(lengths, starts) if len(starts) else np.zeros(0, dtype=np.int64)
    in_a_batch = max(1, round(batch_size * len(starts) / max(len(articles), 1)))
    chosen = _cut_by_words(order, words, in_a_batch)
    return [np.concatenate([np.arange(starts[one], ends[one]) for one in some]) for some in chosen]


def _cut(rows: Rows, batch_size: int) -> list[Rows]:
    return [rows[start : start + batch_size] for start in range(0, len(rows), batch_size)]


def _cut_by_words(rows: Rows, lengths: NDArray[np.int64], batch_size: int) -> list[Rows]:
    count = -(-len(rows) // batch_size)
    words = np.cumsum(lengths[rows])
    cuts = np.arange(1, count)
    edges = np.searchsorted(words, cuts * (words[-1] / count)) if count else cuts
    # No batch is empty, be a document as long as several batches.
    edges = np.maximum.accumulate(np.maximum(edges, cuts) - cuts) + cuts
    return np.split(rows, np.minimum(edges, len(rows) - count + cuts)) if count else []
