"""All measurements of one embedding."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from rnnpipe.embeddings.intrinsic.analogy import Answers, accuracy, answer
from rnnpipe.embeddings.intrinsic.features import feature_table
from rnnpipe.embeddings.intrinsic.map import plane
from rnnpipe.embeddings.intrinsic.probe import held_out_accuracy, majority_share
from rnnpipe.embeddings.intrinsic.questions import Questions
from rnnpipe.embeddings.intrinsic.similarity import similarity
from rnnpipe.embeddings.vectors import WordVectors
from rnnpipe.text.vocabulary import RESERVED

NEIGHBOURS = 5


@dataclass(frozen=True)
class Evaluation:
    """Figures and tables of one embedding."""

    metrics: dict[str, Any]
    """Nested numbers; a figure that cannot be had, for no word of it has a vector, is left out."""
    analogies: list[Answers]
    neighbours: list[tuple[str, int, str, float]]
    """Word, rank from 1, neighbour, cosine."""
    points: list[tuple[str, float, float]]
    """Word, x, y."""
    features: list[tuple[str, str, float, float]]
    """Word, feature, known value, predicted value: the lecture's table."""


def evaluate(vectors: WordVectors, parts: Mapping[str, WordVectors], coverage: float, questions: Questions) -> Evaluation:
    """Ask an embedding all questions.

    Parameters
    ----------
    vectors : WordVectors
    parts : mapping of str to WordVectors
        Other vectors of the same embedding whose analogies are counted too: GloVe's `word` and `context`.
    coverage : float
        Words of the corpus with a vector, in percent.
    questions : Questions
    """
    words = [word for word in questions.words if vectors.find(word) is not None]
    answers = answer(vectors, questions.analogies)
    metrics = {
        "dimension": vectors.vectors.shape[1],
        "words": len(vectors.vocabulary) - len(RESERVED),
        "coverage": coverage,
        "similarity": {name: asdict(similarity(vectors, pairs)) for name, pairs in questions.similarity.items()},
        "analogies": {
            "accuracy": accuracy(answers),
            "three_cos_mul": accuracy(answers, multiplied=True),
            **{name: accuracy(answer(part, questions.analogies)) for name, part in parts.items()},
            "questions": sum(category.questions for category in answers),
            "covered": sum(category.covered for category in answers),
        },
        "probe": _probe(vectors, questions.features),
        "cosine": {"apple_orange": vectors.cosine("apple", "orange"), "apple_king": vectors.cosine("apple", "king")},
    }
    table = feature_table(vectors, questions.features)
    return Evaluation(_measured(metrics), answers, list(_neighbours(vectors, words)), _points(vectors, words), table)


def _probe(vectors: WordVectors, features: Mapping[str, Mapping[str, float]]) -> dict[str, float]:
    """Return for each feature how many words' values a linear probe finds, with the mean of all and the mean of guessing."""
    found, guessed = {}, []
    for feature, values in features.items():
        rows = {row: value for word, value in values.items() if (row := vectors.find(word)) is not None}
        if len(rows) > 1:
            known = np.array(list(rows.values()))
            found[feature] = held_out_accuracy(vectors.vectors[list(rows)], known)
            guessed.append(majority_share(known))
    if not found:
        return {}
    return {**found, "accuracy": float(np.mean(list(found.values()))), "majority": float(np.mean(guessed))}


def _neighbours(vectors: WordVectors, words: Sequence[str]) -> Iterator[tuple[str, int, str, float]]:
    for word in words:
        for rank, (neighbour, cosine) in enumerate(vectors.neighbours(word, NEIGHBOURS), start=1):
            yield word, rank, neighbour, cosine


def _points(vectors: WordVectors, words: Sequence[str]) -> list[tuple[str, float, float]]:
    rows = [row for word in words if (row := vectors.find(word)) is not None]
    if not rows:
        return []
    return [(word, float(x), float(y)) for word, (x, y) in zip(words, plane(vectors.vectors[rows]), strict=True)]


def _measured(metrics: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out what is None or empty."""
    nested = {name: _measured(value) if isinstance(value, Mapping) else value for name, value in metrics.items()}
    return {name: value for name, value in nested.items() if value is not None and value != {}}
