"""Whether a feature of words, gender say, is a linear function of their vectors (slide "Featurized representation")."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

RIDGE = 0.1
"""Weight of the squared coefficients, for vectors whose mean squared length about their centre is 1. Chosen: small, not tuned."""


def held_out_predictions(vectors: NDArray[np.floating], values: NDArray[np.floating]) -> NDArray[np.float64]:
    """Predict the feature of each word from all other words by ridge regression with intercept.

    Parameters
    ----------
    vectors : ndarray of shape (N, E)
        At least two words.
    values : ndarray of shape (N,)
        The feature of each word.

    Returns
    -------
    ndarray of shape (N,), dtype=float64
        What a fit without the word predicts for it, on the scale of `values`.
    """
    centred = vectors.astype(np.float64) - vectors.mean(axis=0, dtype=np.float64)
    scale = np.sqrt(np.mean(np.sum(centred**2, axis=1)))
    kernel = centred @ centred.T / (scale**2 or 1.0)  # (N, N)
    words = len(values)
    hat = kernel @ np.linalg.inv(kernel + RIDGE * np.eye(words)) + 1 / words  # fitted = hat @ values
    # What a fit without the word would predict follows from the fit with all words (Hastie et al. 2009, eq. 7.64).
    own = np.diag(hat)
    predicted: NDArray[np.float64] = (hat @ values - own * values) / (1 - own)
    return predicted


def held_out_accuracy(vectors: NDArray[np.floating], values: NDArray[np.floating]) -> float:
    """Return how many words' features are predicted from all other words, in percent.

    A prediction of `held_out_predictions` is correct if the nearest value that the feature has anywhere is the word's own: for
    features of few different values, such as -1, 0, 1.
    """
    predicted = held_out_predictions(vectors, values)
    known = np.unique(values)
    nearest = known[np.abs(predicted[:, None] - known).argmin(axis=1)]
    return 100.0 * float(np.mean(nearest == values))


def majority_share(values: NDArray[np.floating]) -> float:
    """Return the accuracy of always guessing the most frequent value, in percent."""
    return 100.0 * float(np.unique(values, return_counts=True)[1].max()) / len(values)
