"""Kernels that split bytes into words and number the words by first appearance, in a hash table.

Words are found first and looked up afterwards: together both take thrice as long, as the processor waits for the table at
every end of a word that it guesses wrong.

pyarrow's kernels do the same for ASCII in 1.2 to 1.6 times the time of a `read_plain` (IMDb, 132 MB: 8.4 s against 6.6 s).

Compiled kernels are kept on disk (`cache`), and numba looks at changes of their own file alone: a kernel calls none elsewhere.
"""

from __future__ import annotations

from typing import Any, NamedTuple, Self

import numpy as np
from numba import njit
from numpy.typing import NDArray

NEWLINE, SPACE, WIDE = 10, 32, 0xC2  # bytes; white space that is not ASCII begins with one from WIDE on
SHORT = 8
"""Bytes of a word that its key holds whole."""
ONE, BYTE, HALF = np.uint64(1), np.uint64(8), np.uint64(32)
FNV_BASIS, FNV_PRIME, MIX = np.uint64(0xCBF29CE484222325), np.uint64(0x100000001B3), np.uint64(0x9E3779B97F4A7C15)


class Words(NamedTuple):
    """All words met so far."""

    table: NDArray[np.uint64]
    """Shape (a power of two, 2), at most half full, open addressing: key of a word; its length << 32 | its number + 1, or 0."""
    ends: NDArray[np.int64]
    """Word n is letters[ends[n]:ends[n + 1]]."""
    counts: NDArray[np.int64]
    letters: NDArray[np.uint8]
    total: NDArray[np.int64]
    """Shape (1,): how many words there are."""

    @classmethod
    def with_room(cls, words: int, letters: int) -> Self:
        """Return an empty table with room for `words` words (a power of two) of `letters` bytes together."""
        table = np.zeros((2 * words, 2), np.uint64)
        ends, counts = np.zeros(words + 1, np.int64), np.zeros(words, np.int64)
        return cls(table, ends, counts, np.zeros(letters, np.uint8), np.zeros(1, np.int64))

    def grown(self, letters: int) -> Self:
        """Return a copy with twice the room for words, and for `letters` bytes more than twice those of now."""
        new = self.with_room(2 * len(self.counts), 2 * len(self.letters) + letters)
        refill(self.table, new.table)
        new.ends[: len(self.ends)] = self.ends
        new.counts[: len(self.counts)] = self.counts
        new.letters[: len(self.letters)] = self.letters
        new.total[:] = self.total
        return new

    def tokens(self) -> list[bytes]:
        """Return the words by number."""
        letters, ends = self.letters.tobytes(), self.ends[: self.total[0] + 1].tolist()
        return [letters[begin:end] for begin, end in zip(ends[:-1], ends[1:], strict=True)]


@njit(nogil=True, cache=True)
def _is_space(byte: Any) -> Any:
    """Tell ASCII white space, as `bytes.split` does: blank, tab, line feed, vertical tab, form feed, carriage return."""
    return byte <= SPACE and (byte == SPACE or 9 <= byte <= 13)


@njit(nogil=True, cache=True)
def _wide_space(data: Any, position: Any) -> Any:
    """Return how many bytes the white space takes that begins here and is not ASCII, as Unicode has it; 0 of all else."""
    first, second = data[position], data[position + 1]
    if first == 0xC2:  # next line, no-break space
        return 2 * int(second in (0x85, 0xA0))
    if first == 0xE2 and second == 0x80:  # U+2000 to U+200A, line and paragraph separator, narrow no-break space
        third = data[position + 2]
        return 3 * int(0x80 <= third <= 0x8A or third in (0xA8, 0xA9, 0xAF))
    if first == 0xE2:  # medium mathematical space
        return 3 * int(second == 0x81 and data[position + 2] == 0x9F)
    begins = (first == 0xE1 and second == 0x9A) or (first == 0xE3 and second == 0x80)  # Ogham's space, ideographic space
    return 3 * int(begins and data[position + 2] == 0x80)


@njit(nogil=True, cache=True)
def split_words(data: Any, within: bool, found: Any, offsets: Any) -> Any:
    """Find the words and the documents, which are the lines that have words.

    Parameters
    ----------
    data : ndarray, dtype=uint8
        UTF-8; ends with ASCII white space.
    within : bool
        Whether words of the first line came before.
    found : (keys, begins, ends)
        Filled: word n is data[begins[n]:ends[n]]; its key is its bytes as a number, or, if there are more than SHORT, a hash of
        them. Half as long as `data` is enough, here and below.
    offsets : ndarray, dtype=int64
        Filled: words up to the end of each document.

    Returns
    -------
    words, documents, within : int, int, bool
        How many there are; whether the last line goes on.
    """
    keys, begins, ends = found
    words, documents, position = 0, 0, 0
    while position < len(data):
        byte = data[position]
        if _is_space(byte):
            if byte == NEWLINE and within:
                offsets[documents] = words
                documents += 1
                within = False
            position += 1
            continue
        if byte >= WIDE and _wide_space(data, position):
            position += _wide_space(data, position)
            continue
        begins[words], key = position, np.uint64(0)
        while not (_is_space(byte) or (byte >= WIDE and _wide_space(data, position))):
            key = key << BYTE | np.uint64(byte)
            position += 1
            byte = data[position]
        keys[words] = key if position - begins[words] <= SHORT else _hash(data, begins[words], position)
        ends[words] = position
        words += 1
        within = True
    return words, documents, within


@njit(nogil=True, cache=True)
def number_words(data: Any, found: Any, first: int, words: Any, numbers: Any) -> Any:
    """Give each word that `split_words` found, from the one of number `first` on, its number, and count it.

    Returns
    -------
    int
        Where to go on once `words` has grown, or how many were found.
    """
    keys, begins, ends = found
    # All in one function: to hand arrays to another one for every word takes longer than the look-up.
    table, word_ends, counts, letters, total = words
    mask = np.uint64(len(table) - 1)
    for n in range(first, len(keys)):
        length = ends[n] - begins[n]
        upper = np.uint64(length) << HALF
        slot = _slot(keys[n], upper) & mask
        number = np.int64(-1)
        while number < 0 and table[slot, 1]:
            if table[slot, 0] == keys[n] and table[slot, 1] >> HALF << HALF == upper:
                number = np.int64(table[slot, 1] - upper) - 1
                if length > SHORT and not _equal(data, begins[n], ends[n], letters, word_ends[number]):
                    number = np.int64(-1)
            if number < 0:
                slot = (slot + ONE) & mask
        if number < 0:
            number = total[0]
            end = word_ends[number] + length
            if number == len(counts) or end > len(letters):
                return n
            letters[word_ends[number] : end] = data[begins[n] : ends[n]]
            word_ends[number + 1] = end
            table[slot, 0], table[slot, 1] = keys[n], upper | np.uint64(number + 1)
            total[0] += 1
        counts[number] += 1
        numbers[n] = number
    return len(keys)


@njit(nogil=True, cache=True)
def _slot(key: Any, length: Any) -> Any:
    mixed = (key ^ length) * MIX
    return (mixed ^ mixed >> HALF) * MIX >> HALF


@njit(nogil=True, cache=True)
def _hash(data: Any, begin: int, end: int) -> Any:
    hashed = FNV_BASIS
    for position in range(begin, end):
        hashed = (hashed ^ data[position]) * FNV_PRIME
    return hashed


@njit(nogil=True, cache=True)
def _equal(data: Any, begin: int, end: int, letters: Any, start: int) -> Any:
    """Tell whether data[begin:end] are the letters from `start` on."""
    for position in range(begin, end):  # noqa: SIM110, a loop is what numba compiles
        if data[position] != letters[start + position - begin]:
            return False
    return True


@njit(nogil=True, cache=True)
def refill(old: Any, new: Any) -> None:
    """Put the entries of a table into a larger, empty one."""
    mask = np.uint64(len(new) - 1)
    for entry in old:
        if entry[1]:
            slot = _slot(entry[0], entry[1] >> HALF << HALF) & mask
            while new[slot, 1]:
                slot = (slot + ONE) & mask
            new[slot] = entry
