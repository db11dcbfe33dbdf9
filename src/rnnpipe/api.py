"""rnnpipe from Python: trained models and word vectors in use. `from rnnpipe import load_model` gives what stands here."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.embeddings import vectors
from rnnpipe.embeddings.vectors import WordVectors
from rnnpipe.inference import TrainedModel, open_model
from rnnpipe.metrics.sampling import Choice, Floats
from rnnpipe.serving import (
    Entity,
    LabelledText,
    ScoredText,
    TaggedText,
    Text,
    draw_texts,
    input_vectors,
    label_probabilities,
    label_texts,
    score_texts,
    tag_texts,
)

__all__ = [
    "Classifier",
    "Entity",
    "LabelledText",
    "LanguageModel",
    "RnnpipeError",
    "ScoredText",
    "TaggedText",
    "Tagger",
    "WordVectors",
    "load_model",
    "load_vectors",
]


class Network:
    """What the models of all tasks have."""

    def __init__(self, trained: TrainedModel) -> None:
        self.trained = trained

    @property
    def vectors(self) -> WordVectors:
        """The word vectors that the network reads by; an `RnnpipeError` where they are one-hot."""
        return input_vectors(self.trained)


class Classifier(Network):
    """A model of the task `sentiment`: one label for a whole text."""

    @property
    def labels(self) -> list[str]:
        """The labels, in the order of the columns of `probabilities`."""
        return list(self.trained.config["labels"])

    def probabilities(self, texts: Sequence[Text]) -> Floats:
        """Return the probability of each label, shape (texts, labels), dtype float32."""
        return label_probabilities(self.trained, texts)

    def predict(self, texts: Sequence[Text]) -> list[LabelledText]:
        """Return each text's likeliest label; a text may also be given by its words, a list of str."""
        return label_texts(self.trained, texts)


class Tagger(Network):
    """A model of the task `ner`: a tag for each word."""

    @property
    def tags(self) -> list[str]:
        """All tags, such as `O` and `B-PER`."""
        return list(self.trained.config["tags"])

    def predict(self, texts: Sequence[Text]) -> list[list[tuple[str, str]]]:
        """Return (word, tag) of each text's words.

        A text is cut into words as the model's corpus was; one that is given by its words, a list of str, is taken as it stands.
        """
        return [list(zip(found.words, found.tags, strict=True)) for found in self.tag(texts)]

    def tag(self, texts: Sequence[Text]) -> list[TaggedText]:
        """Return each text's words and tags, and its entities with their places and confidences; see `predict`."""
        return tag_texts(self.trained, texts)


class LanguageModel(Network):
    """A model of the tasks `language_model` and `long_term`: how probable sentences are, and new ones."""

    def score(self, texts: Sequence[Text]) -> list[ScoredText]:
        """Return the probability of each text: on its own, or of a model of a stream behind the texts before it.

        A text may also be given by its words, a list of str.
        """
        return score_texts(self.trained, texts)

    def generate(
        self,
        count: int = 1,
        start: str = "",
        temperature: float = 1.0,
        seed: int = 1,
        top_k: int | None = None,
        top_p: float = 1.0,
    ) -> list[str]:
        """Draw sentences; words are joined by spaces.

        Parameters
        ----------
        count : int, default=1
        start : str, default=""
            Words that each sentence begins with.
        temperature : float, default=1.0
            In [1e-6, 1e6]; below 1: likelier words, above 1: more surprising ones.
        seed : int, default=1
            The same seed draws the same sentences.
        top_k : int, optional
            Only the so many likeliest words are drawn, at least 1; None: any.
        top_p : float, default=1.0
            Only the fewest likeliest words are drawn that have this probability together, in (0, 1].

        Raises
        ------
        RnnpipeError
            A number is outside its range.
        """
        choice = Choice(temperature, top_k, top_p)
        return [drawn.text for drawn in draw_texts(self.trained, count, start, seed, choice)]


MODELS: dict[str, type[Classifier] | type[Tagger] | type[LanguageModel]] = {
    "sentiment": Classifier,
    "ner": Tagger,
    "language_model": LanguageModel,
    "long_term": LanguageModel,
}
"""Task of a model directory → what it is opened as."""


def load_model(directory: Path | str, device: str | None = None) -> Classifier | Tagger | LanguageModel:
    """Open a model directory, such as `models/sentiment/lstm`, for use.

    Parameters
    ----------
    directory : Path or str
    device : str, optional
        `cpu`, `cuda`, …; None: the first GPU where there is one.

    Raises
    ------
    RnnpipeError
        The directory is no trained model, is damaged, or is of a task that has no class here.
    """
    trained = open_model(Path(directory), device)
    task = trained.config["task"]
    if task not in MODELS:
        raise RnnpipeError(f"{directory}: a model for {task}; rnnpipe.inference.open_model opens it")
    return MODELS[task](trained)


def load_vectors(directory: Path | str, part: str = "vectors") -> WordVectors:
    """Read an embedding directory, such as `embeddings/word2vec-features`.

    Parameters
    ----------
    directory : Path or str
    part : str, default="vectors"
        GloVe also has `word` (e) and `context` (w, the lecture's theta).

    Raises
    ------
    RnnpipeError
        A file is missing or damaged, or the embedding holds no such vectors.
    """
    if Path(directory).is_file():
        raise RnnpipeError(f"{directory}: a file, where the directory of an embedding is meant; name the folder that it lies in")
    return vectors.load_vectors(Path(directory), part)
