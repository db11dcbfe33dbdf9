"""State tracking: a text of symbols, and after each of them the state of a small automaton that has read so far.

`parity` reads bits; its state is whether the ones so far are odd: "1 0 1" → odd, odd, even. `s3` moves three cups, a b c: "swap"
exchanges the first two, "turn" puts the first one last; its state is the order they stand in, one of six, which is the word
problem of the group S3.

The state after each symbol is its tag, and not only the last one the label of the text: the short beginnings of a text are then
told too, from which a network learns the rule; with the last state alone it is often stuck at guessing. One wrong step spoils all
that follow, so accuracy on texts longer than those of training tells whether the state is carried or guessed from a table of
short texts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from random import Random
from typing import Literal

from rnnpipe.corpora.grammar.drawing import draw_uniform
from rnnpipe.params import StateGrammar

Sentence = list[tuple[str, str]]
"""(symbol, tag of the state after it) in IOB2: O in the state at the beginning, else B-STATE."""

START: dict[str, str] = {"parity": "EVEN", "s3": "ABC"}
"""State before the first symbol."""
MOVES: dict[str, Mapping[str, Callable[[str], str]]] = {
    "parity": {
        "0": lambda state: state,
        "1": lambda state: "ODD" if state == "EVEN" else "EVEN",
    },
    "s3": {
        "swap": lambda state: state[1] + state[0] + state[2],
        "turn": lambda state: state[1:] + state[0],
    },
}
"""Problem → symbol → what it makes of a state."""
STATES = {"parity": 2, "s3": 6}
"""How many states there are; after a few symbols all are about equally likely, whatever was read before."""
SPLITS = ("train", "valid", "test", "test_longer")


def sample_sentence(settings: StateGrammar, split: str, random: Random) -> Sentence:
    """Return one text of a split: as long as its setting says in `test_longer`, else of any length up to the longest."""
    moves, state = MOVES[settings.problem], START[settings.problem]
    length = settings.longer if split == "test_longer" else draw_uniform(random, range(1, settings.longest + 1))
    sentence = []
    for _ in range(length):
        symbol = draw_uniform(random, tuple(moves))
        state = moves[symbol](state)
        sentence.append((symbol, "O" if state == START[settings.problem] else f"B-{state}"))
    return sentence


def guessing_accuracy(problem: Literal["parity", "s3"]) -> float:
    """Return the share of tags, in percent, that a reader gets right who has lost the state."""
    return 100.0 / STATES[problem]


def accepts(problem: Literal["parity", "s3"], tokens: Sequence[str]) -> bool:
    """Return whether the tokens are symbols of a problem, at least one."""
    return len(tokens) > 0 and all(token in MOVES[problem] for token in tokens)
