"""Man is to woman as king is to ...? Answered by vector arithmetic (Mikolov et al. 2013; slide "Analogies")."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rnnpipe.embeddings.vectors import WordVectors
from rnnpipe.text.vocabulary import RESERVED

Question = tuple[str, str, str, str]
"""a is to b as c is to d."""
_BATCH = 256


@dataclass(frozen=True)
class Answers:
    """How the questions of one category were answered."""

    category: str
    questions: int
    covered: int
    """Questions whose four words all have a vector."""
    correct: int


def answer(vectors: WordVectors, questions: Mapping[str, Sequence[Question]]) -> list[Answers]:
    """Answer questions by category with 3CosAdd.

    The answer is the word d, none of a, b, c, with the largest cosine to b - a + c, each of unit length. Where several words
    are equally near, as among one-hot vectors, there is no answer. A question that is not covered counts neither as right nor
    as wrong.
    """
    found = []
    for category, asked in questions.items():
        rows = [[vectors.find(word) for word in question] for question in asked]
        covered = np.array([row for row in rows if None not in row], dtype=np.int64).reshape(-1, 4)
        answers = three_cos_add(vectors, covered[:, :3])
        found.append(Answers(category, len(asked), len(covered), int(np.sum(answers == covered[:, 3]))))
    return found


def three_cos_add(vectors: WordVectors, rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the row of d for the rows (N, 3) of a, b and c, shape (N,); -1 where several are equally near."""
    unit = vectors.unit  # (V, E)
    answers = np.empty(len(rows), dtype=np.int64)
    for start in range(0, len(rows), _BATCH):
        a, b, c = rows[start : start + _BATCH].T
        cosines = (unit[b] - unit[a] + unit[c]) @ unit.T  # (N, V), up to a factor for each question
        cosines[:, : len(RESERVED)] = -np.inf
        np.put_along_axis(cosines, np.stack([a, b, c], axis=1), -np.inf, axis=1)
        best = cosines.argmax(axis=1)
        largest = np.take_along_axis(cosines, best[:, None], axis=1)
        answers[start : start + _BATCH] = np.where(np.sum(cosines == largest, axis=1) == 1, best, -1)
    return answers


def accuracy(answers: Sequence[Answers]) -> float | None:
    """Return the right answers among the covered questions of all categories, in percent; None if none is covered."""
    covered = sum(category.covered for category in answers)
    return 100.0 * sum(category.correct for category in answers) / covered if covered else None
