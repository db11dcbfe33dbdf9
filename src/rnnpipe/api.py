"""rnnpipe from Python: trained models and word vectors in use. `from rnnpipe import load_model` gives what stands here."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.embeddings import vectors
from rnnpipe.embeddings.vectors import WordVectors
from rnnpipe.inference import TrainedLanguageModel, TrainedModel, open_model
from rnnpipe.metrics.sampling import Floats, Ids, NextWord, sample_sentences
from rnnpipe.serving import LabelledText, ScoredText, label_probabilities, label_texts, score_texts, tag_texts
from rnnpipe.text.vocabulary import EOS

__all__ = [
    "Classifier",
    "LabelledText",
    "LanguageModel",
    "RnnpipeError",
    "ScoredText",
    "Tagger",
    "WordVectors",
    "load_model",
    "load_vectors",
]


class Classifier:
    """A model of the task `sentiment`: one label for a whole text."""

    def __init__(self, trained: TrainedModel) -> None:
        self.trained = trained

    @property
    def labels(self) -> list[str]:
        """The labels, in the order of the columns of `probabilities`."""
        return list(self.trained.config["labels"])

    def probabilities(self, texts: Sequence[str]) -> Floats:
        """Return the probability of each label, shape (texts, labels), dtype float32."""
        return label_probabilities(self.trained, texts)

    def predict(self, texts: Sequence[str]) -> list[LabelledText]:
        """Return each text's likeliest label."""
        return label_texts(self.trained, texts)


class Tagger:
    """A model of the task `ner`: a tag for each word."""

    def __init__(self, trained: TrainedModel) -> None:
        self.trained = trained

    @property
    def tags(self) -> list[str]:
        """All tags, such as `O` and `B-PER`."""
        return list(self.trained.config["tags"])

    def predict(self, texts: Sequence[str]) -> list[list[tuple[str, str]]]:
        """Return (word, tag) of each text's words; a text is cut into words as the model's corpus was."""
        return [list(zip(found.words, found.tags, strict=True)) for found in tag_texts(self.trained, texts)]


class LanguageModel:
    """A model of the tasks `language_model` and `long_term`: how probable sentences are, and new ones."""

    def __init__(self, trained: TrainedModel) -> None:
        self.trained = trained

    def score(self, texts: Sequence[str]) -> list[ScoredText]:
        """Return the probability of each text: on its own, or of a model of a stream behind the texts before it."""
        return score_texts(self.trained, texts)

    def generate(self, count: int = 1, start: str = "", temperature: float = 1.0, seed: int = 1) -> list[str]:
        """Draw sentences; words are joined by spaces.

        Parameters
        ----------
        count : int, default=1
        start : str, default=""
            Words that each sentence begins with.
        temperature : float, default=1.0
            Above 0; below 1: likelier words, above 1: more surprising ones.
        seed : int, default=1
            The same seed draws the same sentences.
        """
        words = self.trained.words(start)
        continued = _Continued(TrainedLanguageModel(self.trained), self.trained.vocabulary.encode(words))
        tokens = self.trained.vocabulary.tokens
        drawn = sample_sentences(continued, count, seed, temperature)
        return [" ".join([*words, *(tokens[number] for number in ids)]) for ids in drawn]


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
    return vectors.load_vectors(Path(directory), part)


class _Continued:
    """A language model that has read the beginning of a sentence already."""

    def __init__(self, model: NextWord, start: Ids) -> None:
        self._model = model
        self._start = start

    def next_word(self, ids: Ids, state: Any) -> tuple[Floats, Any]:
        """Read the beginning first where nothing was read; see `NextWord`."""
        if state is None:
            for word in [EOS, *self._start[:-1]] if len(self._start) else []:
                _, state = self._model.next_word(np.full(len(ids), word), state)
            ids = np.full(len(ids), self._start[-1]) if len(self._start) else ids
        return self._model.next_word(ids, state)
