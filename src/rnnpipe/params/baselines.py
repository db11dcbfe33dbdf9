"""Parameters of the baselines that the recurrent networks are held against."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from rnnpipe.params.base import NAME, Count, Name, Rate, Strict, Width


class NgramRun(Strict):
    """Interpolated modified Kneser-Ney (Chen & Goodman 1998)."""

    task: ClassVar[str] = "language_model"
    """Section of the networks that it is held against."""
    needs: ClassVar[str | None] = None
    """Format that the corpus must have; None: any."""

    corpus: Name
    """An entry of `corpora`."""
    order: Annotated[int, Field(ge=1, le=7)] = 5
    """Words in the longest n-gram."""
    surprisal: bool = False
    """Whether `reports/scored/<run>/test.csv` says how surprising each word of the test split is."""


FORM = r"(\.cache|\.dynamic)?$"


class MixedRun(Strict):
    """Language models of one corpus, mixed: p(w) is a weighted mean of what they say (linear interpolation).

    The weights are those with the highest likelihood of the validation split (EM; Jelinek & Mercer 1980).
    """

    task: ClassVar[str] = "language_model"
    needs: ClassVar[str | None] = None

    corpus: Name
    """An entry of `corpora`, that of all its models."""
    models: Annotated[tuple[Annotated[str, Field(pattern=NAME.removesuffix("$") + FORM)], ...], Field(min_length=2)]
    """Runs of `language_model` and `ngram`; `lstm.cache` and `lstm.dynamic` are the run `lstm` in its adaptive forms. With one
    of those in it the mixture has no static perplexity, but one with cache or of dynamic evaluation."""

    @property
    def form(self) -> str:
        """`static`, or what adapts the most of its models: `cache`, `dynamic`."""
        forms = {model.partition(".")[2] for model in self.models}
        return "dynamic" if "dynamic" in forms else "cache" if "cache" in forms else "static"


class BagOfWordsRun(Strict):
    """Logistic regression on counts of words or word n-grams."""

    task: ClassVar[str] = "sentiment"
    needs: ClassVar[str | None] = "labelled"

    corpus: Name
    """An entry of `corpora` with labels."""
    ngrams: Count = 1
    """Longest n-gram; 1: words alone."""
    weighting: Literal["counts", "binary", "tf_idf"] = "binary"
    """`counts`; `binary`: present or not; `tf_idf`: present or not, rare words weighing more, each text scaled to length 1."""
    inverse_regularisation: Rate | Annotated[tuple[Rate, ...], Field(min_length=1)] = 1.0
    """C of scikit-learn's LogisticRegression; of several the one with the best accuracy on the validation split is taken."""


class FeatureTaggerRun(Strict):
    """A tagger without a network."""

    task: ClassVar[str] = "ner"
    needs: ClassVar[str | None] = "columns"

    corpus: Name
    """An entry of `corpora` with tags."""
    kind: Literal["crf", "most_frequent"] = "crf"
    """`crf`: a conditional random field on letters, shapes and the words around (Lafferty et al. 2001); `most_frequent`: the tag
    that a word has most often, O for a new one."""
    l1: Annotated[float, Field(ge=0)] = 0.1
    """Weight of the sum of the CRF's absolute weights in its loss."""
    l2: Annotated[float, Field(ge=0)] = 0.01
    """Weight of the sum of its squared weights."""
    iterations: Count = 100
    """Most steps of L-BFGS."""
    min_count: Count = 1
    """Occurrences in the train split below which a feature is left out."""


class MlpRun(Strict):
    """The lecture's standard network, a multilayer perceptron: the padded sequence, concatenated, through one hidden layer."""

    task: ClassVar[str] = "sentiment"
    needs: ClassVar[str | None] = "labelled"

    corpus: Name
    """An entry of `corpora` with labels."""
    embedding: Name
    """An embedding, trained further; one-hot vectors are not."""
    length: Count
    """Words that the network's input holds: shorter texts are padded, longer ones cut."""
    hidden: Width = 64
    """Numbers in the hidden layer."""
    learning_rate: Rate = 0.001
    """Of Adam."""
    batch_size: Count = 64
    """Texts in a batch."""
    epochs: Count = 5
    """Times that the train split is read."""
    seed: int = 1
    """Of the weights and the order of the batches."""
