"""Parameters of the network of a tagger: what it reads of words beside their ids."""

from __future__ import annotations

from typing import Literal

from pydantic import model_validator

from rnnpipe.params.base import Count, Name, Share, Strict, Width
from rnnpipe.params.network import Network


class Characters(Strict):
    """A vector for each word from its letters, beside that of the word."""

    kind: Literal["cnn", "lstm"] = "cnn"
    """`cnn`: filters over the letters, of each the maximum (Ma & Hovy 2016); `lstm`: one a direction (Lample et al. 2016)."""
    dimension: Width = 30
    """Numbers in the vector of a letter: a byte of UTF-8."""
    hidden: Width = 50
    """Filters; numbers in the LSTM's state, one direction of it."""
    width: Count = 3
    """Letters that a filter sees."""


class NerNetwork(Network):
    """Network of a tagger."""

    words: Literal["as_written", "folded"] = "as_written"
    """`folded`: words that differ in capitals or digits only have one vector, that of the most frequent of them."""
    characters: Characters | None = None
    """None: letters are not read."""
    shapes: Width | None = None
    """Numbers in the vector of a word's shape: capitalised, digits, …, at a sentence's start or not; None: not read."""
    features: dict[Name, Width] = {}
    """Feature of the corpus → numbers in the vector of its value."""
    elsewhere: Width | None = None
    """Numbers in the vector that says how the word is written at other places of its article: small, capitalised, in capitals;
    None: not read."""
    memory: Width | None = None
    """Numbers that the states at the other places of a word in its article are made to, beside its own; None: no memory."""
    unknown_singletons: Share = 0.0
    """Probability that a word which stands once in the training text is read as `<unk>` in training (Lample et al. 2016)."""
    unknown_words: Share = 0.0
    """The same of any word."""

    @property
    def reads_forms(self) -> bool:
        """Whether it reads more of words than the ids of the corpus."""
        others = (self.characters, self.shapes, self.features, self.elsewhere, self.memory)
        return self.words == "folded" or any(others)

    @model_validator(mode="after")
    def _dropped_once(self) -> NerNetwork:
        if self.unknown_words > self.unknown_singletons > 0:
            raise ValueError(
                "unknown_words: singletons are words too; set unknown_singletons to at least as much, or leave it out"
            )
        return self
