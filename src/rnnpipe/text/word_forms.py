"""Words as they are written: their letters and their shape, which say something of words that no vocabulary holds."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from rnnpipe.text.vocabulary import RESERVED, UNK, Vocabulary

LONGEST = 48
"""Bytes of a word that are read: of a longer one the first and the last half of so many. Names in CoNLL-2003 have 2 to 20."""

CASES = ("small", "capitalised", "capitals")
"""How the letters of a word may be written."""

SHAPES = ("other", *CASES, "one capital", "abbreviation", "mixed", "digits", "number", "letters and digits", "punctuation")
"""Shapes of words; a word has one of them."""

_ABBREVIATION = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]?\.?")


@dataclass(frozen=True)
class WordForms:
    """The different words of a text, and where each of them stands."""

    words: list[str]
    """In the order of their first places."""
    codes: NDArray[np.int64]
    """Number of the word at each place, shape (N,)."""

    @classmethod
    def of(cls, words: Iterable[str]) -> Self:
        """Take the words of a text in their order."""
        found: dict[str, int] = {}
        codes = [found.setdefault(word, len(found)) for word in words]
        return cls(list(found), np.array(codes, dtype=np.int64))

    def characters(self) -> NDArray[np.int16]:
        """Return the bytes of each word in UTF-8, each plus one, shape (words, L), L at most `LONGEST`; 0 behind a word's end."""
        spelled = [_cut(word.encode()) for word in self.words]
        letters = np.zeros((len(spelled), max(map(len, spelled), default=0)), dtype=np.int16)
        for row, one in zip(letters, spelled, strict=True):
            row[: len(one)] = np.frombuffer(one, dtype=np.uint8)
            row[: len(one)] += 1
        return letters

    def shapes(self) -> NDArray[np.int64]:
        """Return the number of each word's shape in `SHAPES`, shape (words,)."""
        return np.array([SHAPES.index(shape_of(word)) for word in self.words], dtype=np.int64)

    def folded(self) -> NDArray[np.int64]:
        """Return a number for each word that words have in common which differ in capitals or digits only, shape (words,)."""
        found: dict[str, int] = {}
        return np.array([found.setdefault(fold(word), len(found)) for word in self.words], dtype=np.int64)


class Lexicon:
    """Ids of words where those that differ in capitals or digits only are read as one.

    The id is that of the most frequent of them in the vocabulary; so a word that the vocabulary lacks has one where it knows the
    word in other letters.

    Parameters
    ----------
    vocabulary : Vocabulary
        Of V words.
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._ids: dict[str, int] = {}
        for number, token in enumerate(vocabulary.tokens[len(RESERVED) :], start=len(RESERVED)):
            self._ids.setdefault(fold(token), number)
        self._vocabulary = vocabulary

    def encode(self, words: Sequence[str]) -> NDArray[np.int64]:
        """Return the id of each word, shape (words,); `<unk>` of one that the vocabulary knows in no letters."""
        return np.array([self._ids.get(fold(word), UNK) for word in words], dtype=np.int64)

    def counts(self) -> NDArray[np.int64]:
        """Return how often each id is read in the train split, shape (V,): 0 of words that another one stands for."""
        counts = np.zeros(len(self._vocabulary), dtype=np.int64)
        np.add.at(counts, self.encode(self._vocabulary.tokens), self._vocabulary.count_array())
        return counts


def fold(word: str) -> str:
    """Return a word in small letters, with 0 for each digit."""
    return re.sub(r"\d", "0", word.lower())


def shape_of(word: str) -> str:
    """Return the shape of a word, one of `SHAPES`."""
    letters = [letter for letter in word if letter.isalpha()]
    digits = sum(letter.isdigit() for letter in word)
    if not letters:
        return "digits" if digits == len(word) and word else "number" if digits else "punctuation" if word else "other"
    if digits:
        return "letters and digits"
    return _case_of(word, letters)


def _case_of(word: str, letters: Sequence[str]) -> str:
    capitals = [letter.isupper() for letter in letters]
    if not any(capitals):
        return "small" if any(letter.islower() for letter in letters) else "other"
    if _ABBREVIATION.fullmatch(word) and all(capitals):
        return "abbreviation"
    if all(capitals):
        return "capitals" if len(letters) > 1 else "one capital"
    return "capitalised" if capitals[0] and not any(capitals[1:]) else "mixed"


def _cut(spelled: bytes) -> bytes:
    return spelled if len(spelled) <= LONGEST else spelled[: LONGEST // 2] + spelled[-LONGEST // 2 :]
