"""Word n-grams as numbers, counted with sorting alone: no dictionary, so millions of words take seconds.

An n-gram is one n - 1 gram and one more word behind it. So the n-grams of a text are numbered level by level: the number
of the shorter gram times the size of the vocabulary plus the word is a key, and the place of that key among all sorted
keys of the level is the number of the n-gram.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ids = NDArray[np.integer[Any]]
Numbers = NDArray[np.int64]
ABSENT = -1
"""Number of an n-gram that does not exist: it is not in the table, or it would begin before its document does."""


@dataclass(frozen=True)
class GramTable:
    """All n-grams of one length that the training text holds."""

    keys: Numbers
    """Sorted, shape (G,): number of the first n - 1 words × `words` + last word."""
    words: int
    """Size of the vocabulary."""

    @classmethod
    def of(cls, shorter: Numbers, last: Ids, words: int) -> GramTable:
        """Collect the n-grams of a text, given at each place the number of the n - 1 gram before it and the word."""
        exists = shorter != ABSENT
        return cls(np.unique(shorter[exists] * words + last[exists]), words)

    def find(self, shorter: Numbers, last: Ids) -> Numbers:
        """Return the number of each n-gram, `ABSENT` where the table does not hold it."""
        keys = np.where(shorter == ABSENT, ABSENT, shorter * self.words + last)
        places = np.searchsorted(self.keys, keys)
        found = self.keys[np.minimum(places, len(self.keys) - 1)] == keys if len(self.keys) else np.zeros(len(keys), bool)
        return np.where(found, places, ABSENT)

    def following(self, shorter: int) -> slice:
        """Return the place of all n-grams that begin with one n - 1 gram: they stand side by side."""
        first, last = np.searchsorted(self.keys, [shorter * self.words, (shorter + 1) * self.words])
        return slice(int(first), int(last))

    @property
    def prefixes(self) -> Numbers:
        """Number of the n - 1 gram that each n-gram begins with."""
        return self.keys // self.words

    def __len__(self) -> int:
        return len(self.keys)


def before(numbers: Numbers, starts: NDArray[np.bool_]) -> Numbers:
    """Return at each place of a text the number that stands one place before it, `ABSENT` at the start of a document."""
    shifted = np.concatenate([[ABSENT], numbers[:-1]])
    return np.where(starts, ABSENT, shifted)
