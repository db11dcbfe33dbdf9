"""The vocabulary: which words have an id, and which are `<unk>`."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.common.files import atomic_file

PAD, UNK, EOS = 0, 1, 2
RESERVED = ("<pad>", "<unk>", "<eos>")
"""Padding, any word outside the vocabulary, end of a document: always ids 0, 1 and 2."""


@dataclass(frozen=True)
class Vocabulary:
    """Words and their ids; the id of a word is its position in `tokens`."""

    tokens: list[str]
    """`<pad>`, `<unk>`, `<eos>`, then words by falling count in the train split, equal counts by code points."""
    counts: list[int]
    """Occurrences in the train split; of `<unk>`: of all words outside; of `<pad>` and `<eos>`: 0, no text holds them."""

    PAD = PAD
    UNK = UNK
    EOS = EOS

    @classmethod
    def from_counts(cls, counts: Mapping[str, int], size: int | None = None, min_count: int = 1) -> Vocabulary:
        """Choose words by count.

        Parameters
        ----------
        counts : mapping of str to int
            Occurrences of each word of the train split.
        size : int, default=None
            Most words apart from the three reserved ones; None: no bound.
        min_count : int, default=1
            Rarer words are left out.

        Notes
        -----
        A reserved name that stands in the text as a word (WikiText-2 comes with `<unk>`) is counted as `<unk>`.
        """
        words = [(token, count) for token, count in counts.items() if count >= min_count and token not in RESERVED]
        words.sort(key=lambda word: (-word[1], word[0]))
        kept = words[:size]
        outside = sum(counts.values()) - sum(count for _, count in kept)
        return cls([*RESERVED, *(token for token, _ in kept)], [0, outside, 0, *(count for _, count in kept)])

    @classmethod
    def of_corpus(cls, corpus: str, counts: Mapping[str, int], size: int | None, min_count: int) -> Vocabulary:
        """Choose the words of a corpus as `from_counts` does, and refuse bounds that do not fit it.

        Parameters
        ----------
        corpus : str
            Its name in `params.yaml`, for messages.
        counts, size, min_count
            As of `from_counts`.

        Raises
        ------
        RnnpipeError
            `size` is above the number of different words, or fewer than two words are left.
        """
        different = len(counts.keys() - set(RESERVED))
        entry = f"corpora.{corpus}.vocabulary"
        if size is not None and different >= 2 and size > different:
            raise RnnpipeError(
                f"{entry}.size: {size} is more than the {different} different words of the train split; "
                "lower it, or leave it out to keep all words"
            )
        vocabulary = cls.from_counts(counts, size, min_count)
        words = len(vocabulary) - len(RESERVED)
        if words < 2:
            raise RnnpipeError(
                f"{entry}: {words} of the train split's {different} different words are kept, where at least 2 are needed; "
                f"give the corpus more text, or let in more words (size {size or 'unbounded'}, min_count {min_count})"
            )
        return vocabulary

    @classmethod
    def from_file(cls, path: Path) -> Vocabulary:
        """Read a file that `save` wrote.

        Raises
        ------
        RnnpipeError
            The file is missing, or a line of it is not `token<tab>count`.
        """
        try:
            text = path.read_bytes().decode()
        except FileNotFoundError:
            raise RnnpipeError(f"{path}: no such file; run the stage build_vocabulary (dvc repro)") from None
        tokens, counts = [], []
        for number, line in enumerate(text.removesuffix("\n").split("\n"), start=1):
            token, _, count = line.rpartition("\t")
            if not token or not count.isdecimal():
                raise RnnpipeError(f"{path}:{number}: not a token, a tab and a count; run the stage build_vocabulary again")
            tokens.append(token)
            counts.append(int(count))
        if tuple(tokens[: len(RESERVED)]) != RESERVED or len(set(tokens)) < len(tokens):
            raise RnnpipeError(f"{path}: does not begin with {' '.join(RESERVED)} or holds a token twice; build it again")
        return cls(tokens, counts)

    def save(self, path: Path) -> None:
        """Write `token<tab>count` a line; the number of a line, from 0, is the token's id."""
        with atomic_file(path) as temporary:
            temporary.write_bytes(self._text)

    @cached_property
    def _text(self) -> bytes:
        pairs = zip(self.tokens, self.counts, strict=True)
        return "".join(f"{token}\t{count}\n" for token, count in pairs).encode()

    @cached_property
    def sha256(self) -> str:
        """Checksum of the file that `save` writes, in hexadecimal: what a model was trained with."""
        return hashlib.sha256(self._text).hexdigest()

    @cached_property
    def ids(self) -> dict[str, int]:
        """Token → id."""
        return {token: number for number, token in enumerate(self.tokens)}

    @cached_property
    def _ids_of_words(self) -> dict[str, int]:
        """Word of a text → id. `<pad>` and `<eos>` written out in a text are words without an id like any other."""
        return {token: number for token, number in self.ids.items() if token not in RESERVED}

    def encode(self, tokens: Iterable[str]) -> NDArray[np.int64]:
        """Return the ids of a text's tokens, shape (T,), dtype int64; a token without an id is `<unk>`."""
        return np.array([self._ids_of_words.get(token, UNK) for token in tokens], dtype=np.int64)

    def coverage(self, counts: Mapping[str, int]) -> dict[str, float]:
        """Return how many tokens a split has, and the share of them in percent with (coverage) and without (oov_rate) an id."""
        tokens = sum(counts.values())
        known = sum(count for token, count in counts.items() if token in self._ids_of_words)
        coverage = 100 * known / tokens if tokens else 100.0
        return {"tokens": tokens, "coverage": round(coverage, 4), "oov_rate": round(100 - coverage, 4)}

    def count_array(self) -> NDArray[np.int64]:
        """Return a copy of the counts, shape (V,), dtype=int64."""
        return np.array(self.counts, dtype=np.int64)

    def __len__(self) -> int:
        return len(self.tokens)
