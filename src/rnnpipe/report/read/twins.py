"""Two sentences that begin alike and go on differently, so that a word both share is a name of another kind in each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rnnpipe.report.read.measurements import Measured

LECTURE_WORD, LECTURE_SEQUEL = "apple", "iphone"
"""The lecture's own pair is taken where there is one."""


@dataclass(frozen=True)
class Sentence:
    """Words with their true tags and those that a run predicted."""

    words: tuple[str, ...]
    actual: tuple[str, ...]
    predicted: tuple[str, ...]


def sentences(run: Measured) -> tuple[Sentence, ...]:
    """Return the sentences of predictions.conll; none if it is missing."""
    return tuple(_sentences(run))


def twins(found: tuple[Sentence, ...]) -> tuple[int, int, int] | None:
    """Return the places of two sentences, and that of a word up to which they are alike but which is another name in each.

    A network that reads forward alone has seen the same at this word, and cannot tell the two apart. None
    without such sentences.
    """
    first: dict[tuple[str, ...], int] = {}
    pairs: list[tuple[int, int, int]] = []
    for place, sentence in enumerate(found):
        for end in range(1, len(sentence.words)):
            twin = first.setdefault(sentence.words[: end + 1], place)
            if found[twin].actual[end] != sentence.actual[end] and found[twin].actual[:end] == sentence.actual[:end]:
                pairs.append((twin, place, end))
                break
    return min(pairs, key=lambda pair: -_is_lectures(found, *pair), default=None)


def _is_lectures(found: tuple[Sentence, ...], one: int, other: int, end: int) -> int:
    word = found[one].words[end] == LECTURE_WORD
    return word * (1 + any(LECTURE_SEQUEL in found[place].words for place in (one, other)))


def _sentences(run: Measured) -> Iterator[Sentence]:
    rows: list[list[str]] = []
    for line in (*run.lines("predictions.conll"), ""):
        cells = line.rsplit(" ", 2)
        if len(cells) == 3:
            rows.append([cells[0].partition(" ")[2], *cells[1:]])  # before the word stands the number of its sentence
        elif rows:
            words, actual, predicted = (tuple(column) for column in zip(*rows, strict=True))
            yield Sentence(words, actual, predicted)
            rows = []
