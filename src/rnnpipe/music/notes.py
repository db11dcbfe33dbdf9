"""Notes, keys and metres as tokens: `^F3` is an F sharp of three eighths.

A note is written as in ABC (abcnotation.com/wiki/abc:standard:v2.1, section 4): `C` to `B` are the octave from middle C,
`c` to `b` the one above, a comma behind a letter is an octave lower and an apostrophe one higher; `^` is sharp, `_` flat; the
number is the length. A token says what sounds whatever the key: the F sharp of G major is `^F2`, and a melody in F has `_B2`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Key = Literal["C", "G", "D", "A", "F", "Bb"]
Metre = Literal["2/4", "3/4", "4/4", "6/8"]

LETTERS = "CDEFGAB"
SEMITONES = (0, 2, 4, 5, 7, 9, 11)
"""Of each letter above C."""
MIDDLE_C = 60
"""Its number in MIDI."""
SHARPS = "FCGDAEB"
"""The order in which keys take them; flats come in the opposite one."""
SIGNATURES: dict[Key, int] = {"C": 0, "G": 1, "D": 2, "A": 3, "F": -1, "Bb": -2}
"""Major key → sharps of its signature; negative: flats."""
LENGTHS: dict[Metre, int] = {"2/4": 4, "3/4": 6, "4/4": 8, "6/8": 6}
"""Metre → eighths in a bar."""
_NOTE = re.compile(r"(\^|_|)([A-Ga-g])(,*|'*)([1-9][0-9]?)?")


@dataclass(frozen=True, order=True)
class Note:
    """One note."""

    step: int
    """Of the letter on the staff: 0 is the C in the middle, 7 the one above, -1 the B below."""
    accidental: int
    """-1: flat, 0: neither, 1: sharp."""
    length: int
    """In eighths, at least 1."""

    @property
    def pitch(self) -> int:
        """Its number in MIDI, in semitones: 60 is the C in the middle."""
        octave, letter = divmod(self.step, 7)
        return MIDDLE_C + 12 * octave + SEMITONES[letter] + self.accidental

    @property
    def letter(self) -> str:
        """Write its place on the staff as ABC does: `B,`, `C`, `c`, `c'`."""
        octave, letter = divmod(self.step, 7)
        if octave < 1:
            return LETTERS[letter] + "," * -octave
        return LETTERS[letter].lower() + "'" * (octave - 1)

    @property
    def token(self) -> str:
        """Write it as a token; `Note.read` reads it."""
        return f"{('', '^', '_')[self.accidental]}{self.letter}{self.length}"

    @classmethod
    def read(cls, token: str) -> Note:
        """Return the note of a token; a `ValueError` says that there is none."""
        found = _NOTE.fullmatch(token)
        if found is None:
            raise ValueError(f"{token!r} is no note, such as ^F2")
        sign, letter, octaves, length = found.groups()
        octave = int(letter.islower()) + octaves.count("'") - octaves.count(",")
        accidental = {"": 0, "^": 1, "_": -1}[sign]
        return cls(7 * octave + LETTERS.index(letter.upper()), accidental, int(length or 1))


def accidental_in(key: Key, step: int) -> int:
    """Return what a key's signature makes of a place on the staff: -1, 0 or 1."""
    sharps, letter = SIGNATURES[key], LETTERS[step % 7]
    if sharps >= 0:
        return int(letter in SHARPS[:sharps])
    return -int(letter in SHARPS[sharps:])


def scale_note(key: Key, degree: int, length: int) -> Note:
    """Return the note of a degree of a major scale: 0 is the tonic between C and B in the middle, 7 the one above it."""
    step = LETTERS.index(key[0]) + degree
    return Note(step, accidental_in(key, step), length)


def degree_of(key: Key, note: Note) -> int:
    """Return the degree of a note of a key's scale; what `scale_note` was given."""
    return note.step - LETTERS.index(key[0])
