"""Tunes as an ABC tunebook (abcnotation.com/wiki/abc:standard:v2.1), which programs print as a score and play."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from rnnpipe.music.notes import Note, accidental_in
from rnnpipe.music.tune import BAR, END, Tune

LINE = 4
"""Bars in a line of the score."""
SIGNS = {-1: "_", 0: "=", 1: "^"}


def abc_tunebook(tunes: Mapping[int, Tune]) -> str:
    """Return the text of a tunebook: tunes by their number, `X:`; accidentals of the key stand in its signature alone."""
    return "\n".join(["%abc-2.1\n", *(_abc(number, tune) for number, tune in tunes.items())])


def _abc(number: int, tune: Tune) -> str:
    bars = [" ".join(_bar(tune, bar)) for bar in tune.bars]
    lines = [f" {BAR} ".join(bars[start : start + LINE]) for start in range(0, len(bars), LINE)]
    body = f" {BAR}\n".join(lines)
    return f"X:{number}\nT:Tune {number}\nM:{tune.metre}\nL:1/8\nK:{tune.key}\n{body} {END}\n"


def _bar(tune: Tune, notes: Iterable[Note]) -> Iterable[str]:
    """Yield the notes of a bar: an accidental holds to the end of its bar (section 4.2)."""
    altered: dict[int, int] = {}
    for note in notes:
        heard = altered.get(note.step, accidental_in(tune.key, note.step))
        altered[note.step] = note.accidental
        sign = SIGNS[note.accidental] if note.accidental != heard else ""
        yield f"{sign}{note.letter}{note.length if note.length > 1 else ''}"
