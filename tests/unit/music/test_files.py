"""What is written is read back: MIDI by mido, ABC by a parser of this file's own."""

import re
from io import BytesIO
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from mido import MidiFile
from tunes import TUNES

from rnnpipe.music.abc import abc_tunebook
from rnnpipe.music.files import playable, write_tunes
from rnnpipe.music.midi import EIGHTH, midi_file
from rnnpipe.music.notes import LENGTHS
from rnnpipe.music.tune import Tune, read_tune

BOOKS = st.dictionaries(st.integers(1, 99), TUNES, max_size=3)
Played = list[tuple[int, int]]
"""(Pitch, eighths) of each note."""

SHARPS = {"C": "", "G": "F", "D": "FC", "A": "FCG", "F": "", "Bb": ""}
FLATS = {"C": "", "G": "", "D": "", "A": "", "F": "B", "Bb": "BE"}
SEMITONES = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}


def words(text: str) -> list[str]:
    return text.split()


def played(tune: Tune) -> Played:
    return [(note.pitch, note.length) for note in tune.notes]


def read_abc(book: str) -> dict[int, tuple[str, str, list[Played]]]:
    """Return number → (metre, key, bars), by the rules of the ABC standard and none of the package's code."""
    tunes = {}
    for text in re.split(r"\n(?=X:)", book)[1:]:
        fields = dict(re.findall(r"^([XTMLK]):(.*)$", text, re.M))
        assert fields["L"] == "1/8"
        body = " ".join(line for line in text.splitlines() if not re.match(r"[XTMLK]:", line))
        assert body.endswith("|]")
        tunes[int(fields["X"])] = fields["M"], fields["K"], [read_bar(bar, fields["K"]) for bar in re.split(r"\|\]?", body)[:-1]]
    return tunes


def read_bar(bar: str, key: str) -> Played:
    heard, found = {}, []
    for sign, letter, octaves, length in re.findall(r"([\^_=]?)([A-Ga-g])([,']*)(\d*)", bar):
        name = letter.upper()
        place = name + str(int(letter.islower()) + octaves.count("'") - octaves.count(","))
        of_key = (name in SHARPS[key]) - (name in FLATS[key])
        heard[place] = {"^": 1, "_": -1, "=": 0}[sign] if sign else heard.get(place, of_key)
        found.append((60 + 12 * int(place[1:]) + SEMITONES[name] + heard[place], int(length or 1)))
    return found


@given(BOOKS)
def test_a_tunebook_says_what_sounds(tunes: dict[int, Tune]) -> None:
    read = read_abc(abc_tunebook(tunes))
    assert list(read) == list(tunes)
    for number, (metre, key, bars) in read.items():
        assert (metre, key) == (tunes[number].metre, tunes[number].key)
        assert sum(bars, []) == played(tunes[number])
        assert [len(bar) for bar in bars] == [len(bar) for bar in tunes[number].bars]


def test_a_score_leaves_the_keys_accidentals_to_its_signature() -> None:
    book = abc_tunebook({7: read_tune(words("M:3/4 K:G ^F2 G4 | F2 ^F1 F3 | _B6 | B6 | G6 |]"))})
    assert book.endswith("X:7\nT:Tune 7\nM:3/4\nL:1/8\nK:G\nF2 G4 | =F2 ^F =F3 | _B6 | B6 |\nG6 |]\n")


def read_midi(content: bytes) -> list[tuple[str, Played, dict[str, object]]]:
    """Return (name, notes, metre and key) of each tune of a file."""
    file = MidiFile(file=BytesIO(content))
    assert (file.type, len(file.tracks)) == (0, 1)
    found, sounding = [], {}
    time = 0
    for message in file.tracks[0]:
        time += message.time
        if message.type == "marker":
            found.append((message.text, [], {}))
        elif message.type == "time_signature":
            found[-1][2]["metre"] = f"{message.numerator}/{message.denominator}"
        elif message.type == "key_signature":
            found[-1][2]["key"] = message.key
        elif message.type == "note_on":
            sounding[message.note] = time
        elif message.type == "note_off":
            found[-1][1].append((message.note, (time - sounding.pop(message.note)) // EIGHTH))
    assert not sounding
    return found


@given(BOOKS)
@settings(deadline=None)
def test_a_midi_file_plays_the_tunes(tunes: dict[int, Tune]) -> None:
    content = midi_file(tunes)
    expected = [(f"Tune {number}", played(tune), {"metre": tune.metre, "key": tune.key}) for number, tune in tunes.items()]
    assert read_midi(content) == expected
    assert midi_file(dict(tunes)) == content


def test_tunes_follow_each_other_a_bar_apart_at_two_quarters_a_second() -> None:
    tune = read_tune(words("M:3/4 K:C C6 | C6 |]"))
    assert MidiFile(file=BytesIO(midi_file({1: tune, 2: tune}))).length == 2 * 3 * LENGTHS["3/4"] / 4


def test_what_is_no_tune_is_left_out_and_files_are_written_where_asked(tmp_path: Path) -> None:
    texts = [words("the dogs bark ."), words("M:2/4 K:C C4 |]"), [], words("M:2/4 K:D D4 |]")]
    tunes = dict(playable(texts))
    assert list(tunes) == [2, 4]
    write_tunes(tunes, abc=tmp_path / "a.abc")
    assert [path.name for path in tmp_path.iterdir()] == ["a.abc"]
    write_tunes(tunes, midi=tmp_path / "a.mid")
    assert list(read_abc((tmp_path / "a.abc").read_text(encoding="utf-8"))) == [2, 4]
    assert [name for name, _, _ in read_midi((tmp_path / "a.mid").read_bytes())] == ["Tune 2", "Tune 4"]
