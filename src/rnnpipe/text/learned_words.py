"""Where the words of a text begin and end, for a model whose words came from a file that was cut already (CoNLL).

How such a file was cut nobody says, but its vocabulary shows it: where `@name` or `U.S.` are words, nothing is cut off them;
where `n't` is one, it is cut off `don't`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from unicodedata import category

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from rnnpipe.common.remembered import Remembered
from rnnpipe.text.tokenizer import BatchTokenizer
from rnnpipe.text.vocabulary import RESERVED, Vocabulary

PIECE = re.compile(r"\S+")
APOSTROPHES = "'’"
LONGEST = 8
"""Characters of the longest ending or run of marks that is looked for: `n't`, `...`."""
Span = tuple[int, int]


class LearnedCuts:
    """What a vocabulary shows of how its words were cut out of their text. A mark is a punctuation mark or a symbol.

    Of a piece between white space that is no word itself, marks are taken off at both ends, one after the other, until the rest
    is a word. A mark is taken off where it stood alone in the file at least as often as joined on this side to a word; one that
    the file never had is, if what it leaves is a word. So are endings with an apostrophe (`'s`, `n't`). What is left is a word,
    but for marks inside it that are words and never stood inside one.

    Parameters
    ----------
    vocabulary : Vocabulary
        Of a corpus of the format `columns`.
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        words = slice(len(RESERVED), None)
        self._counts = dict(zip(vocabulary.tokens[words], vocabulary.counts[words], strict=True))
        self._longest = max(map(len, self._counts), default=0)
        self._before, self._behind = Counter[str](), Counter[str]()
        self._inside: set[tuple[bool, str, bool]] = set()
        for word, count in self._counts.items():
            if not word.isalnum() and not all(map(is_mark, word)):
                self._learn(word, count)

    def _learn(self, word: str, count: int) -> None:
        if is_mark(word[0]):
            self._before[word[0]] += count
        for ending in [word[-1]] if is_mark(word[-1]) else _endings(word):
            self._behind[ending] += count
        self._inside |= {_surrounded(word, *run) for run in _runs_inside(word)}

    def cut(self, piece: str) -> list[Span]:
        """Return where the words of a piece of text stand in it, in their order; they cover all of it.

        Parameters
        ----------
        piece : str
            Without white space, in the form that the vocabulary has words in (small letters).
        """
        start, end = 0, len(piece)
        front, back = list[Span](), list[Span]()
        while end - start > 1 and not self._holds(piece, start, end):
            if size := self._leading(piece, start, end):
                front.append((start, start + size))
                start += size
            elif size := self._ending(piece, start, end):
                back.append((end - size, end))
                end -= size
            else:
                break
        inner = [(start, end)] if self._holds(piece, start, end) else self._parts(piece[start:end], start)
        return [*front, *inner, *reversed(back)]

    def _holds(self, piece: str, start: int, end: int) -> bool:
        """Tell whether a part of a piece is a word; of a long one no copy is made."""
        return end - start <= self._longest and piece[start:end] in self._counts

    def _leading(self, piece: str, start: int, end: int) -> int:
        """Return how many characters are to be taken off at the front."""
        near = piece[start : min(end - 1, start + LONGEST)]
        for size in range(_marks_at(near), 1, -1):
            if near[:size] in self._counts:
                return size
        return int(is_mark(near[0]) and self._parts_from(self._before, near[0], (piece, start + 1, end)))

    def _ending(self, piece: str, start: int, end: int) -> int:
        """Return how many characters are to be taken off at the end."""
        near = piece[max(start + 1, end - LONGEST) : end]
        runs = [near[-size:] for size in range(_marks_at(near[::-1]), 1, -1)]
        for ending in [*_endings(piece[max(start, end - LONGEST) : end]), *runs]:
            if self._counts.get(ending, -1) >= self._behind[ending]:
                return len(ending)
        return int(is_mark(near[-1]) and self._parts_from(self._behind, near[-1], (piece, start, end - 1)))

    def _parts_from(self, joined: Counter[str], mark: str, rest: tuple[str, int, int]) -> bool:
        """Tell whether a mark is taken off; `joined` counts those that are not, on its side of a word."""
        alone = self._counts.get(mark, 0)
        return alone >= joined[mark] if alone or joined[mark] else self._holds(*rest)

    def _parts(self, word: str, offset: int) -> Iterator[Span]:
        """Yield what is left as one word, or parted by marks inside it that are words."""
        done = 0
        for start, end in _runs_inside(word):
            run = word[start:end]
            if run in self._counts and run not in APOSTROPHES and _surrounded(word, start, end) not in self._inside:
                yield from ((offset + done, offset + start), (offset + start, offset + end))
                done = end
        yield offset + done, offset + len(word)


class LearnedTokenizer(BatchTokenizer):
    """Cuts texts into words as the corpus of a vocabulary was cut; see `LearnedCuts`."""

    def __init__(self, tokenizer: Tokenizer, cuts: LearnedCuts) -> None:
        super().__init__(tokenizer)
        self._cuts = cuts
        self._found = Remembered(self._cut)
        """Piece between white space → where its words stand in it."""

    def tokenize(self, texts: Sequence[str]) -> tuple[list[str], NDArray[np.int32], NDArray[np.int32]]:
        """Return the tokens of all texts, where each stands in its text, and how many each text has; see `BatchTokenizer`."""
        spans = [list(self._spans(text)) for text in texts]
        words = [text[start:end] for text, own in zip(texts, spans, strict=True) for start, end in own]
        flat = np.array([span for own in spans for span in own], dtype=np.int32).reshape(-1, 2)
        return self.normalise(words), flat, np.array([len(own) for own in spans], dtype=np.int32)

    def _spans(self, text: str) -> Iterator[Span]:
        for piece in PIECE.finditer(text):
            yield from ((piece.start() + start, piece.start() + end) for start, end in self._found[piece[0]])

    def _cut(self, piece: str) -> list[Span]:
        token = self._normalised[piece]
        # Some capitals are two small letters; where words stand is asked of the text.
        return self._cuts.cut(token if len(token) == len(piece) else piece)


def is_mark(character: str) -> bool:
    """Tell whether a character is a punctuation mark or a symbol; an underscore counts as a letter."""
    return category(character)[0] in "PS" and character != "_"


def _marks_at(text: str) -> int:
    """Return how many marks a text begins with."""
    return next((size for size, character in enumerate(text) if not is_mark(character)), len(text))


def _runs_inside(word: str) -> Iterator[Span]:
    """Yield where marks stand between other characters of a word, neighbouring ones together."""
    marks = [is_mark(character) for character in word]
    edges = [place for place in range(1, len(word)) if marks[place] != marks[place - 1]]
    yield from ((start, end) for start, end in zip(edges[:-1], edges[1:], strict=True) if marks[start])


def _surrounded(word: str, start: int, end: int) -> tuple[bool, str, bool]:
    """Return the marks at a place, and whether there is a digit before and behind them: `3.5` says nothing about `so.Then`."""
    return word[start - 1].isdigit(), word[start:end], word[end].isdigit()


def _endings(word: str) -> list[str]:
    """Return the ends of a word with an apostrophe and letters behind it (`on't`, `n't`, `'t`), longest first."""
    last = max(word.rfind(apostrophe) for apostrophe in APOSTROPHES)
    return [word[start:] for start in range(1, last + 1)] if 0 < last < len(word) - 1 else []
