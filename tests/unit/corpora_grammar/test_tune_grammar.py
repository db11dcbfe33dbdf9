import math
from collections import Counter
from itertools import product
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from rnnpipe.corpora.grammar.agreement import perplexity_floor
from rnnpipe.corpora.grammar.tune import HALF, HIGHEST, LOWEST, TuneLanguage
from rnnpipe.music.notes import LENGTHS, SIGNATURES, degree_of, scale_note
from rnnpipe.music.tune import read_tune
from rnnpipe.params import TuneGrammar

LANGUAGE = TuneLanguage(tuple(LENGTHS), tuple(SIGNATURES), phrases=2, bars=4)
GOOD = "M:3/4 K:G G2 A2 B2 | c4 B2 | A2 B1 A1 G2 | d6 | e4 d2 | ^f4 d2 | e4 d2 | A2 G4 |]"


def words(text: str) -> list[str]:
    return text.split()


@given(st.integers(0, 10**6))
def test_every_tune_is_one_that_a_musician_would_call_right(seed: int) -> None:
    tokens = LANGUAGE.sample(Random(seed))
    tune = read_tune(tokens)
    assert tune.tokens == tokens
    assert len(tune.bars) == 8
    assert all(sum(note.length for note in bar) == LENGTHS[tune.metre] for bar in tune.bars), "bars add up"
    degrees = [degree_of(tune.key, note) for note in tune.notes]
    tonic = tune.notes[-1].pitch
    assert {(note.pitch - tonic) % 12 for note in tune.notes} <= {0, 2, 4, 5, 7, 9, 11}, "notes are of the key"
    assert degrees[-1] == 0, "ends on the tonic"
    assert degree_of(tune.key, tune.bars[3][0]) in (1, 4) and len(tune.bars[3]) == 1, "rests on the dominant in the middle"
    assert LANGUAGE.accepts(tokens)


def test_probabilities_of_the_shortest_language_sum_to_one_by_enumeration() -> None:
    language = TuneLanguage(("2/4",), ("C",), phrases=1, bars=2)
    total = 0.0
    for rhythm in HALF:
        for degrees in product(range(LOWEST, HIGHEST + 1), repeat=len(rhythm)):
            bar = [scale_note("C", degree, length).token for degree, length in zip(degrees, rhythm, strict=True)]
            for leading in range(LOWEST, HIGHEST + 1):
                end = [scale_note("C", leading, 2).token, "C2", "|]"]
                total += math.exp(language.log_probability(["M:2/4", "K:C", *bar, "|", *end]))
    assert total == pytest.approx(1.0, abs=1e-9)


def test_probability_by_hand() -> None:
    language = TuneLanguage(("2/4", "3/4"), ("C", "G", "D"), phrases=1, bars=2)
    # 1 of 2 metres, 1 of 3 keys; rhythm 4 of three; first degree of three; a leading note of four; the tonic.
    assert math.exp(language.log_probability(words("M:2/4 K:D D4 | E2 D2 |]"))) == pytest.approx(1 / 6 / 3 / 3 / 4)
    # rhythm 2 2 of three; a step from the tonic by one degree weighs 8, all up to the octave together 15.6
    assert math.exp(language.log_probability(words("M:2/4 K:C C2 D2 | G2 C2 |]"))) == pytest.approx(1 / 6 / 3 / 3 * 8 / 15.6 / 4)


def test_draws_are_as_frequent_as_their_probability_says() -> None:
    language = TuneLanguage(("6/8",), ("C",), phrases=1, bars=2)
    random = Random(1)
    counts = Counter(" ".join(language.sample(random)) for _ in range(20_000))
    for tune, count in counts.most_common(20):
        expected = 20_000 * math.exp(language.log_probability(tune.split()))
        assert abs(count - expected) < 5 * math.sqrt(expected)


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ((" A2 G4 |]", " A2 G4"), "no end"),
        ((" A2 G4 |]", " A2 G4 |] G2"), "more behind the end"),
        ((" A2 G4 |]", " A2 G4 |"), "a bar in the place of the end"),
        (("c4 B2", "c4 B1"), "a bar too short"),
        (("c4 B2", "c4 B2 A1"), "a bar too long"),
        (("c4 B2", "c4 _B2"), "a note outside the key"),
        (("^f4", "f4"), "the key's sharp left out"),
        (("c4 B2", "c4 E2"), "a note below the range"),
        (("G4 |]", "A4 |]"), "no tonic at the end"),
        (("| d6 |", "| B6 |"), "no dominant in the middle"),
        (("| d6 ", ""), "a bar too few"),
        (("M:3/4", "M:4/4"), "another metre"),
        (("M:3/4 K:G", "K:G M:3/4"), "the key first"),
        (("K:G", "K:E"), "an unknown key"),
        (("c4 B2", "c4 <unk>"), "an unknown word"),
    ],
)
def test_what_is_no_tune_is_refused(change: tuple[str, str], wrong: str) -> None:
    assert LANGUAGE.accepts(GOOD.split())
    changed = GOOD.replace(*change)
    assert changed != GOOD
    assert not LANGUAGE.accepts(changed.split()), wrong
    assert not LANGUAGE.accepts([])


def test_floor_of_one_tune_by_hand() -> None:
    language = TuneLanguage(("2/4",), ("C",), phrases=1, bars=2)
    # rhythm and degree of the first bar 1 / 9, a leading note 1 / 4; eight predictions with <eos>
    tune = words("M:2/4 K:C C4 | G2 C2 |]")
    assert perplexity_floor(language, [tune]) == pytest.approx((9 * 4) ** (1 / 8))


def test_settings_that_no_tune_can_have_are_refused() -> None:
    good = {"kind": "tune", "train": 1, "valid": 1, "test": 1}
    with pytest.raises(ValidationError, match="keys: each may stand there once"):
        TuneGrammar(**good, keys=("C", "C"))
    for wrong in ({"bars": 1}, {"phrases": 0}, {"metres": ()}, {"metres": ("5/4",)}, {"keys": ("H",)}):
        with pytest.raises(ValidationError):
            TuneGrammar(**good, **wrong)
