"""Perplexities of a corpus' splits from the log-probability of each word: static, with cache, dynamic, never one for another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from rnnpipe.evaluation.splits import floor, metric_split
from rnnpipe.metrics.perplexity import oov_rate, perplexity
from rnnpipe.text.encoded import EncodedCorpus, EncodedSplit

Floats = NDArray[np.float64]
Form = Literal["static", "cache", "dynamic"]
"""`static`: the same model for every word; the others learn from the words that they have read of the split."""
Scores = Mapping[str, Floats]
"""Split → log-probability of each word and of each document's `<eos>`, in the order of the text, in nats."""


class Scorer(Protocol):
    """A distribution over words."""

    def log_probabilities(self, split: EncodedSplit) -> Floats:
        """Return that of each word, and of the `<eos>` behind each document, shape (N + documents,), in nats."""


def word_scores(model: Scorer, corpus: EncodedCorpus) -> dict[str, Floats]:
    """Score the splits `valid` and `test`, as far as the corpus has them; nothing is carried from one to the other."""
    return {name: model.log_probabilities(corpus.split(name)) for name in ("valid", "test") if name in corpus.meta["splits"]}


def perplexity_of(log_probabilities: Floats) -> float:
    """Return the perplexity of words, given the log-probability of each."""
    return perplexity(float(log_probabilities.sum()), len(log_probabilities))


def form_metrics(scores: Scores, form: Form) -> dict[str, float]:
    """Return `perplexity.<split>`, or `perplexity.<form>.<split>` of a form that learns while it reads."""
    prefix = "perplexity" if form == "static" else f"perplexity.{form}"
    return {f"{prefix}.{metric_split(name)}": perplexity_of(found) for name, found in scores.items()}


@dataclass(frozen=True)
class Adapted:
    """A language model in a form that adapts."""

    form: Form
    scores: Scores
    chosen: dict[str, float]
    """What the grid's best values are, by the names that they have in the metrics."""

    @property
    def metrics(self) -> dict[str, float]:
        """Its perplexities, and how it was set."""
        chosen = {f"{self.form}.{name}": value for name, value in self.chosen.items()}
        return form_metrics(self.scores, self.form) | chosen


def perplexity_metrics(scores: Scores, corpus: EncodedCorpus) -> dict[str, float]:
    """Return static perplexities, and beside them what is needed to read them: how many predictions, how many of `<unk>`."""
    metrics: dict[str, float] = {}
    for name, found in scores.items():
        metrics |= form_metrics({name: found}, "static") | counts(corpus, name)
        if name == "test":
            metrics["perplexity.per_character"] = perplexity(float(found.sum()), corpus.characters(name))
            metrics["length.corpus"] = float(corpus.split(name).lengths.mean())
    lowest = floor(corpus)
    if "test" in lowest and "perplexity.test" in metrics:
        metrics["perplexity.floor"] = lowest["test"]
        metrics["perplexity.ratio"] = metrics["perplexity.test"] / lowest["test"]
    return metrics


def counts(corpus: EncodedCorpus, name: str) -> dict[str, float]:
    """Return how many predictions a split has, an `<eos>` for each document among them, and how many words are `<unk>`."""
    split, shown = corpus.split(name), metric_split(name)
    return {f"tokens.{shown}": len(split.ids) + len(split), f"oov_rate.{shown}": oov_rate(split.ids)}
