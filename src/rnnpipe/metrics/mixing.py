"""Several distributions over words as one: their weighted mean, with the weights that fit a text best."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
STEPS = 10_000
"""Of EM, which ends long before where the likelihood has a single peak that is not flat."""
SMALLEST_STEP = 1e-7
"""Change of a weight below which EM has ended."""


def mixture_weights(log_probabilities: Floats) -> Floats:
    """Return the weights of a linear mixture under which a text is most probable, by EM (Jelinek & Mercer 1980).

    The likelihood has one peak, so that equal weights are as good a start as any; each step raises it.

    Parameters
    ----------
    log_probabilities : ndarray of shape (K, N), dtype=float64
        Of each word of the text by each of K models, in nats; a word that no model expects at all is left out.

    Returns
    -------
    ndarray of shape (K,), dtype=float64
        In [0, 1], with the sum 1.
    """
    weights = np.full(len(log_probabilities), 1.0 / len(log_probabilities))
    highest = log_probabilities.max(axis=0, initial=-np.inf)
    expected = np.isfinite(highest)
    shares = np.exp(log_probabilities[:, expected] - highest[expected])  # (K, N)
    for _ in range(STEPS if shares.size else 0):
        updated = weights * (shares / (weights @ shares)).mean(axis=1)
        step = float(np.abs(updated - weights).max())
        weights = updated
        if step < SMALLEST_STEP:
            break
    total: Floats = weights / weights.sum()
    return total


def mixed(log_probabilities: Floats, weights: Floats) -> Floats:
    """Return the log-probability of each word by the mixture: (K, N), (K,) -> (N,), in nats."""
    with np.errstate(divide="ignore"):
        terms = log_probabilities + np.log(weights)[:, None]
    found: Floats = np.logaddexp.reduce(terms, axis=0)
    return found
