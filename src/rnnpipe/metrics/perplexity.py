"""Perplexity: how many equally likely words a language model hesitates between, on average."""

import math

import numpy as np
from numpy.typing import NDArray

from rnnpipe.text.vocabulary import UNK


def perplexity(log_probability: float, predictions: int) -> float:
    """Return exp of the mean negative log-probability of a prediction.

    Parameters
    ----------
    log_probability : float
        Sum over all predictions of all texts, in nats: a long text weighs as much as its predictions are many.
    predictions : int
        How many terms that sum has: a sentence of n words has n + 1, since its end is predicted too. Or the number
        of characters: then the result is a perplexity for each character, which can be compared between tokenizers.

    Returns
    -------
    float
        At least 1; a uniform model over V words has V.
    """
    if predictions < 1:
        raise ValueError("perplexity: there is nothing to predict")
    return math.exp(-log_probability / predictions)


def oov_rate(ids: NDArray[np.integer]) -> float:
    """Return the share of words that are `<unk>`, in percent: a low perplexity means little where it is high."""
    return 100.0 * float(np.mean(ids == UNK)) if len(ids) else 0.0
