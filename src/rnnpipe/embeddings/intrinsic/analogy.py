"""Man is to woman as king is to ...? Answered by vector arithmetic (slide "Analogies").

3CosAdd (Mikolov et al. 2013) adds cosines, 3CosMul multiplies them (Levy and Goldberg 2014).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rnnpipe.embeddings.vectors import Matrix, WordVectors
from rnnpipe.text.vocabulary import RESERVED

Question = tuple[str, str, str, str]
"""a is to b as c is to d."""
EPSILON = 0.001
"""Keeps 3CosMul from dividing by zero (Levy and Goldberg 2014)."""
_BATCH = 256
"""Questions whose words' cosines to all V words are in memory at a time."""


@dataclass(frozen=True)
class Answers:
    """How the questions of one category were answered."""

    category: str
    questions: int
    covered: int
    """Questions whose four words all have a vector."""
    correct: int
    """By 3CosAdd."""
    correct_mul: int
    """By 3CosMul."""


def answer(vectors: WordVectors, questions: Mapping[str, Sequence[Question]]) -> list[Answers]:
    """Answer questions by category, with 3CosAdd and with 3CosMul.

    A question that is not covered counts neither as correct nor as wrong.
    """
    found = []
    for category, asked in questions.items():
        rows = [[vectors.find(word) for word in question] for question in asked]
        covered = np.array([row for row in rows if None not in row], dtype=np.int64).reshape(-1, 4)
        added, multiplied = three_cos_add(vectors, covered[:, :3]), three_cos_mul(vectors, covered[:, :3])
        correct = [int(np.sum(answers == covered[:, 3])) for answers in (added, multiplied)]
        found.append(Answers(category, len(asked), len(covered), *correct))
    return found


def three_cos_add(vectors: WordVectors, rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """Answer with the word d, none of a, b, c, that has the largest cos(d, b) - cos(d, a) + cos(d, c).

    Parameters
    ----------
    vectors : WordVectors
    rows : ndarray of shape (N, 3), dtype=int64
        Rows of a, b and c.

    Returns
    -------
    ndarray of shape (N,), dtype=int64
        Rows of d; -1 where several words are equally near, as among one-hot vectors.
    """
    return _answers(vectors, rows, lambda a, b, c: b - a + c)


def three_cos_mul(vectors: WordVectors, rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """Answer with the word d that has the largest cos(d, b) cos(d, c) / (cos(d, a) + `EPSILON`), cosines shifted to [0, 1].

    Levy and Goldberg 2014, equation 4; parameters and result as of `three_cos_add`.
    """
    # The shifted cosines are (1 + a) / 2 and so on; a factor of 1 / 2 is left out on both sides of the fraction.
    return _answers(vectors, rows, lambda a, b, c: (1 + b) * (1 + c) / (1 + a + 2 * EPSILON))


def _answers(
    vectors: WordVectors, rows: NDArray[np.int64], score: Callable[[Matrix, Matrix, Matrix], Matrix]
) -> NDArray[np.int64]:
    """Return the row of the word with the largest score of its cosines to a, b and c, each of shape (V,)."""
    answers = np.empty(len(rows), dtype=np.int64)
    for start in range(0, len(rows), _BATCH):
        asked = rows[start : start + _BATCH]
        words, positions = np.unique(asked, return_inverse=True)  # questions share words: each one's cosines are taken once
        cosines = vectors.unit[words] @ vectors.unit.T  # (W, V)
        for number, (a, b, c) in enumerate(positions.reshape(-1, 3)):
            scores = score(cosines[a], cosines[b], cosines[c])
            scores[: len(RESERVED)] = -np.inf
            scores[asked[number]] = -np.inf
            best = scores.argmax()
            answers[start + number] = best if np.count_nonzero(scores == scores[best]) == 1 else -1
    return answers


def accuracy(answers: Sequence[Answers], multiplied: bool = False) -> float | None:
    """Return the correct answers among the covered questions of all categories, in percent; None if none is covered.

    Parameters
    ----------
    answers : sequence of Answers
    multiplied : bool, default=False
        Those of 3CosMul.
    """
    covered = sum(category.covered for category in answers)
    correct = sum(category.correct_mul if multiplied else category.correct for category in answers)
    return 100.0 * correct / covered if covered else None
