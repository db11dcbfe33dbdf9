"""A tune: metre, key, bars of notes; as tokens and back.

M:3/4 K:G G2 B2 d2 | e2 d2 B2 | A4 d2 | G6 |]
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.music.notes import LENGTHS, SIGNATURES, Key, Metre, Note

BAR, END = "|", "|]"
"""Between two bars, and behind the last one."""


@dataclass(frozen=True)
class Tune:
    """What can be played. Its bars need not add up: that is for a grammar to say."""

    metre: Metre
    key: Key
    bars: tuple[tuple[Note, ...], ...]

    @property
    def notes(self) -> tuple[Note, ...]:
        """All notes in their order."""
        return tuple(chain.from_iterable(self.bars))

    @property
    def tokens(self) -> list[str]:
        """Write it as tokens."""
        bars = [[*(note.token for note in bar), BAR] for bar in self.bars]
        return [metre_token(self.metre), key_token(self.key), *chain.from_iterable(bars)][:-1] + [END]


def metre_token(metre: Metre) -> str:
    """Return the first token of a tune: `M:3/4`."""
    return f"M:{metre}"


def key_token(key: Key) -> str:
    """Return the second token of a tune: `K:G`."""
    return f"K:{key}"


def read_tune(tokens: Sequence[str]) -> Tune:
    """Read a tune's tokens, without `<eos>`; a last bar without an end is taken as it stands.

    Raises
    ------
    RnnpipeError
        They are none of a tune: metre, key, a note at least, and nothing but notes and bars.
    """
    metres, keys = {metre_token(metre): metre for metre in LENGTHS}, {key_token(key): key for key in SIGNATURES}
    head = tokens[:2]
    if len(head) < 2 or head[0] not in metres or head[1] not in keys:
        raise RnnpipeError(f"no tune: begins with {' '.join(head) or 'nothing'!r}, not with a metre and a key such as M:3/4 K:G")
    bars: list[list[Note]] = [[]]
    for place, token in enumerate(tokens[2:], start=3):
        if token == BAR or (token == END and place == len(tokens)):
            bars.append([])
            continue
        try:
            bars[-1].append(Note.read(token))
        except ValueError as error:
            raise RnnpipeError(f"no tune: word {place}: {error}, and no bar") from None
    filled = tuple(tuple(bar) for bar in bars if bar)
    if not filled:
        raise RnnpipeError("no tune: there is no note in it")
    return Tune(metres[head[0]], keys[head[1]], filled)


def pulse(metre: Metre) -> tuple[int, int]:
    """Return the two numbers of a metre: 3 and 4 of 3/4."""
    above, below = metre.split("/")
    return int(above), int(below)
