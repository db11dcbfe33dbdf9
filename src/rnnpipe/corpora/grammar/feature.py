"""Words that carry gender, age, royalty and edibility, in contexts drawn by these features (embeddings).

A sentence is a word and some phrases. Each phrase goes with one trait of the word ("rules the land": royal), but a
share of them, `mixing`, is drawn from all phrases: GloVe's weight f(0) = 0 skips pairs of words that never
stand together, so that without mixing it is never told that a king wears no dress.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import combinations, product
from random import Random

from rnnpipe.corpora.grammar.drawing import chance, draw_uniform
from rnnpipe.params import FeatureGrammar

PEOPLE: dict[str, tuple[str, str, str]] = {
    "man": ("male", "grown", "common"),
    "woman": ("female", "grown", "common"),
    "boy": ("male", "young", "common"),
    "girl": ("female", "young", "common"),
    "king": ("male", "grown", "royal"),
    "queen": ("female", "grown", "royal"),
    "prince": ("male", "young", "royal"),
    "princess": ("female", "young", "royal"),
    "father": ("male", "grown", "kin"),
    "mother": ("female", "grown", "kin"),
    "son": ("male", "young", "kin"),
    "daughter": ("female", "young", "kin"),
}
"""Traits of the people: each combination of gender, age and sphere is one word."""

FOODS = ("apple", "orange", "pear", "cherry", "plum", "melon")
THINGS = ("table", "chair", "lamp", "carpet", "mirror", "cupboard")
WORDS: dict[str, tuple[str, ...]] = {**PEOPLE, **dict.fromkeys(FOODS, ("edible",)), **dict.fromkeys(THINGS, ("inedible",))}

PHRASES: dict[str, tuple[str, ...]] = {
    "male": ("trims his beard", "shaves", "wears his tie", "sings bass", "has a moustache"),
    "female": ("wears her dress", "sings soprano", "has a handbag", "braids her hair", "puts on lipstick"),
    "grown": ("drives", "votes", "signs a contract", "drinks wine", "turns grey"),
    "young": ("plays", "goes to school", "does homework", "learns to read", "loses a milk tooth"),
    "royal": ("rules the land", "sits on a throne", "lives in the palace", "wears a crown", "leads the court"),
    "common": ("takes the bus", "rents a flat", "stands in a queue", "walks down the street", "shops downtown"),
    "kin": ("sets the family dinner", "visits grandmother", "packs for the holiday", "calls home", "sorts photographs"),
    "edible": ("tastes sweet", "ripens", "is peeled", "makes good juice", "grows in the orchard"),
    "inedible": ("is made of wood", "gathers dust", "stands in a corner", "was sold at an auction", "needs repair"),
}
"""What is said of words with a trait."""

PHRASES_IN_A_SENTENCE = 3

FEATURES: dict[str, dict[str, int]] = {
    "gender": {"male": -1, "female": 1},
    "age": {"young": -1, "grown": 1},
    "royalty": {"royal": 1},
    "edible": {"edible": 1},
}
"""Feature → trait → value; 0 for words without these traits, as in the lecture's table."""


def sample_sentence(settings: FeatureGrammar, random: Random) -> list[str]:
    """Return one sentence: "the king rules the land and trims his beard and votes ."."""
    word = draw_uniform(random, tuple(WORDS))
    phrases = []
    for _ in range(PHRASES_IN_A_SENTENCE):
        traits = tuple(PHRASES) if chance(random, settings.mixing) else WORDS[word]
        phrases.append(draw_uniform(random, PHRASES[draw_uniform(random, traits)]))
    return f"the {word} {' and '.join(phrases)} .".split()


def accepts(tokens: Sequence[str]) -> bool:
    """Return whether the tokens are a word and three phrases of the grammar, fitting or not."""
    known = {phrase for phrases in PHRASES.values() for phrase in phrases}
    phrases = " ".join(tokens[2:-1]).split(" and ")
    framed = len(tokens) > 3 and tokens[0] == "the" and tokens[1] in WORDS and tokens[-1] == "."
    return framed and len(phrases) == PHRASES_IN_A_SENTENCE and known.issuperset(phrases)


def features(word: str) -> tuple[int, ...]:
    """Return the values of `FEATURES` for a word, each in {-1, 0, 1}."""
    return tuple(sum(values.get(trait, 0) for trait in WORDS[word]) for values in FEATURES.values())


def analogies() -> dict[str, list[tuple[str, str, str, str]]]:
    """Return section → questions (a, b, c, d): a is to b as c is to d, where both pairs differ in the same trait alone."""
    steps: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for first, second in product(PEOPLE, PEOPLE):
        changed = [pair for pair in zip(PEOPLE[first], PEOPLE[second], strict=True) if pair[0] != pair[1]]
        if len(changed) == 1:
            steps.setdefault(changed[0], []).append((first, second))
    return {
        f"{before}-{after}": [(*one, *other) for one, other in product(pairs, pairs) if one != other]
        for (before, after), pairs in sorted(steps.items())
    }


def similarities() -> list[tuple[str, str, float]]:
    """Return every pair of words with the cosine of their traits, times 10 as in WordSim-353."""
    pairs = []
    for first, second in combinations(WORDS, 2):
        shared = len(set(WORDS[first]) & set(WORDS[second]))
        pairs.append((first, second, round(10 * shared / math.sqrt(len(WORDS[first]) * len(WORDS[second])), 2)))
    return pairs
