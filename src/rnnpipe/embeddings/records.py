"""What the two kinds of files of vectors, text and binary, have in common."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.embeddings.vectors import Matrix

logger = logging.getLogger(__name__)

Record = tuple[str, bytes, Callable[[], Matrix]]
"""Place for messages, word, and how to get its numbers: most words are not wanted, and their numbers are never parsed."""

HEADER = re.compile(rb"\s*(\d{1,12})[ \t]+(\d{1,12})\s*")
"""`words dimension`, the first line of word2vec's files."""
MOST_NUMBERS = 100_000
"""Numbers of a vector; chosen: a hundred times those of published ones, so that a false first line takes no memory."""


@dataclass
class Remarks:
    """What was odd in a file and still is no fault, counted for the log with the first place of each kind."""

    path: Path
    _counts: dict[str, int] = field(default_factory=dict)
    _first: dict[str, str] = field(default_factory=dict)

    def spaced(self, place: str, word: bytes) -> None:
        """Count a word that holds white space; spaces beside the numbers are none of its own."""
        if len(word.split()) > 1:
            self._count("words that hold spaces", place, word)

    def not_utf8(self, place: str, word: bytes) -> None:
        """Count a word that is skipped, for no text holds it."""
        self._count("words that are not UTF-8 and were skipped", place, word)

    def log(self) -> None:
        """Tell what was counted, a line for each kind."""
        for kind, count in self._counts.items():
            logger.warning("%s: %s: %d, the first at %s", self.path, kind, count, self._first[kind])

    def _count(self, kind: str, place: str, word: bytes) -> None:
        self._counts[kind] = self._counts.get(kind, 0) + 1
        self._first.setdefault(kind, f"{place}, {word[:60].decode(errors='replace')!r}")


def not_finite(place: str, word: bytes) -> RnnpipeError:
    """Return the error of a vector that holds NaN or infinity."""
    return RnnpipeError(f"{place}: {word[:60].decode(errors='replace')!r}: NaN or infinity in its vector; mend or remove it")
