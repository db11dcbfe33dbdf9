"""Agreement across a distance: "the dog near the roses behind the boys sleeps again".

    S  → the N (P the N)^k V Adv .

The verb is that of the *first* noun, in its number; the nouns of the k prepositional phrases are attractors, drawn without
regard to it. So a reader must carry 1 + log2(kinds of nouns) bits to the verb, not just the one of number: a single bit a
well-tuned simple RNN carries across any distance.

Every sentence has one derivation, so its probability is the product of the draws, and the perplexity of the true distribution,
which no language model can beat but by chance, is known exactly.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Protocol

from rnnpipe.corpora.grammar.drawing import Weighted, draw_uniform
from rnnpipe.params import AgreementGrammar

WORDS = (
    ("dog", "bark"),
    ("cow", "moo"),
    ("horse", "neigh"),
    ("bird", "chirp"),
    ("lion", "roar"),
    ("frog", "croak"),
    ("owl", "hoot"),
    ("duck", "quack"),
    ("lamb", "bleat"),
    ("pig", "grunt"),
    ("bear", "growl"),
    ("hen", "cluck"),
    ("clock", "tick"),
    ("bell", "ring"),
    ("engine", "hum"),
    ("door", "creak"),
    ("river", "flow"),
    ("star", "shine"),
    ("flower", "bloom"),
    ("tree", "sway"),
    ("candle", "burn"),
    ("boy", "play"),
    ("king", "rule"),
    ("farmer", "dig"),
    ("doctor", "heal"),
    ("singer", "sing"),
    ("baker", "bake"),
    ("painter", "paint"),
    ("sailor", "sail"),
    ("dancer", "dance"),
    ("writer", "write"),
    ("swimmer", "swim"),
)
"""Nouns, each with the one verb that says what it does. The plural of the noun, and the singular of the verb, ends in "s"."""

PREPOSITIONS = ("near", "behind", "beside", "above", "below", "with")
ADVERBS = ("today", "again", "slowly", "often")
PHRASE_LENGTH = 3
"""Tokens of a prepositional phrase."""


@dataclass(frozen=True)
class Pair:
    """A minimal pair: after `prefix` the grammar allows `good` and forbids `bad`, the same verb in the other number."""

    distance: int
    prefix: list[str]
    good: str
    bad: str


class AgreementLanguage:
    """The set of sentences and their probabilities.

    Parameters
    ----------
    nouns : int
        How many of the nouns are used, in 1..32.
    depths : Weighted
        Distribution of the number of prepositional phrases.
    """

    def __init__(self, nouns: int, depths: Weighted[int]) -> None:
        self.depths = depths
        self._verb = {f"{noun}{plural}": f"{verb}{'' if plural else 's'}" for noun, verb in WORDS[:nouns] for plural in ("", "s")}
        self._nouns = list(self._verb)

    @classmethod
    def from_settings(cls, settings: AgreementGrammar) -> AgreementLanguage:
        """Return the language of an entry of `grammars`."""
        return cls(settings.noun_kinds, Weighted(settings.depths, settings.depth_weights))

    def sample(self, random: Random) -> list[str]:
        """Return one sentence."""
        prefix = self._prefix(random, self.depths.draw(random))
        return [*prefix, self._verb[prefix[1]], draw_uniform(random, ADVERBS), "."]

    def log_probability(self, tokens: Sequence[str]) -> float:
        """Return the natural logarithm of a sentence's probability; minus infinity if it is not in the language."""
        middle, end = tokens[2:-3], tokens[-3:]
        depth, rest = divmod(len(middle), PHRASE_LENGTH)
        if len(tokens) < 5 or tokens[0] != "the" or tokens[1] not in self._verb or rest:
            return -math.inf
        phrases = [middle[start : start + PHRASE_LENGTH] for start in range(0, len(middle), PHRASE_LENGTH)]
        correct = all(p in PREPOSITIONS and the == "the" and noun in self._verb for p, the, noun in phrases)
        verb, adverb, stop = end
        probability = self.depths.probability(depth)
        if not (correct and probability and verb == self._verb[tokens[1]] and adverb in ADVERBS and stop == "."):
            return -math.inf
        nouns = (depth + 1) * math.log(len(self._nouns))
        others = depth * math.log(len(PREPOSITIONS)) + math.log(len(ADVERBS))
        return math.log(probability) - nouns - others

    def accepts(self, tokens: Sequence[str]) -> bool:
        """Return whether the tokens, without <eos>, are a sentence of the language."""
        return self.log_probability(tokens) > -math.inf

    def minimal_pair(self, random: Random, distance: int) -> Pair:
        """Return a pair whose noun and verb stand `distance` tokens apart.

        The nouns of the phrases are drawn like all others, so about half of them are attractors of the other number.
        """
        prefix = self._prefix(random, distance // PHRASE_LENGTH)
        good = self._verb[prefix[1]]
        return Pair(distance, prefix, good, good.removesuffix("s") if good.endswith("s") else f"{good}s")

    def _prefix(self, random: Random, depth: int) -> list[str]:
        prefix = ["the", draw_uniform(random, self._nouns)]
        for _ in range(depth):
            prefix += [draw_uniform(random, PREPOSITIONS), "the", draw_uniform(random, self._nouns)]
        return prefix


class Language(Protocol):
    """A set of sentences whose probabilities are known."""

    def sample(self, random: Random) -> list[str]:
        """Return one sentence."""

    def log_probability(self, tokens: Sequence[str]) -> float:
        """Return the natural logarithm of a sentence's probability; minus infinity if it is not in the language."""


def perplexity_floor(language: Language, sentences: Iterable[Sequence[str]]) -> float:
    """Return the perplexity of the true distribution on sentences, per token, the <eos> of each sentence included.

    <eos> follows the full stop with certainty: it counts as a prediction and costs nothing.
    """
    log_probability, predictions = 0.0, 0
    for tokens in sentences:
        log_probability += language.log_probability(tokens)
        predictions += len(tokens) + 1
    return math.exp(-log_probability / predictions)
