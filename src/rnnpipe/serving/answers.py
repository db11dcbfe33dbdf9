"""What a trained model says of texts, one answer for each."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from rnnpipe.inference import TrainedLanguageModel, TrainedModel, class_probabilities, tags_with_probabilities
from rnnpipe.metrics.perplexity import perplexity
from rnnpipe.metrics.spans import find_spans
from rnnpipe.serving.reading import Reading, Text, read


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
    length: int
    """Words of the text, punctuation marks among them."""
    unknown: int
    """Words of it that are not in the vocabulary."""
    guess: bool
    """Whether the model knows no word of what it reads of the text, the empty text among them: it tells nothing."""


class Entity(Answer):
    """A span of words that the model takes for an entity."""

    type: str
    text: str
    """As it stands in the text."""
    start: int
    """Place of its first character in the text, from 0. Where words were given, that in the text of them joined by a space."""
    end: int
    """Place behind its last character."""
    confidence: float
    """Product of the probabilities of its words' tags, each by the word's own state, in [0, 1]; not calibrated."""


class TaggedText(Answer):
    """The words of a text, cut as those of the model's corpus were, and the tag of each."""

    words: list[str]
    """As they stand in the text."""
    tags: list[str]
    """In the scheme IOB2: `O`, `B-type`, `I-type`."""
    spans: list[Entity]
    """What the tags say, by conlleval's rules."""
    unknown: int
    """Words that are not in the vocabulary."""
    guess: bool
    """Whether the model knows none of the words."""

    @property
    def length(self) -> int:
        """How many words there are."""
        return len(self.words)


class ScoredText(Answer):
    """How probable a language model finds a text."""

    log_probability: float
    """Of all words and the text's end, in nats."""
    perplexity: float
    """For each word, the end among them."""
    unknown: int
    """Words that are not in the vocabulary: their probability is that of any unknown word."""
    words: list[str]
    """As the model reads them: in small letters, if it was so trained."""
    surprisals: list[float]
    """-log p of each word behind those before it, and last that of the text's end: one more than `words`; in nats."""

    @property
    def length(self) -> int:
        """How many words there are."""
        return len(self.words)


def label_texts(trained: TrainedModel, texts: Sequence[Text], spaced: bool = False) -> list[LabelledText]:
    """Return each text's likeliest label; the model is one of the task `sentiment`. See `reading.read`."""
    reading = read(trained, texts, spaced)
    found = class_probabilities(trained, reading.split)
    names, longest = trained.config["labels"], trained.regime("max_length")
    known = _known(reading, longest)
    return [
        LabelledText(
            label=names[best],
            probability=row[best],
            probabilities=dict(zip(names, row, strict=True)),
            length=length,
            unknown=unknown,
            guess=not knows,
        )
        for row, best, length, unknown, knows in zip(
            found.tolist(),
            found.argmax(axis=1).tolist(),
            reading.split.lengths.tolist(),
            reading.unknown(),
            known,
            strict=True,
        )
    ]


def label_probabilities(trained: TrainedModel, texts: Sequence[Text]) -> NDArray[np.float32]:
    """Return the probability of each label, shape (texts, labels); the model is one of the task `sentiment`."""
    return class_probabilities(trained, read(trained, texts).split)


def tag_texts(trained: TrainedModel, texts: Sequence[Text], spaced: bool = False) -> list[TaggedText]:
    """Return the words of each text with their tags; the model is one of the task `ner`. See `reading.read`."""
    reading = read(trained, texts, spaced)
    ids, likely = tags_with_probabilities(trained, reading.split)
    names = [trained.config["tags"][tag] for tag in ids]
    unknown, known = reading.unknown(), _known(reading)
    answers = []
    for index, (start, end) in enumerate(reading.places):
        tags = names[start:end]
        answers.append(
            TaggedText(
                words=reading.words(index),
                tags=tags,
                spans=_entities(reading, index, tags, likely[start:end].tolist()),
                unknown=unknown[index],
                guess=not known[index],
            )
        )
    return answers


def _entities(reading: Reading, index: int, tags: Sequence[str], likely: Sequence[float]) -> list[Entity]:
    text, spans, found = reading.texts[index], reading.spans[index], []
    for first, behind, kind in find_spans(tags):
        start, end = spans[first][0], spans[behind - 1][1]
        confidence = math.prod(likely[first:behind])
        found.append(Entity(type=kind, text=text[start:end], start=start, end=end, confidence=confidence))
    return found


def score_texts(trained: TrainedModel, texts: Sequence[Text], spaced: bool = False) -> list[ScoredText]:
    """Return the probability of each text by a language model: on its own, or of a model of a stream behind those before it."""
    return Scorer(trained)(texts, spaced)


class Scorer:
    """Scores texts batch by batch: a model of a stream reads each batch behind those before it."""

    def __init__(self, trained: TrainedModel) -> None:
        self._trained = trained
        self._model = TrainedLanguageModel(trained)
        self._state: Any = None

    def __call__(self, texts: Sequence[Text], spaced: bool = False) -> list[ScoredText]:
        """Return the probability of each text."""
        reading = read(self._trained, texts, spaced)
        found, self._state = self._model.word_log_probabilities(reading.split, self._state)
        ends = (reading.split.offsets + np.arange(len(texts) + 1)).tolist()
        answers = []
        for (start, end), tokens, unknown in zip(pairwise(ends), reading.tokens, reading.unknown(), strict=True):
            total = float(found[start:end].sum())
            answers.append(
                ScoredText(
                    log_probability=total,
                    perplexity=perplexity(total, end - start),
                    unknown=unknown,
                    words=list(tokens),
                    surprisals=(-found[start:end]).tolist(),
                )
            )
        return answers


def _known(reading: Reading, longest: int | None = None) -> list[bool]:
    """Tell for each text whether the model has a word of it, among the last `longest` that it reads."""
    lengths = reading.split.lengths.tolist()
    read = lengths if longest is None else [min(length, longest) for length in lengths]
    return [unknown < length for unknown, length in zip(reading.unknown(longest), read, strict=True)]
