"""Rows of counts, made by several threads and handed on in the order of the words."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from queue import SimpleQueue
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.embeddings.counting.kernels import ONE, add_rows, count_rows
from rnnpipe.embeddings.counting.memory import BLOCK_ENTRIES
from rnnpipe.embeddings.counting.positions import index_positions, lay_out
from rnnpipe.embeddings.counting.runs import Rows, SortedRun
from rnnpipe.embeddings.counting.tokens import read_tokens, with_context
from rnnpipe.params import CooccurrenceSettings
from rnnpipe.text.encoded import EncodedSplit

T = TypeVar("T")
Span = tuple[int, int]
"""Words first … last - 1."""
Scratch = tuple[NDArray[np.int64], NDArray[np.int32], tuple[NDArray[np.uint64], NDArray[np.uint64]]]
"""Counts of all words, 0; words met; one bit for each word, and one for each 64 of those."""


def new_scratch(words: int) -> Scratch:
    """Return what a thread needs to make rows of `words` words."""
    bits = np.zeros(words // 64 + 1, np.uint64), np.zeros(words // 4096 + 1, np.uint64)
    return np.zeros(words, np.int64), np.empty(words + 1, np.int32), bits


def counted_rows(
    splits: Sequence[EncodedSplit], first: int, last: int, words: int, settings: CooccurrenceSettings, threads: int
) -> Iterator[Rows]:
    """Count the contexts of the tokens first … last - 1 of the splits, taken one after the other.

    `words` is V. Yields the rows of all words in order, a block at a time.

    Raises
    ------
    RnnpipeError
        An id is V or more.
    """
    low, high = with_context(splits, first, last, settings.window)
    stream = lay_out(*read_tokens(splits, low, high), words)
    if not len(stream):
        raise RnnpipeError(f"an id is beyond the vocabulary's {words} words; run the stage encode again")
    index = index_positions(stream, first - low, last - low, words)
    window, symmetric = min(settings.window, len(stream)), settings.symmetric
    weights = np.array([0, *(round(ONE / distance) for distance in range(1, window + 1))])
    bounds = np.minimum(np.diff(index[0]) * window * (2 if symmetric else 1), words)

    def work(span: Span, scratch: Scratch) -> Rows:
        out = _room(span, int(bounds[slice(*span)].sum()))
        return _cut(out, count_rows(index, stream, span, weights, symmetric, scratch, out))

    return in_order(work, spans(bounds, words), words, threads)


def merged_rows(runs: Sequence[SortedRun], words: int, threads: int, then: Callable[[int, Rows], T]) -> Iterator[T]:
    """Add up the rows of runs; yield `then(first word, rows)` block by block, called by the threads."""
    starts = np.stack([run.starts for run in runs])  # (R, V + 1)
    totals = np.diff(starts.sum(axis=0))

    def work(span: Span, scratch: Scratch) -> T:
        if len(runs) == 1:
            return then(span[0], runs[0].read(*span))
        own = starts[:, span[0] : span[1] + 1]
        positions = own - own[:, :1]
        ends = np.cumsum(positions[:, -1])
        out, parts = _room(span, int(ends[-1])), _room(span, int(ends[-1]))[1:]
        for run, end, length in zip(runs, ends, positions[:, -1], strict=True):
            parts[0][end - length : end], parts[1][end - length : end] = run.read(*span)[1:]
        positions[1:] += ends[:-1, None]
        return then(span[0], _cut(out, add_rows(positions, parts, scratch, out)))

    return in_order(work, spans(totals, words), words, threads)


def spans(bounds: NDArray[np.int64], words: int) -> list[Span]:
    """Cut all words into spans whose rows have at most BLOCK_ENTRIES entries together, unless one row alone has more."""
    ends = np.cumsum(bounds)
    cuts = [0]
    while cuts[-1] < words:
        before = ends[cuts[-1] - 1] if cuts[-1] else 0
        cuts.append(max(int(np.searchsorted(ends, before + BLOCK_ENTRIES, side="right")), cuts[-1] + 1))
    return list(zip(cuts[:-1], cuts[1:], strict=True))


def in_order(work: Callable[[Span, Scratch], T], items: Iterable[Span], words: int, threads: int) -> Iterator[T]:
    """Yield `work(item, scratch)` in the order of the items; `threads` of them are under way at a time, and one waits."""
    scratches: SimpleQueue[Scratch] = SimpleQueue()
    for _ in range(threads):
        scratches.put(new_scratch(words))

    def run(item: Span) -> T:
        scratch = scratches.get()
        try:
            return work(item, scratch)
        finally:
            scratches.put(scratch)

    if threads == 1:
        yield from map(run, items)
        return
    with ThreadPoolExecutor(threads) as pool:
        waiting: deque[Future[T]] = deque()
        for item in items:
            waiting.append(pool.submit(run, item))
            if len(waiting) > threads:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _room(span: Span, entries: int) -> Rows:
    return np.empty(span[1] - span[0], np.int64), np.empty(entries + 1, np.int32), np.empty(entries + 1, np.int64)


def _cut(rows: Rows, entries: int) -> Rows:
    return rows[0], rows[1][:entries], rows[2][:entries]
