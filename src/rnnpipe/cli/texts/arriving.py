"""Lines of a stream as they come, be it a file, a pipe that fills slowly, or somebody who types."""

from collections import deque
from collections.abc import Iterator
from typing import Protocol

PIECE = 2**17
"""Bytes read at most at a time: some thousand short texts, which are answered together."""


class Stream(Protocol):
    """What is read: a file that was opened as bytes."""

    def read1(self, size: int, /) -> bytes:
        """Return what is there, at most `size` bytes; wait only where nothing is; none at the end."""


class Arriving:
    """Iterates over the lines of a stream with their ends, and knows whether it would have to wait for the next one."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self._ready: deque[bytes] = deque()

    @property
    def waits(self) -> bool:
        """Whether no line is here that was not asked for yet."""
        return not self._ready

    def __iter__(self) -> Iterator[bytes]:
        parts: list[bytes] = []
        while piece := self._stream.read1(PIECE):
            *whole, rest = piece.split(b"\n")
            if whole:
                whole[0] = b"".join([*parts, whole[0]])
                parts = []
            parts.append(rest)
            self._ready.extend(line + b"\n" for line in whole)
            while self._ready:
                yield self._ready.popleft()
        if last := b"".join(parts):
            yield last
