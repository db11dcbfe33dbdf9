"""Parameters of embeddings."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from rnnpipe.params.base import Count, Name, Rate, Strict, Width


class CooccurrenceSettings(Strict):
    """Weighted counts of word pairs within a window (GloVe)."""

    splits: tuple[Name, ...] = ("train",)
    """Splits of the corpus that are counted."""
    window: Count = 10
    """Words to each side, within one document."""
    symmetric: bool = True
    """Context to both sides; false: to the left alone."""
    memory_mb: Annotated[int, Field(ge=64)] = 2048
    """Most memory that counting takes, in MiB, interpreter and libraries apart; the counts do not depend on it."""


class DeclaredEmbedding(Strict):
    """An embedding without pretraining: `random` numbers that the task trains, or `one_hot` vectors of the vocabulary."""

    kind: Literal["random", "one_hot"]
    """`random` numbers, drawn for each word of a task's vocabulary, or `one_hot` vectors."""
    dimension: Width | None = None
    """Length of a random vector; a one-hot vector is as long as the vocabulary."""
    scale: Rate | None = None
    """Standard deviation of a random vector's numbers; None: 1, as torch.nn.Embedding. Smaller where the matrix is tied."""

    @model_validator(mode="after")
    def _numbers_fit_kind(self) -> DeclaredEmbedding:
        if (self.kind == "random") != (self.dimension is not None):
            raise ValueError("dimension: needed for kind 'random', and for it alone")
        if self.kind != "random" and self.scale is not None:
            raise ValueError("scale: for kind 'random' alone")
        return self


class Word2VecRun(Strict):
    """Skip-gram or CBOW with negative sampling or hierarchical softmax (Mikolov et al. 2013), by gensim."""

    corpus: Name
    """An entry of `corpora`."""
    splits: tuple[Name, ...] = ("train",)
    """Splits that are read."""
    architecture: Literal["skip_gram", "cbow"] = "skip_gram"
    """The word predicts its neighbours, or they predict it."""
    dimension: Width = 100
    """Numbers in a vector."""
    window: Count = 5
    """Farthest neighbour, in words."""
    negative: Annotated[int, Field(ge=0)] = 5
    """Negative samples J for each pair; 0: hierarchical softmax."""
    exponent: float = 0.75
    """Negatives are drawn by count ** exponent."""
    subsample: Annotated[float, Field(ge=0)] = 1e-3
    """Words more frequent than this share are thinned out; 0: none."""
    learning_rate: Rate = 0.025
    """At the start; falls to nearly 0."""
    epochs: Count = 5
    """Times that the text is read."""
    workers: Count = 1
    """With more than 1 worker gensim gives other vectors on every run."""
    seed: int = 1
    """Of first vectors, subsampling and negatives."""


class GloVeRun(Strict):
    """GloVe (Pennington et al. 2014): weighted least squares on log X, AdaGrad."""

    corpus: Name
    """An entry of `cooccurrence`."""
    dimension: Width = 100
    """Numbers in a vector."""
    x_max: Rate = 10.0
    """Count from which a pair has weight 1."""
    alpha: Annotated[float, Field(ge=0)] = 0.75
    """Exponent of the weight f(x) = min(1, (x / x_max) ** alpha); 0: f is constant."""
    learning_rate: Rate = 0.05
    """Of AdaGrad."""
    epochs: Count = 15
    """Times that the counts are read."""
    vectors: Literal["mean", "word", "context", "concat"] = "mean"
    """What a word's vector is: (e + w) / 2, e alone, w alone, or e and w one after the other (twice `dimension`)."""
    seed: int = 1
    """Of first vectors and of the order of the pairs."""


class WindowRun(Strict):
    """The lecture's network that learns an embedding matrix: E and a softmax layer that predicts a word from its context."""

    corpus: Name
    """An entry of `corpora`."""
    splits: tuple[Name, ...] = ("train",)
    """Splits that are read."""
    context: Literal["previous_4", "previous_1", "around_4", "nearby_1"]
    """Words that predict the target: the 4 or the 1 before it, 4 on both sides, or one drawn from those within `window`."""
    window: Count = 10
    """Farthest distance of the nearby word, to both sides (`nearby_1` alone)."""
    softmax: Literal["full", "hierarchical", "negative"] = "negative"
    """Over all words; down a Huffman tree; or true word against `negative` drawn ones."""
    negative: Count = 5
    """Negative samples J for each target."""
    exponent: float = 0.75
    """Negatives are drawn by count ** exponent."""
    subsample: Annotated[float, Field(ge=0)] = 0.0
    """Targets more frequent than this share are thinned out; 0: none."""
    dimension: Width = 100
    """Numbers in a vector."""
    learning_rate: Rate = 0.05
    """Of AdaGrad; falls to 0 over all epochs."""
    batch_size: Count = 256
    """Targets in a batch."""
    epochs: Count = 1
    """Times that the text is read."""
    seed: int = 1
    """Of first vectors, order and negatives."""


class SoftmaxSettings(Strict):
    """What `measure_softmax` measures: cost of the three softmax layers, drawn negatives, and vectors by J and by exponent."""

    corpus: Name
    """The vectors of its train split answer the questions of its grammar, or the published ones."""
    vocabulary_sizes: tuple[Count, ...] = (1_000, 10_000, 100_000)
    """Words of the vocabularies that the cost is measured on, with counts by Zipf's law."""
    negatives: tuple[Count, ...] = (1, 2, 5, 15)
    """Values of J, each at exponent 3/4."""
    exponents: tuple[float, ...] = (0.0, 0.75, 1.0)
    """Values of the exponent, each at J = 5."""
    draws: Count = 1_000_000
    """Negatives drawn for the test of their frequencies."""
    dimension: Width = 32
    """Numbers in a vector."""
    learning_rate: Rate = 0.05
    """Of AdaGrad, as in the section `window`."""
    epochs: Count = 2
    """Times that the text is read."""
    batch_size: Count = 256
    """Targets in a batch."""
    seeds: Annotated[tuple[int, ...], Field(min_length=1)] = (1, 2, 3)
    """Of the vectors: each J and each exponent is trained with all of them, for what seeds do must not pass for what J does."""


class ImportedEmbedding(Strict):
    """Vectors published by others, cut down to a corpus' vocabulary."""

    corpus: Name
    """An entry of `corpora`: vectors of other words are left out."""
    source: Name
    """Folder of `data/raw/` that holds the file, fetched or put there by hand."""
    file: str
    """Name of the file in that folder."""
    format: Literal["glove-text", "word2vec-text", "word2vec-binary"]
    """word2vec's formats begin with a line that counts words and numbers; GloVe's does not."""


class ContextualEmbedding(Strict):
    """Vectors of another embedding, and the states of language models at each word of a corpus (Akbik et al. 2018).

    For taggers that ask for the states (`network.contextual`).
    """

    corpus: Name
    """An entry of `corpora`, at whose words the states are."""
    words: Name
    """The other embedding."""
    forward: Name
    """A run of `language_model` that reads characters and spaces from the beginning."""
    backward: Name
    """One that reads them from the end."""


class EmbeddingEvaluation(Strict):
    """What `evaluate_embeddings` asks of an embedding."""

    corpus: Name
    """An entry of `corpora`, whose vocabulary decides which questions can be asked."""
    truth: Literal["published", "grammar"]
    """`published`: WordSim-353, SimLex-999, Google analogies; `grammar`: the questions of a `feature` grammar."""
