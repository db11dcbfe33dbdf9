"""Parameters of taggers: what a network reads of words beside their ids, and what is one text."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import model_validator

from rnnpipe.params.base import Count, Name, Score, Share, Strict, Width
from rnnpipe.params.network import Network
from rnnpipe.params.run import Run


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
    vectors: Literal["train", "all"] = "train"
    """`all`: words outside the training text keep the vectors that the embedding has for them, where else they are `<unk>`."""
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
    contextual: Width | None = None
    """Numbers that the states of language models at each word are projected to, for an embedding of the section `contextual`
    (Akbik et al. 2018); None: not read."""
    unknown_singletons: Share = 0.0
    """Probability that a word which stands once in the training text is read as `<unk>` in training (Lample et al. 2016)."""
    unknown_words: Share = 0.0
    """The same of any word."""

    @property
    def reads_forms(self) -> bool:
        """Whether it reads more of words than the ids of the corpus."""
        others = (self.characters, self.shapes, self.features, self.elsewhere, self.memory, self.contextual)
        return self.words == "folded" or self.vectors == "all" or any(others)

    @model_validator(mode="after")
    def _dropped_once(self) -> NerNetwork:
        if self.unknown_words > self.unknown_singletons > 0:
            raise ValueError(
                "unknown_words: singletons are words too; set unknown_singletons to at least as much, or leave it out"
            )
        return self


class NerRun(Run):
    """One tag for each word."""

    title: ClassVar[str] = "Named entities"
    score: ClassVar[Score] = Score("f1.test", "span F1", 1)
    directions: ClassVar[dict[str, bool]] = {"f1": True, "accuracy": True, "loss": False}
    needs: ClassVar[str | None] = "columns"

    network: NerNetwork
    selection: Literal["f1", "accuracy", "loss"] = "f1"
    context: Literal["sentence", "article"] = "sentence"
    """What is read as one text. `article`: all sentences between two `-DOCSTART-` lines stand in one batch, for `elsewhere` and
    `memory` of the network."""

    @model_validator(mode="after")
    def _sentences_stand_alone(self) -> NerRun:
        for name in ("elsewhere", "memory"):
            if self.context == "sentence" and getattr(self.network, name) is not None:
                raise ValueError(f"network.{name}: looks at an article's other sentences; set context: article")
        return self
