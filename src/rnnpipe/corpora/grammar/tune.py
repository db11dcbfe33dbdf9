"""Tunes whose bars add up: "M:3/4 K:G G2 B2 d2 | c2 B2 A2 | d6 | … | A2 G4 |]" (music, one-to-many).

    tune   → metre key phrase … phrase, bars parted by | and ended by |]
    phrase → bar … bar cadence

A bar is a rhythm of its metre, its notes are of the key's major scale and go by small steps mostly. The last bar of a phrase
is its cadence: a held note of the dominant in the middle of the tune, and at its end a note that leads to the tonic, and the
tonic. So a reader has to keep the metre and the key from the first two words to the last note, how much of the bar is left, and
the bar's place in its phrase.

Every tune has one derivation, so its probability is the product of the draws, and the perplexity of the true distribution,
which no language model can beat but by chance, is known exactly.
"""

from __future__ import annotations

import math
from collections.abc import Generator, Sequence
from functools import cache
from random import Random

from rnnpipe.corpora.grammar.drawing import Weighted
from rnnpipe.music.notes import LENGTHS, Key, Metre, Note, degree_of, scale_note
from rnnpipe.music.tune import BAR, END, key_token, metre_token
from rnnpipe.params import TuneGrammar

Rhythms = tuple[tuple[int, ...], ...]
"""Ways to fill a part of a bar, in eighths; all are as long as the first one."""
Derivation = Generator[Weighted[str], str, None]
"""Yields what may come next, and is sent what came."""

HALF: Rhythms = ((4,), (2, 2), (2, 1, 1))
THREE: Rhythms = ((4, 2), (2, 2, 2), (2, 1, 1, 2))
SWAYING: Rhythms = ((3,), (2, 1), (1, 1, 1))
PARTS: dict[Metre, tuple[Rhythms, ...]] = {
    "2/4": (HALF,),
    "3/4": (THREE,),
    "4/4": (HALF, HALF),
    "6/8": (SWAYING, SWAYING),
}
"""Metre → the parts of a bar, each with a rhythm of its own, all alike."""
ENDINGS: dict[Metre, tuple[int, int]] = {"2/4": (2, 2), "3/4": (2, 4), "4/4": (4, 4), "6/8": (3, 3)}
"""Metre → eighths of the two notes of the last bar."""

LOWEST, HIGHEST = 0, 7
"""Degrees of the scale that tunes keep to: 0 is the tonic, 7 the tonic above."""
STEPS = (2.0, 8.0, 3.0, 1.0, 1.0, 0.2, 0.2, 0.2, 0.2)
"""Weight of the degrees between a note and the next one, up or down: small steps mostly, and any note within the range."""
FIRST = Weighted((0, 2, 4))
"""Degrees that a tune begins with: the tonic's chord."""
DOMINANT = Weighted((1, 4))
"""Degrees that a phrase in the middle is held on at its end (half cadence)."""
LEADING = Weighted((1, 3, 4, 6))
"""Degrees before the last note, which is the tonic (full cadence): the dominant seventh chord."""
TONIC = Weighted((0,))


class TuneLanguage:
    """The set of tunes and their probabilities.

    Parameters
    ----------
    metres, keys : sequence of str
        Drawn from, all alike.
    phrases : int
        Of a tune, at least 1.
    bars : int
        Of a phrase, its cadence among them, at least 2.
    """

    def __init__(self, metres: Sequence[Metre], keys: Sequence[Key], phrases: int, bars: int) -> None:
        self.phrases = phrases
        self.bars = bars
        self._metres = {metre_token(metre): metre for metre in metres}
        self._keys = {key_token(key): key for key in keys}

    @classmethod
    def from_settings(cls, settings: TuneGrammar) -> TuneLanguage:
        """Return the language of an entry of `grammars`."""
        return cls(settings.metres, settings.keys, settings.phrases, settings.bars)

    def sample(self, random: Random) -> list[str]:
        """Return the tokens of one tune."""
        tokens: list[str] = []
        derivation = self._tune()
        options = next(derivation)
        while True:
            tokens.append(options.draw(random))
            try:
                options = derivation.send(tokens[-1])
            except StopIteration:
                return tokens

    def log_probability(self, tokens: Sequence[str]) -> float:
        """Return the natural logarithm of a tune's probability; minus infinity if it is not in the language."""
        found = 0.0
        derivation = self._tune()
        options = next(derivation)
        for place, token in enumerate(tokens, start=1):
            probability = options.probability(token)
            if not probability:
                break
            found += math.log(probability)
            try:
                options = derivation.send(token)
            except StopIteration:
                return found if place == len(tokens) else -math.inf
        return -math.inf

    def accepts(self, tokens: Sequence[str]) -> bool:
        """Return whether the tokens, without <eos>, are a tune of the language."""
        return self.log_probability(tokens) > -math.inf

    def _tune(self) -> Derivation:
        metre = self._metres[(yield Weighted(tuple(self._metres)))]
        key = self._keys[(yield Weighted(tuple(self._keys)))]
        degree: int | None = None
        for phrase in range(1, self.phrases + 1):
            for _ in range(self.bars - 1):
                degree = yield from _bar(metre, key, degree)
                yield Weighted((BAR,))
            if phrase < self.phrases:
                held = yield _notes(key, Weighted((LENGTHS[metre],)), DOMINANT)
                degree = _degree(key, held)
                yield Weighted((BAR,))
        for length, degrees in zip(ENDINGS[metre], (LEADING, TONIC), strict=True):
            yield _notes(key, Weighted((length,)), degrees)
        yield Weighted((END,))


def _bar(metre: Metre, key: Key, degree: int | None) -> Generator[Weighted[str], str, int | None]:
    """Yield what may come next in one bar behind a note of some degree (None: at the beginning); return its last degree."""
    for rhythms in PARTS[metre]:
        lengths: tuple[int, ...] = ()
        while sum(lengths) < sum(rhythms[0]):
            token = yield _going_on(key, rhythms, lengths, degree)
            degree = _degree(key, token)
            lengths += (Note.read(token).length,)
    return degree


@cache
def _going_on(key: Key, rhythms: Rhythms, lengths: tuple[int, ...], degree: int | None) -> Weighted[str]:
    """Return the notes that may follow in a part of a bar that has begun with some lengths."""
    following = [rhythm[len(lengths)] for rhythm in rhythms if rhythm[: len(lengths)] == lengths]
    different = tuple(dict.fromkeys(following))
    degrees = FIRST
    if degree is not None:
        reached = range(LOWEST, HIGHEST + 1)
        degrees = Weighted(reached, [STEPS[abs(other - degree)] for other in reached])
    return _notes(key, Weighted(different, [float(following.count(length)) for length in different]), degrees)


def _notes(key: Key, lengths: Weighted[int], degrees: Weighted[int]) -> Weighted[str]:
    """Return the notes of some lengths and degrees, which do not depend on each other."""
    pairs = [(degree, length) for degree in degrees.options for length in lengths.options]
    weights = [degrees.probability(degree) * lengths.probability(length) for degree, length in pairs]
    return Weighted([scale_note(key, degree, length).token for degree, length in pairs], weights)


@cache
def _degree(key: Key, token: str) -> int:
    return degree_of(key, Note.read(token))
