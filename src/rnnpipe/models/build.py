"""From plain data to a model: a run's `network` and the sizes of the data are all that is needed to build it again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from torch import nn

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.heads.head import Counts, Head
from rnnpipe.layers.document_memory import DocumentMemory
from rnnpipe.layers.dropout import Dropout
from rnnpipe.layers.embedding import OneHot, WordEmbedding
from rnnpipe.layers.embedding_dropout import EmbeddingDropout
from rnnpipe.layers.recurrent import Recurrent
from rnnpipe.models.encoder import Encoder
from rnnpipe.models.model import Model
from rnnpipe.models.word_features import WordFeatures
from rnnpipe.params import LanguageModelNetwork, NerNetwork, Network, SentimentNetwork


@dataclass(frozen=True, kw_only=True)
class Sizes:
    """What a network has to fit."""

    vocabulary_size: int
    """V, `<pad> <unk> <eos>` included."""
    embedding_dimension: int
    """Numbers in a word vector, E; V for one-hot vectors."""
    outputs: int
    """Words that a language model chooses from (V), labels, or tags."""
    one_hot: bool = False
    """Words are one-hot vectors: there are none to fill in or to train."""
    documents: int = 0
    """Documents of the train split: so often stands `<eos>`."""
    features: Mapping[str, int] = field(default_factory=dict)
    """What a corpus says of its words beside their tags → how many values it has."""
    context: int = 0
    """Numbers in the states of language models at each word."""


def build_model(network: Network, sizes: Sizes, head: type[Head], counts: Counts | None = None) -> Model:
    """Build a model with weights drawn from torch's global generator, which the caller seeds (`torch.manual_seed`).

    Its word vectors are random; `model.encoder.embedding.fill(vectors)` puts others in their place, unless they are one-hot.

    Parameters
    ----------
    network : Network
        Parameters of a run, or what its `config.json` holds.
    sizes : Sizes
    head : type of Head
        The class of `network.head.kind`.
    counts : ndarray of shape (outputs,), optional
        How often each output stands in the training text.

    Raises
    ------
    RnnpipeError
        The head's matrix is tied to word vectors of another length than the last layer's, or to one-hot vectors; or the network
        reads a feature that the corpus does not have.
    """
    encoder = build_encoder(network, sizes)
    projection = None
    width = network.output_size
    if isinstance(network, LanguageModelNetwork) and network.projection:
        projection, width = nn.Linear(width, sizes.embedding_dimension), sizes.embedding_dimension
    memory = None
    if isinstance(network, NerNetwork) and network.memory is not None:
        memory, width = DocumentMemory(width, network.memory), width + network.memory
    built = head(width, sizes.outputs, counts, **network.head.options)
    if isinstance(network, LanguageModelNetwork) and network.tied:
        _tie(built, encoder.embedding)
    pooling = network.pooling if isinstance(network, SentimentNetwork) else None
    return Model(encoder, built, Dropout(network.dropout, network.variational), pooling, projection, memory)


def build_encoder(network: Network, sizes: Sizes) -> Encoder:
    """Build the encoder of a network; see `build_model`."""
    embedding = (
        OneHot(sizes.vocabulary_size)
        if sizes.one_hot
        else WordEmbedding(sizes.vocabulary_size, sizes.embedding_dimension, network.trainable)
    )
    features = _word_features(network, sizes)
    recurrent = Recurrent(
        network.cell,
        sizes.embedding_dimension + (features.output_size if features else 0),
        network.sizes,
        network.bidirectional,
        network.between_layers,
        network.initialisation,
        variational=network.variational,
        weight_dropout=network.weight_dropout,
    )
    words = EmbeddingDropout(network.embedding_dropout, sizes.vocabulary_size)
    return Encoder(embedding, words, Dropout(network.input_dropout, network.variational), recurrent, features)


def _word_features(network: Network, sizes: Sizes) -> WordFeatures | None:
    if not isinstance(network, NerNetwork):
        return None
    for name in network.features:
        if name not in sizes.features:
            known = ", ".join(sizes.features) or "none"
            raise RnnpipeError(f"network.features.{name}: the corpus has no such feature, but {known}; name its column there")
    built = WordFeatures(network, sizes.features, sizes.context)
    return built if built.output_size else None


def _tie(head: Head, embedding: WordEmbedding | OneHot) -> None:
    if isinstance(embedding, OneHot):
        raise RnnpipeError("network.tied: one-hot vectors are no matrix to be trained; choose another embedding")
    width = head.theta.in_features  # type: ignore[union-attr]
    if embedding.weight.shape[1] != width:
        part = "the last layer's hidden" if width == head.inputs else "the head's bottleneck"
        raise RnnpipeError(
            f"network.tied: {part} ({width}) must equal the embedding's dimension "
            f"({embedding.weight.shape[1]}); change one of them, or set projection: true"
        )
    head.theta.weight = embedding.weight  # type: ignore[union-attr]
