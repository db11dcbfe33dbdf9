"""Kernels of counting: rows of counts from the positions of each word, and rows added up.

Compiled kernels are kept on disk (`cache`), and numba looks at changes of their own file alone: a kernel calls none elsewhere.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit, types
from numba.extending import intrinsic

from rnnpipe.embeddings.counting.positions import BORDER, FIRST_WORD
from rnnpipe.text.vocabulary import UNK

ONE = 2**32
"""Counts are summed as integers, in units of 2**-32: exact in any order, and closer to 1/d than float32 can tell."""
WORD = np.uint64(64)
"""Bits in a word of a bit map."""


def _trailing_zeros(typing: Any, bits: Any) -> Any:
    """Return the type and the code of: the number of the lowest bit that is set in a uint64 other than 0."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.cttz(arguments[0], context.get_constant(types.boolean, True))

    return types.uint64(types.uint64), generate


trailing_zeros: Any = intrinsic(_trailing_zeros)


@njit(nogil=True, cache=True)
def _add_contexts(positions: Any, stream: Any, direction: int, weights: Any, counts: Any) -> None:
    for position in positions:
        for distance in range(1, len(weights)):
            other = stream[position + direction * distance]
            if other == BORDER:
                break
            counts[other] += weights[distance]


@njit(nogil=True, cache=True)
def _add_and_note(positions: Any, stream: Any, direction: int, weights: Any, counts: Any, met: Any, found: int) -> int:
    """Do as `_add_contexts`; note in `met` the words whose count was 0, `found` are there already; return how many are now."""
    for position in positions:
        for distance in range(1, len(weights)):
            other = stream[position + direction * distance]
            if other == BORDER:
                break
            count = counts[other]
            met[found] = other  # without a branch: processors guess it badly
            found += count == 0
            counts[other] = count + weights[distance]
    return found


@njit(nogil=True, cache=True)
def _collect_all(counts: Any, words: Any, units: Any, end: int) -> int:
    """Move all counts other than 0 to `words`, `units` from `end` on, by word; return the new end."""
    for word in range(FIRST_WORD, len(counts)):
        words[end], units[end] = word, counts[word]
        end += counts[word] != 0
        counts[word] = 0
    return end


@njit(nogil=True, cache=True)
def _collect_met(met: Any, counts: Any, bits: Any, words: Any, units: Any, end: int) -> int:
    """Do as `_collect_all` for the words of `met`, sorted by setting bits and reading them in order: linear in their number."""
    marks, heads = bits
    for k in range(len(met)):
        word = np.uint64(met[k])
        marks[word // WORD] |= np.uint64(1) << word % WORD
        heads[word // WORD // WORD] |= np.uint64(1) << word // WORD % WORD
    for head in range(len(heads)):
        while heads[head]:
            mark = np.uint64(head) * WORD + trailing_zeros(heads[head])
            heads[head] &= heads[head] - np.uint64(1)
            while marks[mark]:
                word = mark * WORD + trailing_zeros(marks[mark])
                marks[mark] &= marks[mark] - np.uint64(1)
                words[end], units[end] = word, counts[word]
                counts[word] = 0
                end += 1
    return end


@njit(nogil=True, cache=True)
def count_rows(index: Any, stream: Any, span: Any, weights: Any, symmetric: bool, scratch: Any, out: Any) -> int:
    """Count the contexts of the words span[0] … span[1] - 1.

    Parameters
    ----------
    index : (starts, positions) of `positions.index_positions`
    stream : of `positions.lay_out`
    weights : ndarray of shape (window + 1,), dtype=int64
        Of each distance, in units of 1 / ONE.
    scratch : of `rows.new_scratch`
    out : (lengths, words, units)
        Filled: entries of each row; then rows one after the other, sorted by word. One entry longer than needed.

    Returns
    -------
    int
        Entries of all rows.
    """
    starts, positions = index
    counts, met, bits = scratch
    lengths, words, units = out
    end = 0
    for word in range(span[0], span[1]):
        begin = end
        at = positions[starts[word] : starts[word + 1]]
        if len(at) * (len(weights) - 1) > len(counts):
            _add_contexts(at, stream, -1, weights, counts)
            if symmetric:
                _add_contexts(at, stream, 1, weights, counts)
            end = _collect_all(counts, words, units, end)
        else:
            counts[UNK] = 1  # so that it is never met
            found = _add_and_note(at, stream, -1, weights, counts, met, 0)
            if symmetric:
                found = _add_and_note(at, stream, 1, weights, counts, met, found)
            end = _collect_met(met[:found], counts, bits, words, units, end)
        counts[UNK] = 0
        lengths[word - span[0]] = end - begin
    return end


@njit(nogil=True, cache=True)
def add_rows(starts: Any, parts: Any, scratch: Any, out: Any) -> int:
    """Add up the rows of several runs.

    Parameters
    ----------
    starts : ndarray of shape (R, rows + 1), dtype=int64
        Row n of run r is starts[r, n]:starts[r, n + 1] of `parts`.
    parts : (words, units)
    scratch, out : as in `count_rows`
    """
    counts, met, bits = scratch
    lengths, words, units = out
    end = 0
    for row in range(starts.shape[1] - 1):
        begin, found = end, 0
        for run in range(len(starts)):
            for k in range(starts[run, row], starts[run, row + 1]):
                word = parts[0][k]
                met[found] = word
                found += counts[word] == 0
                counts[word] += parts[1][k]
        end = _collect_met(met[:found], counts, bits, words, units, end)
        lengths[row] = end - begin
    return end


@njit(nogil=True, cache=True)
def to_entries(first: int, rows: Any, entries: Any) -> None:
    """Fill `entries` (dtype ENTRY) with rows (lengths, words, units) of the words from `first` on."""
    lengths, words, units = rows
    end = 0
    for row in range(len(lengths)):
        begin, end = end, end + lengths[row]
        for n in range(begin, end):
            entries[n].i = first + row
            entries[n].j = words[n]
            # Rounded once, from the integer; to divide by a power of two is exact.
            entries[n].x = np.float32(units[n]) * np.float32(1 / ONE)
