"""Tunes as a Standard MIDI File of one track, by mido."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO

from mido import Message, MetaMessage, MidiFile, MidiTrack, bpm2tempo

from rnnpipe.music.notes import LENGTHS
from rnnpipe.music.tune import Tune, pulse

TICKS = 480
"""Of a quarter."""
EIGHTH = TICKS // 2
TEMPO = 120
"""Quarters a minute."""
VELOCITY = 80
"""How hard a key is struck, in 1 … 127."""


def midi_file(tunes: Mapping[int, Tune]) -> bytes:
    """Return the bytes of a file that plays some tunes one after the other, a bar of silence between them.

    Where one begins stands a marker with its number; the bytes are a function of the tunes alone. Without a tune the file is
    in order, and silent.
    """
    track = MidiTrack([MetaMessage("set_tempo", tempo=bpm2tempo(TEMPO))])
    silence = 0
    for number, tune in tunes.items():
        above, below = pulse(tune.metre)
        track.append(MetaMessage("marker", text=f"Tune {number}", time=silence))
        track.append(MetaMessage("time_signature", numerator=above, denominator=below))
        track.append(MetaMessage("key_signature", key=tune.key))
        for note in tune.notes:
            track.append(Message("note_on", note=note.pitch, velocity=VELOCITY))
            track.append(Message("note_off", note=note.pitch, time=note.length * EIGHTH))
        silence = LENGTHS[tune.metre] * EIGHTH
    track.append(MetaMessage("end_of_track", time=silence))
    content = BytesIO()
    MidiFile(type=0, ticks_per_beat=TICKS, tracks=[track]).save(file=content)
    return content.getvalue()
