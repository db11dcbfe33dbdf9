import pytest
from hypothesis import given
from tunes import NOTES, TUNES

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.music.notes import SIGNATURES, Note, degree_of, scale_note
from rnnpipe.music.tune import Tune, pulse, read_tune


def words(text: str) -> list[str]:
    return text.split()


@pytest.mark.parametrize(
    ("token", "pitch", "length"),
    [
        ("C1", 60, 1),
        ("B2", 71, 2),
        ("c", 72, 1),
        ("c'4", 84, 4),
        ("^F3", 66, 3),
        ("_B12", 70, 12),
        ("B,,8", 47, 8),
        ("_C2", 59, 2),
    ],
)
def test_a_note_sounds_as_abc_says(token: str, pitch: int, length: int) -> None:
    note = Note.read(token)
    assert (note.pitch, note.length) == (pitch, length)


@given(NOTES)
def test_a_note_reads_as_it_is_written(note: Note) -> None:
    assert Note.read(note.token) == note


@pytest.mark.parametrize("token", ["", "H2", "C0", "C-1", "^^F2", "C,'2", "|", "<unk>", "2", "C2 "])
def test_what_is_no_note(token: str) -> None:
    with pytest.raises(ValueError, match="is no note"):
        Note.read(token)


# Semitones above middle C of the tonic, written down from a keyboard.
TONICS = {"C": 0, "D": 2, "F": 5, "G": 7, "A": 9, "Bb": 10}


@pytest.mark.parametrize("key", sorted(SIGNATURES))
def test_a_major_scale_goes_by_whole_and_half_tones(key: str) -> None:
    scale = [scale_note(key, degree, 1) for degree in range(-7, 15)]
    assert scale[7].pitch == 60 + TONICS[key]
    assert [after.pitch - before.pitch for before, after in zip(scale, scale[1:], strict=False)] == [2, 2, 1, 2, 2, 2, 1] * 3
    assert [after.step - before.step for before, after in zip(scale, scale[1:], strict=False)] == [1] * 21
    assert [degree_of(key, note) for note in scale] == list(range(-7, 15))


@given(TUNES)
def test_a_tune_reads_as_it_is_written(tune: Tune) -> None:
    assert read_tune(tune.tokens) == tune
    assert len(tune.notes) == sum(map(len, tune.bars))


def test_a_tune_whose_end_was_not_drawn_is_taken_as_it_stands() -> None:
    tune = read_tune(words("M:6/8 K:Bb _B3 F3 | G2"))
    assert [len(bar) for bar in tune.bars] == [2, 1]
    assert pulse(tune.metre) == (6, 8)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "begins with 'nothing'"),
        ("the dogs bark", "begins with 'the dogs', not with a metre and a key"),
        ("K:G M:3/4 G2", "begins with 'K:G M:3/4'"),
        ("M:3/4 K:G", "no note in it"),
        ("M:3/4 K:G | |]", "no note in it"),
        ("M:3/4 K:G G2 |] G2", r"word 4: '\|\]' is no note"),
        ("M:3/4 K:G G2 dog", "word 4: 'dog' is no note"),
    ],
)
def test_what_is_no_tune(text: str, told: str) -> None:
    with pytest.raises(RnnpipeError, match=told):
        read_tune(text.split())
