"""Language models that learn while they are scored. How they are set is chosen on validation, never on test."""

from __future__ import annotations

from itertools import product

import numpy as np

from rnnpipe.evaluation.perplexities import Adapted, Floats, Scores
from rnnpipe.inference.adaptive import cache_log_probabilities, dynamic_log_probabilities, with_cache
from rnnpipe.inference.language_model import TrainedLanguageModel
from rnnpipe.params.evaluation import CacheGrid, DynamicGrid
from rnnpipe.text.encoded import EncodedCorpus, EncodedSplit


def cached(model: TrainedLanguageModel, corpus: EncodedCorpus, static: Scores, grid: CacheGrid) -> Adapted:
    """Give a model of a stream a neural cache (Grave et al. 2017), theta and weight chosen on the split `valid`.

    Parameters
    ----------
    model : TrainedLanguageModel
    corpus : EncodedCorpus
    static : mapping of str to ndarray
        What the model says by itself of `valid`, and of the other splits that are to be scored.
    grid : CacheGrid
    """
    by_theta = cache_log_probabilities(model, corpus.split("valid"), grid.window, grid.thetas)
    found = {
        (theta, weight): loss(with_cache(static["valid"], by_theta[number], weight))
        for (number, theta), weight in product(enumerate(grid.thetas), grid.weights)
    }
    theta, weight = min(found, key=lambda pair: found[pair])
    scores = {"valid": with_cache(static["valid"], by_theta[grid.thetas.index(theta)], weight)}
    for name in static.keys() - {"valid"}:
        (alone,) = cache_log_probabilities(model, corpus.split(name), grid.window, (theta,))
        scores[name] = with_cache(static[name], alone, weight)
    return Adapted("cache", scores, {"theta": theta, "weight": weight})


def dynamic(model: TrainedLanguageModel, corpus: EncodedCorpus, splits: list[str], grid: DynamicGrid) -> Adapted:
    """Evaluate a model of a stream dynamically (Krause et al. 2018), rate and decay chosen on the split `valid` or its beginning.

    Of `valid` the scores are those of the words that were chosen by; `dynamic.words` says how many they are.
    """
    valid = beginning(corpus.split("valid"), grid.words)
    found: dict[tuple[float, float], Floats] = {
        pair: dynamic_log_probabilities(model, valid, *pair, grid.segment) for pair in product(grid.learning_rates, grid.decays)
    }
    rate, decay = min(found, key=lambda pair: loss(found[pair]))
    scores = {"valid": found[rate, decay]}
    for name in splits:
        if name != "valid":
            scores[name] = dynamic_log_probabilities(model, corpus.split(name), rate, decay, grid.segment)
    return Adapted("dynamic", scores, {"learning_rate": rate, "decay": decay, "words": len(scores["valid"])})


def beginning(split: EncodedSplit, words: int | None) -> EncodedSplit:
    """Return the first documents of a split, up to the one in which its word number `words` stands; None: all."""
    if words is None or words >= len(split.ids):
        return split
    documents = int(np.searchsorted(split.offsets, words, side="left"))
    return EncodedSplit(split.ids[: split.offsets[documents]], split.offsets[: documents + 1])


def loss(log_probabilities: Floats) -> float:
    """Return the negative sum, infinite where a training went astray: NaN would be less than nothing."""
    total = -float(log_probabilities.sum())
    return total if np.isfinite(total) else np.inf
