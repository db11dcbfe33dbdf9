"""Tunes out of what a language model drew, and into files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.common.files import atomic_file
from rnnpipe.music.abc import abc_tunebook
from rnnpipe.music.midi import midi_file
from rnnpipe.music.tune import Tune, read_tune


def playable(texts: Iterable[Sequence[str]]) -> Iterator[tuple[int, Tune]]:
    """Yield those texts, given by their words, that are tunes, each with its place among all, from 1."""
    for number, words in enumerate(texts, start=1):
        try:
            yield number, read_tune(words)
        except RnnpipeError:
            continue


def write_tunes(tunes: Mapping[int, Tune], abc: Path | None = None, midi: Path | None = None) -> None:
    """Write tunes, by their numbers, as an ABC tunebook and as a MIDI file; None: not."""
    if abc is not None:
        with atomic_file(abc) as temporary:
            temporary.write_text(abc_tunebook(tunes), encoding="utf-8", newline="\n")
    if midi is not None:
        with atomic_file(midi) as temporary:
            temporary.write_bytes(midi_file(tunes))
