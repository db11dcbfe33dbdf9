"""Scores of a classifier, in percent."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray


def confusion_table(actual: NDArray[np.integer], predicted: NDArray[np.integer], classes: int) -> NDArray[np.int64]:
    """Return the counts of shape (classes, classes): row = actual class, column = predicted class."""
    cells = actual.astype(np.int64) * classes + predicted.astype(np.int64)
    return np.bincount(cells, minlength=classes * classes).reshape(classes, classes).astype(np.int64)


def accuracy(table: NDArray[np.int64]) -> float:
    """Return the share of correct predictions, in percent; of no predictions at all 0."""
    return 100.0 * ratio(np.trace(table), table.sum())


def macro_f1(table: NDArray[np.int64]) -> float:
    """Return the mean F1 of the classes, in percent, each class with the same weight.

    A class that is never predicted correctly has F1 = 0; one that stands neither in the text nor among the predictions
    does not count (as in scikit-learn). No class at all: 0.
    """
    hits = np.diag(table)
    present = (table.sum(axis=0) + table.sum(axis=1)) > 0
    if not present.any():
        return 0.0
    scores = 2.0 * hits[present] / (table.sum(axis=0) + table.sum(axis=1))[present]
    return 100.0 * float(scores.mean())


def confusion_rows(table: NDArray[np.int64], names: Sequence[str]) -> Iterator[tuple[str, str, int]]:
    """Yield (actual, predicted, count) for every cell of a confusion table, zeros too."""
    for row, actual in enumerate(names):
        for column, predicted in enumerate(names):
            yield actual, predicted, int(table[row, column])


def ratio(part: float, whole: float) -> float:
    """Return part / whole, and 0 where there is no whole: the convention of conlleval and scikit-learn."""
    return float(part) / float(whole) if whole else 0.0
