"""Kernel that splits bytes into words and numbers the words by first appearance, in a hash table."""

from __future__ import annotations

from typing import Any, NamedTuple, Self

import numpy as np
from numba import njit
from numpy.typing import NDArray

NEWLINE = 10
SPACE = 32
HALF = np.uint64(32)
"""Bits of a hash that the table keeps."""
FNV_BASIS, FNV_PRIME, MIX = np.uint64(0xCBF29CE484222325), np.uint64(0x100000001B3), np.uint64(0x9E3779B97F4A7C15)


class Words(NamedTuple):
    """All words met so far."""

    table: NDArray[np.uint64]
    """Open addressing, a power of two long and at most half full: upper half of a word's hash, and number + 1; 0: free."""
    ends: NDArray[np.int64]
    """Word n is letters[ends[n]:ends[n + 1]]."""
    counts: NDArray[np.int64]
    letters: NDArray[np.uint8]
    totals: NDArray[np.int64]
    """Shape (3,): words, tokens, and tokens up to the last document's end."""

    @classmethod
    def with_room(cls, words: int, letters: int) -> Self:
        """Return an empty table with room for `words` words (a power of two) of `letters` bytes together."""
        table = np.zeros(2 * words, np.uint64)
        ends, counts = np.zeros(words + 1, np.int64), np.zeros(words, np.int64)
        return cls(table, ends, counts, np.zeros(letters, np.uint8), np.zeros(3, np.int64))

    def grown(self, letters: int) -> Self:
        """Return a copy with twice the room for words, and for `letters` bytes more than twice those of now."""
        new = self.with_room(2 * len(self.counts), 2 * len(self.letters) + letters)
        new.ends[: len(self.ends)] = self.ends
        new.counts[: len(self.counts)] = self.counts
        new.letters[: len(self.letters)] = self.letters
        new.totals[:] = self.totals
        refill(self.table, new.table)
        return new

    def tokens(self) -> list[bytes]:
        """Return the words by number."""
        letters, ends = self.letters.tobytes(), self.ends[: self.totals[0] + 1].tolist()
        return [letters[begin:end] for begin, end in zip(ends[:-1], ends[1:], strict=True)]


@njit(nogil=True, cache=True)
def refill(old: Any, new: Any) -> None:
    """Put the entries of a table into a larger, empty one."""
    mask = np.uint64(len(new) - 1)
    for entry in old:
        if entry:
            slot = (entry >> HALF) & mask
            while new[slot]:
                slot = (slot + np.uint64(1)) & mask
            new[slot] = entry


@njit(nogil=True, cache=True)
def _is_space(byte: Any) -> Any:
    """Tell ASCII white space, as `bytes.split` does: blank, tab, line feed, vertical tab, form feed, carriage return."""
    return byte <= SPACE and (byte == SPACE or 9 <= byte <= 13)


@njit(nogil=True, cache=True)
def number_word(data: Any, begin: int, end: int, hashed: Any, words: Any) -> Any:
    """Return the number of the word data[begin:end], a new one if need be; -1: there is no room for a new one."""
    table, ends, counts, letters, totals = words
    mask = np.uint64(len(table) - 1)
    slot = hashed >> HALF & mask
    while table[slot]:
        if table[slot] >> HALF == hashed >> HALF:
            number = np.int64(table[slot] & np.uint64(0xFFFFFFFF)) - 1
            start, length = ends[number], end - begin
            equal = ends[number + 1] - start == length
            place = 0
            while equal and place < length:
                equal = letters[start + place] == data[begin + place]
                place += 1
            if equal:
                return number
        slot = (slot + np.uint64(1)) & mask
    number = totals[0]
    start = ends[number]
    if number == len(counts) or start + end - begin > len(letters):
        return -1
    for place in range(begin, end):
        letters[start + place - begin] = data[place]
    ends[number + 1] = start + end - begin
    table[slot] = hashed >> HALF << HALF | np.uint64(number + 1)
    totals[0] += 1
    return number


@njit(nogil=True, cache=True)
def split_words(data: Any, place: int, words: Any, numbers: Any, offsets: Any) -> Any:
    """Give each word of data[place:] its number, and count it.

    Parameters
    ----------
    data : ndarray, dtype=uint8
        Ends with white space.
    place : int
    words : Words
        Completed.
    numbers : ndarray, dtype=int32
        Filled with the number of each token; half as long as `data` is enough.
    offsets : ndarray, dtype=int64
        Filled with the tokens from the start of the text to the end of each line that has any; as long as `numbers`.

    Returns
    -------
    place, tokens, documents : int
        Where to go on once `words` has grown, or the length of `data`; how many numbers and offsets were filled.
    """
    tokens, documents = 0, 0
    while place < len(data):
        if _is_space(data[place]):
            if data[place] == NEWLINE and words.totals[1] > words.totals[2]:
                words.totals[2] = offsets[documents] = words.totals[1]
                documents += 1
            place += 1
            continue
        begin, hashed = place, FNV_BASIS
        while not _is_space(data[place]):
            hashed = (hashed ^ data[place]) * FNV_PRIME
            place += 1
        number = number_word(data, begin, place, (hashed ^ hashed >> HALF) * MIX, words)
        if number < 0:
            return begin, tokens, documents
        words.counts[number] += 1
        words.totals[1] += 1
        numbers[tokens] = number
        tokens += 1
    return place, tokens, documents
