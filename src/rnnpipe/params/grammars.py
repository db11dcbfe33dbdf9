"""Parameters of the sample corpora, each drawn from a grammar of which the optimum is known."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from rnnpipe.params.base import Count, Rate, Share, Strict


class AgreementGrammar(Strict):
    """Agreement between a noun and its verb across prepositional phrases of three tokens (language model)."""

    kind: Literal["agreement"]
    """Number agreement."""
    train: Count
    """Sentences."""
    valid: Count
    """Sentences."""
    test: Count
    """Sentences in each split."""
    noun_kinds: Annotated[int, Field(ge=1, le=32)] = 32
    """Kinds of nouns, each with a verb of its own: a verb depends on 1 + log2(noun_kinds) bits of its noun, number among them."""
    depths: tuple[Annotated[int, Field(ge=0)], ...]
    """Numbers of prepositional phrases that may stand between noun and verb."""
    depth_weights: tuple[Rate, ...]
    """Weight of each of `depths`, normalised to 1."""
    pairs: Count = 200
    """Minimal pairs for each distance."""
    distances: tuple[int, ...]
    """Tokens between noun and verb for which minimal pairs are made: multiples of 3, also longer ones than the splits hold."""

    @model_validator(mode="after")
    def _depths_and_distances_are_possible(self) -> AgreementGrammar:
        if len(self.depths) != len(self.depth_weights) or len(set(self.depths)) != len(self.depths) or not self.depths:
            raise ValueError("depth_weights: one weight is needed for each of depths, and each depth stands there once")
        impossible = [distance for distance in self.distances if distance < 0 or distance % 3]
        if impossible:
            raise ValueError(f"distances: {impossible[0]} is no multiple of 3, the length of a prepositional phrase")
        return self


class OpinionGrammar(Strict):
    """Reviews whose stars are decided by word order: negation, contrast (sentiment)."""

    kind: Literal["opinion"]
    """Reviews."""
    train: Count
    """Reviews."""
    valid: Count
    """Reviews."""
    test: Count
    """Reviews in each split; `test_longer`, with longer reviews than the others, has as many as test."""
    mixed: Share = 0.6
    """Share of opinions that name a good and a bad word, so that only their order tells which one counts."""
    noise: Annotated[float, Field(ge=0.0, lt=0.5)] = 0.02
    """Share of reviews whose author ticked the opposite stars by mistake: Bayes accuracy is 1 - noise."""


class EntityGrammar(Strict):
    """Names that only the right-hand context resolves, and unseen names (named entities)."""

    kind: Literal["entity"]
    """Names."""
    train: Count
    """Sentences."""
    valid: Count
    """Sentences."""
    test: Count
    """Sentences in each split."""
    right_context: Share = 0.5
    """Share of sentences whose name is resolved by the words after it; the words before it resolve the others."""
    invented: Share = 0.3
    """Share of names that are invented anew for each split, so that those of valid and test are unknown words."""


class FeatureGrammar(Strict):
    """Words of known features (gender, age, royalty, edible) in contexts drawn by feature (embeddings)."""

    kind: Literal["feature"]
    """Words with known features."""
    train: Count
    """Sentences."""
    mixing: Share = 0.1
    """Share of contexts drawn from all contexts; GloVe learns nothing from pairs that never stand together: f(0) = 0."""


class StateGrammar(Strict):
    """Symbols that move a state, and the state after each of them: parity, or the word problem of S3 (tagging)."""

    kind: Literal["state"]
    """State tracking."""
    problem: Literal["parity", "s3"]
    """`parity`: bits, and whether the ones so far are odd; `s3`: two moves of three cups, and the order they stand in."""
    train: Count
    """Texts."""
    valid: Count
    """Texts."""
    test: Count
    """Texts in each split; `test_longer`, whose texts are longer than all others, has as many as test."""
    longest: Count = 20
    """Symbols in the longest text of train, valid and test; all lengths from 1 on are equally likely."""
    longer: Count = 80
    """Symbols in each text of `test_longer`."""

    @model_validator(mode="after")
    def _longer_is_longer(self) -> StateGrammar:
        if self.longer <= self.longest:
            raise ValueError(f"longer: {self.longer} is not above longest, {self.longest}, but its texts are the longer ones")
        return self


class TuneGrammar(Strict):
    """Tunes in bars that add up, in a key, with a cadence at the end of each phrase (language model, music)."""

    kind: Literal["tune"]
    """Tunes."""
    train: Count
    """Tunes."""
    valid: Count
    """Tunes."""
    test: Count
    """Tunes in each split."""
    metres: Annotated[tuple[Literal["2/4", "3/4", "4/4", "6/8"], ...], Field(min_length=1)] = ("3/4", "4/4")
    """Metres that are drawn from, all alike."""
    keys: Annotated[tuple[Literal["C", "G", "D", "A", "F", "Bb"], ...], Field(min_length=1)] = ("C", "G", "D", "F")
    """Major keys that are drawn from, all alike."""
    phrases: Count = 2
    """Of a tune; all but the last one end on the dominant, that one on the tonic."""
    bars: Annotated[int, Field(ge=2)] = 4
    """Of a phrase, its cadence among them."""

    @model_validator(mode="after")
    def _each_once(self) -> TuneGrammar:
        for field, names in (("metres", self.metres), ("keys", self.keys)):
            if len(set(names)) < len(names):
                raise ValueError(f"{field}: each may stand there once")
        return self


Grammar = Annotated[
    AgreementGrammar | OpinionGrammar | EntityGrammar | FeatureGrammar | StateGrammar | TuneGrammar, Field(discriminator="kind")
]
