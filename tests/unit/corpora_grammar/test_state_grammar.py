from collections import Counter
from itertools import pairwise
from random import Random
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from rnnpipe.corpora.grammar.state import MOVES, STATES, accepts, guessing_accuracy, sample_sentence
from rnnpipe.corpora.tagging import breaks_scheme
from rnnpipe.params import StateGrammar

Problem = Literal["parity", "s3"]
problems = pytest.mark.parametrize("problem", ["parity", "s3"])


def settings(problem: Problem, **changes: int) -> StateGrammar:
    return StateGrammar(kind="state", problem=problem, train=1, valid=1, test=1, **changes)


@given(st.integers(0, 10**6))
def test_parity_counts_the_ones(seed: int) -> None:
    ones = 0
    for symbol, tag in sample_sentence(settings("parity"), "test", Random(seed)):
        ones += int(symbol)
        assert tag == ("B-ODD" if ones % 2 else "O")


@given(st.integers(0, 10**6))
def test_s3_moves_cups_as_one_would_by_hand(seed: int) -> None:
    cups = ["A", "B", "C"]
    for symbol, tag in sample_sentence(settings("s3"), "test", Random(seed)):
        if symbol == "swap":
            cups[0], cups[1] = cups[1], cups[0]
        else:
            cups.append(cups.pop(0))
        shown = "".join(cups)
        assert tag == ("O" if shown == "ABC" else f"B-{shown}")


def test_the_moves_make_the_whole_group_and_do_not_commute() -> None:
    swap, turn = MOVES["s3"]["swap"], MOVES["s3"]["turn"]
    reached = {"ABC"}
    for _ in range(STATES["s3"]):
        reached |= {move(state) for state in reached for move in (swap, turn)}
    assert len(reached) == STATES["s3"]
    assert swap(turn("ABC")) != turn(swap("ABC"))


@problems
def test_lengths_are_those_of_the_split(problem: Problem) -> None:
    random, own = Random(1), settings(problem, longest=5, longer=12)
    assert {len(sample_sentence(own, "train", random)) for _ in range(200)} == {1, 2, 3, 4, 5}
    assert {len(sample_sentence(own, "test_longer", random)) for _ in range(20)} == {12}


@problems
def test_who_has_lost_the_state_can_only_guess(problem: Problem) -> None:
    """After a few symbols all states are about equally likely."""
    last = Counter(sample_sentence(settings(problem), "test_longer", random)[-1][1] for random in map(Random, range(3000)))
    assert max(last.values()) / 30 == pytest.approx(guessing_accuracy(problem), abs=4)
    assert len(last) == STATES[problem]


@problems
def test_tags_are_iob2_and_samples_accepted(problem: Problem) -> None:
    sentence = sample_sentence(settings(problem), "test_longer", Random(1))
    assert breaks_scheme([tag for _, tag in sentence], "IOB2") is None
    assert accepts(problem, [symbol for symbol, _ in sentence])
    assert not accepts(problem, [])
    assert not accepts(problem, ["2"])


def test_the_state_changes_by_the_symbol_and_by_the_state() -> None:
    sentence = sample_sentence(settings("s3"), "test_longer", Random(1))
    after = {(before[1], symbol): tag for before, (symbol, tag) in pairwise(sentence)}
    assert len(after) == 12
    assert len(set(after.values())) == 6


def test_longer_texts_are_longer() -> None:
    with pytest.raises(ValidationError, match="longer: 20 is not above longest, 20"):
        settings("parity", longest=20, longer=20)
