"""Values that were found before, at most so many of them."""

from collections.abc import Callable
from typing import TypeVar

Value = TypeVar("Value")

MOST = 500_000
"""Words kept; chosen: some 100 MB, and more than the different words of most corpora."""


class Remembered(dict[str, Value]):
    """Word → what `find` says of it; each word is asked for once, until there are `most` of them and all are forgotten."""

    def __init__(self, find: Callable[[str], Value], most: int = MOST) -> None:
        super().__init__()
        self._find, self._most = find, most

    def __missing__(self, word: str) -> Value:
        if len(self) >= self._most:
            self.clear()
        value = self[word] = self._find(word)
        return value
