"""How the words are spelled that the vocabulary lacks: all of them are the one id `<unk>`, and a text is more than that."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from rnnpipe.common.arrays import GrowingArray, open_array
from rnnpipe.text.meta import UnknownSize

BLOCK = 2**20
"""Occurrences looked at together."""


@dataclass(frozen=True)
class Spellings:
    """The spelling of each `<unk>` of a split, in the order of the text; mapped into memory, not read."""

    codes: NDArray[np.integer[Any]]
    """Position of each occurrence among the distinct spellings, shape (U,)."""
    letters: NDArray[np.uint8]
    """The distinct spellings in UTF-8, one after the other."""
    ends: NDArray[np.int64]
    """Spelling n is letters[ends[n]:ends[n + 1]], shape (distinct + 1,)."""

    @classmethod
    def of(cls, words: Iterable[str]) -> Self:
        """Return the spellings of words in memory."""
        found: dict[str, int] = {}
        codes = [found.setdefault(word, len(found)) for word in words]
        return cls(np.array(codes, dtype=np.uint32), *_packed(found))

    @classmethod
    def open(cls, path: Path, size: UnknownSize) -> Self:
        """Map what `SpellingsWriter` wrote at the same path, which has no suffix."""
        codes = open_array(_beside(path, "unknown"), size["occurrences"], "encode")
        ends = open_array(_beside(path, "spelling_ends"), size["distinct"] + 1, "encode")
        return cls(codes, open_array(_beside(path, "spellings"), int(ends[-1]), "encode"), ends)

    @cached_property
    def distinct(self) -> list[str]:
        """The distinct spellings."""
        letters, ends = self.letters.tobytes(), self.ends.tolist()
        return [letters[start:end].decode() for start, end in zip(ends[:-1], ends[1:], strict=True)]

    @property
    def characters(self) -> int:
        """Letters of all occurrences together."""
        lengths = np.array([len(word) for word in self.distinct], dtype=np.int64)
        return sum(int(lengths[self.codes[first : first + BLOCK]].sum()) for first in range(0, len(self.codes), BLOCK))

    def __len__(self) -> int:
        return len(self.codes)

    def __getitem__(self, occurrence: int) -> str:
        start, end = self.ends[self.codes[occurrence] :][:2]
        return self.letters[start:end].tobytes().decode()

    def __iter__(self) -> Iterator[str]:
        for first in range(0, len(self.codes), BLOCK):
            yield from (self.distinct[code] for code in self.codes[first : first + BLOCK].tolist())


class SpellingsWriter:
    """Writes the files that `Spellings.open` maps, in a `with` block; memory holds the distinct spellings alone."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._codes = GrowingArray(_beside(path, "unknown"), np.uint32)
        self._found: dict[str, int] = {}

    def append(self, strings: Sequence[str], codes: NDArray[np.int64]) -> None:
        """Add words that are `<unk>`, given by their positions among some strings."""
        positions, inverse = np.unique(codes, return_inverse=True)
        numbers = [self._found.setdefault(strings[position], len(self._found)) for position in positions]
        self._codes.append(np.array(numbers, dtype=np.int64)[inverse])

    @property
    def size(self) -> UnknownSize:
        """What was written."""
        return {"occurrences": self._codes.length, "distinct": len(self._found)}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._codes.__exit__(kind, error, trace)
        letters, ends = _packed(self._found)
        np.save(_beside(self._path, "spellings"), letters)
        np.save(_beside(self._path, "spelling_ends"), ends)


def _packed(words: Iterable[str]) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    spelled = [word.encode() for word in words]
    ends = np.cumsum([0, *map(len, spelled)], dtype=np.int64)
    return np.frombuffer(b"".join(spelled), dtype=np.uint8), ends


def _beside(path: Path, name: str) -> Path:
    return path.with_name(f"{path.name}.{name}.npy")
