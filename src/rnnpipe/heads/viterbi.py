"""The best sequence of labels of a chain, word by word (Viterbi 1967), in a compiled loop."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@njit(nogil=True, cache=True)
def best_paths(emissions: Floats, transitions: Floats, lengths: NDArray[np.int64]) -> NDArray[np.int64]:  # pragma: no cover
    """Return the labels with the highest score of each sentence, shape (B, T); 0 behind its end, of equal ones the first.

    Parameters
    ----------
    emissions : ndarray of shape (B, T, L), dtype=float64
    transitions : ndarray of shape (L + 1, L + 1), dtype=float64
        The border is the last row and column; -inf where a label may not follow another one.
    lengths : ndarray of shape (B,), dtype=int64
        Words of each sentence, in [0, T].
    """
    rows, words, labels = emissions.shape
    found = np.zeros((rows, words), dtype=np.int64)
    before = np.zeros((words, labels), dtype=np.int64)
    best, now = np.zeros(labels), np.zeros(labels)
    for row in range(rows):
        length = lengths[row]
        if length == 0:
            continue
        for label in range(labels):
            best[label] = transitions[labels, label] + emissions[row, 0, label]
        for word in range(1, length):
            for label in range(labels):
                chosen, highest = 0, -np.inf
                for other in range(labels):
                    score = best[other] + transitions[other, label]
                    if score > highest:
                        chosen, highest = other, score
                before[word, label] = chosen
                now[label] = highest + emissions[row, word, label]
            best, now = now, best
        label, highest = 0, -np.inf
        for other in range(labels):
            score = best[other] + transitions[other, labels]
            if score > highest:
                label, highest = other, score
        found[row, length - 1] = label
        for word in range(length - 1, 0, -1):
            label = before[word, label]
            found[row, word - 1] = label
    return found
