"""What a trained model says of texts, one answer for each."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.inference import TrainedLanguageModel, TrainedModel, class_probabilities, predicted_tags
from rnnpipe.metrics.perplexity import perplexity
from rnnpipe.text.vocabulary import UNK


class Answer(BaseModel):
    """Plain values, which MLflow reads a model's signature from and writes as JSON."""

    model_config = ConfigDict(frozen=True)


class LabelledText(Answer):
    """The likeliest label of a text."""

    label: str
    probability: float
    """Of this label, in [0, 1]."""
    probabilities: dict[str, float]
    """Of each label; their sum is 1."""


class TaggedText(Answer):
    """The words of a text, as the model's corpus was cut into words, and the tag of each."""

    words: list[str]
    tags: list[str]
    """In the scheme IOB2: `O`, `B-type`, `I-type`."""


class ScoredText(Answer):
    """How probable a language model finds a text."""

    log_probability: float
    """Of all words and the text's end, in nats."""
    perplexity: float
    """For each word, the end among them."""
    unknown: int
    """Words that are not in the vocabulary: their probability is that of any unknown word."""


def label_texts(trained: TrainedModel, texts: Sequence[str]) -> list[LabelledText]:
    """Return each text's likeliest label; the model is one of the task `sentiment`."""
    found = label_probabilities(trained, texts)
    names = trained.config["labels"]
    return [
        LabelledText(label=names[row.argmax()], probability=row.max(), probabilities=dict(zip(names, row.tolist(), strict=True)))
        for row in found
    ]


def label_probabilities(trained: TrainedModel, texts: Sequence[str]) -> NDArray[np.float32]:
    """Return the probability of each label, shape (texts, labels); the model is one of the task `sentiment`."""
    return class_probabilities(trained, trained.encode(_words(trained, texts)))


def tag_texts(trained: TrainedModel, texts: Sequence[str]) -> list[TaggedText]:
    """Return the words of each text with their tags; the model is one of the task `ner`."""
    words = _words(trained, texts)
    split = trained.encode(words)
    tags = [trained.config["tags"][tag] for tag in predicted_tags(trained, split)]
    return [
        TaggedText(words=text, tags=tags[start:end])
        for text, (start, end) in zip(words, pairwise(split.offsets.tolist()), strict=True)
    ]


def score_texts(trained: TrainedModel, texts: Sequence[str]) -> list[ScoredText]:
    """Return the probability of each text by a language model: on its own, or of a model of a stream behind those before it."""
    split = trained.encode(_words(trained, texts))
    totals = TrainedLanguageModel(trained).document_log_probabilities(split).tolist()
    return [
        ScoredText(
            log_probability=total,
            perplexity=perplexity(total, length + 1),
            unknown=int((split.document(index) == UNK).sum()),
        )
        for index, (total, length) in enumerate(zip(totals, split.lengths.tolist(), strict=True))
    ]


def _words(trained: TrainedModel, texts: Sequence[str]) -> list[list[str]]:
    """Cut texts into words; half a surrogate pair, which JSON and a terminal can pass on, is no text."""
    for number, text in enumerate(texts, start=1):
        try:
            text.encode()
        except UnicodeEncodeError as error:
            raise RnnpipeError(f"text {number}, character {error.start + 1}: not Unicode; send UTF-8") from None
    return [trained.words(text) for text in texts]
