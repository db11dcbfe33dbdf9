"""Names in context: "apple , especially iphone" is a company, "apple . it is a healthy fruit" is not (named entities).

In a left-resolved sentence the words before the name tell its type, in a right-resolved one only the words after it
do: there a reader from left to right can only guess. A name is a known word of several types (apple, washington, jordan),
or invented anew for each split, so that its spelling tells nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from random import Random

from rnnpipe.corpora.grammar.drawing import chance, draw_uniform
from rnnpipe.params import EntityGrammar

Sentence = list[tuple[str, str]]
"""(token, tag) in IOB2."""

AMBIGUOUS: dict[str, tuple[str, ...]] = {
    "apple": ("ORG", "FRUIT"),
    "orange": ("ORG", "FRUIT"),
    "blackberry": ("ORG", "FRUIT"),
    "washington": ("PER", "LOC"),
    "jordan": ("PER", "LOC"),
    "paris": ("PER", "LOC"),
    "ford": ("PER", "ORG"),
    "dell": ("PER", "ORG"),
    "amazon": ("ORG", "LOC"),
    "phoenix": ("ORG", "LOC"),
}
"""Known words that name things of two types; a FRUIT is no entity: its tag is O."""

INVENTED_TYPES = ("PER", "LOC", "ORG")

LEFT: dict[str, tuple[str, ...]] = {
    "PER": ("her brother NAME met us", "a doctor called NAME spoke", "they thanked mister NAME yesterday"),
    "LOC": ("they travelled through the town of NAME", "we live in downtown NAME now", "the capital city NAME grew"),
    "ORG": ("she works for the company NAME", "shares of NAME fell today", "the board of directors at NAME met"),
    "FRUIT": ("he ate a ripe NAME", "she peeled the NAME slowly", "a slice of fresh NAME please"),
}
"""Frames whose words before NAME resolve its type."""

OPENINGS = ("", "i like", "yesterday", "we heard about", "people say that", "of course", "do you know", "then came")
"""What may stand before a name that only the words after it resolve: the same for all types."""

RIGHT: dict[str, tuple[str, ...]] = {
    "PER": ("NAME , especially when he sings", "NAME and his wife", "NAME . he is a kind man", "NAME himself laughed"),
    "LOC": ("NAME , especially in summer", "NAME and its old streets", "NAME . it lies by a river", "NAME has many inhabitants"),
    "ORG": ("NAME , especially iphone", "NAME and its new products", "NAME . it hired fifty engineers", "NAME industries grew"),
    "FRUIT": ("NAME , especially with cream", "NAME and its sweet juice", "NAME . it is a healthy fruit", "NAME pie tastes good"),
}
"""Frames whose words after NAME resolve its type."""

SECOND = {"NAME industries": "ORG"}
"""Frames whose next word belongs to the name too."""

SYLLABLES = ("ba", "do", "fi", "gu", "ka", "lo", "mi", "nu", "pe", "ra", "so", "ti", "vu", "ze")
SPLITS = ("train", "valid", "test")


def invented_name(random: Random, split: str) -> str:
    """Return a name that no other split uses: its last letter tells the split, all else is drawn."""
    return "".join(draw_uniform(random, SYLLABLES) for _ in range(4)) + "nrx"[SPLITS.index(split)]


def sample_sentence(settings: EntityGrammar, split: str, random: Random) -> Sentence:
    """Return one sentence of a split; the pairs of `context_pairs` are never among them."""
    while True:
        sentence = _draw_sentence(settings, split, random)
        if tuple(sentence) not in _held_out():
            return sentence


def context_pairs() -> list[Sentence]:
    """Return all right-resolved sentences of the known words after "i like": what only the right-hand context tells apart."""
    return [_tagged("i like", frame, word, kind) for word, kinds in AMBIGUOUS.items() for kind in kinds for frame in RIGHT[kind]]


def accepts(tokens: Sequence[str]) -> bool:
    """Return whether some name put into some frame gives these tokens."""
    frames = [("", frame) for frames in LEFT.values() for frame in frames]
    frames += [(opening, frame) for opening in OPENINGS for frames in RIGHT.values() for frame in frames]
    return any(_fits(tokens, f"{opening} {frame} .".split()) for opening, frame in frames)


def right_resolved_share(sentences: Sequence[Sentence]) -> float:
    """Return the share of entities, in percent, whose type only the words after them tell."""
    frames = {tuple(frame.split()[1:]) for frames in RIGHT.values() for frame in frames}
    entities = [(sentence, position) for sentence in sentences for position, (_, tag) in enumerate(sentence) if tag[0] == "B"]
    resolved = sum(tuple(token for token, _ in sentence[position + 1 : -1]) in frames for sentence, position in entities)
    return 100 * resolved / len(entities)


@cache
def _held_out() -> frozenset[tuple[tuple[str, str], ...]]:
    return frozenset(tuple(sentence) for sentence in context_pairs())


def _draw_sentence(settings: EntityGrammar, split: str, random: Random) -> Sentence:
    if chance(random, settings.invented):
        name, kind = invented_name(random, split), draw_uniform(random, INVENTED_TYPES)
    else:
        name = draw_uniform(random, tuple(AMBIGUOUS))
        kind = draw_uniform(random, AMBIGUOUS[name])
    if chance(random, settings.right_context):
        return _tagged(draw_uniform(random, OPENINGS), draw_uniform(random, RIGHT[kind]), name, kind)
    return _tagged("", draw_uniform(random, LEFT[kind]), name, kind)


def _tagged(opening: str, frame: str, name: str, kind: str) -> Sentence:
    words = f"{opening} {frame} .".split()
    start = words.index("NAME")
    tags = ["O"] * len(words)
    if kind != "FRUIT":
        tags[start] = f"B-{kind}"
        if " ".join(words[start : start + 2]) in SECOND:
            tags[start + 1] = f"I-{kind}"
    words[start] = name
    return list(zip(words, tags, strict=True))


def _fits(tokens: Sequence[str], frame: Sequence[str]) -> bool:
    return len(tokens) == len(frame) and all(word in (token, "NAME") for token, word in zip(tokens, frame, strict=True))
