"""From plain data to a network: what `config.json` of a trained model says is all that is needed to build it again."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any, Literal

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.layers.embedding import OneHot, WordEmbedding
from rnnpipe.layers.embedding_dropout import EmbeddingDropout
from rnnpipe.layers.recurrent import Recurrent
from rnnpipe.networks.classifier import Pooling, TextClassifier
from rnnpipe.networks.language_model import LanguageModelNetwork
from rnnpipe.networks.tagger import Tagger
from rnnpipe.params import Cell, Initialisation

Network = LanguageModelNetwork | TextClassifier | Tagger


@dataclass(frozen=True, kw_only=True)
class NetworkConfig:
    """A network as plain data."""

    task: Literal["language_model", "sentiment", "ner"]
    cell: Cell
    hidden: int
    """Numbers in the state of one layer and direction, H."""
    vocabulary_size: int
    """V, `<pad> <unk> <eos>` included."""
    embedding_dimension: int
    """Numbers in a word vector, E; V for one-hot vectors."""
    outputs: int
    """Words that a language model chooses from (V), labels, or tags."""
    layers: int = 1
    bidirectional: bool = False
    initialisation: Initialisation = "default"
    dropout: float = 0.0
    """Share of outputs dropped between layers and before the output layer, in [0, 1)."""
    embedding_dropout: float = 0.0
    """Share of words dropped, in [0, 1)."""
    one_hot: bool = False
    """Words are one-hot vectors: there are none to fill in or to train."""
    tuned: bool = True
    """Whether word vectors are trained with the network."""
    pooling: Pooling = "last"
    """Sentiment only."""
    tied: bool = False
    """Language model only: the output matrix is the embedding's."""

    def __post_init__(self) -> None:
        if self.one_hot and self.embedding_dimension != self.vocabulary_size:
            raise RnnpipeError(f"one-hot vectors of {self.vocabulary_size} words have not {self.embedding_dimension} numbers")
        if self.tied and (self.one_hot or not self.tuned):
            raise RnnpipeError("tied: the output matrix must be trained; choose an embedding with vectors, and tuned: true")
        if self.tied and self.embedding_dimension != self.hidden:
            raise RnnpipeError(f"tied: hidden ({self.hidden}) must equal the embedding's dimension ({self.embedding_dimension})")
        if self.task == "language_model" and self.bidirectional:
            raise RnnpipeError("bidirectional: a language model may not see the words that it predicts; set it to false")

    def to_dict(self) -> dict[str, Any]:
        """Return the fields as a dict that JSON can hold."""
        return dataclasses.asdict(self)

    @classmethod
    def from_dict(cls, fields: dict[str, Any]) -> NetworkConfig:
        """Return the config that `to_dict` gave these fields of; an unknown or missing field is an `RnnpipeError`."""
        try:
            return cls(**fields)
        except TypeError as error:
            raise RnnpipeError(f"not the description of a network of this version of rnnpipe: {error}") from None


def build_network(config: NetworkConfig) -> Network:
    """Build a network with weights drawn from torch's global generator, which the caller seeds (`torch.manual_seed`).

    Its word vectors are random; `network.embedding.fill(vectors)` puts others in their place, unless they are one-hot.
    """
    embedding = (
        OneHot(config.vocabulary_size)
        if config.one_hot
        else WordEmbedding(config.vocabulary_size, config.embedding_dimension, config.tuned)
    )
    embedding_dropout = EmbeddingDropout(config.embedding_dropout, config.vocabulary_size)
    recurrent = Recurrent(
        config.cell,
        config.embedding_dimension,
        config.hidden,
        config.layers,
        config.bidirectional,
        config.dropout,
        config.initialisation,
    )
    match config.task:
        case "language_model":
            return LanguageModelNetwork(embedding, embedding_dropout, recurrent, config.dropout, config.outputs, config.tied)
        case "sentiment":
            return TextClassifier(embedding, embedding_dropout, recurrent, config.dropout, config.outputs, config.pooling)
        case "ner":
            return Tagger(embedding, embedding_dropout, recurrent, config.dropout, config.outputs)
