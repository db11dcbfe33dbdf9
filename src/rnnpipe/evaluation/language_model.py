"""What a language model is asked, be it a recurrent network or n-grams: perplexity, minimal pairs, sentences of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from rnnpipe.common.files import read_json
from rnnpipe.evaluation.agreement import (
    LONG_DISTANCE,
    MinimalPair,
    PairAccuracy,
    pair_accuracy_by_distance,
    read_pairs,
    standard_error,
    total_accuracy,
)
from rnnpipe.evaluation.perplexity import count_characters, oov_rate, perplexity
from rnnpipe.evaluation.sampling import Floats, Ids, NextWord, length_rows, sample_sentences
from rnnpipe.evaluation.tables import write_lines, write_metrics, write_table
from rnnpipe.text.encoded import EncodedCorpus, EncodedSplit
from rnnpipe.text.vocabulary import UNK

SAMPLES = 500
"""Sentences drawn to be judged by the grammar: a share near 95 % is known to about 1 point."""
SHOWN = 20
"""Sentences of `samples.txt`."""

Accepts = Callable[[list[str]], bool]


class LanguageModel(NextWord, Protocol):
    """A distribution over sentences of word ids."""

    def log_probability(self, split: EncodedSplit) -> float:
        """Return the sum over all words and the `<eos>` of each document, in nats."""

    def word_log_probabilities(self, prefixes: Sequence[Ids], words: Ids) -> Floats:
        """Return the log-probability of each word, shape (N, M), behind the N beginnings of a document."""


@dataclass(frozen=True)
class Truth:
    """What is known of a corpus beforehand; nothing, if it was not made by a grammar."""

    pairs: Sequence[MinimalPair] = ()
    floor: dict[str, float] = field(default_factory=dict)
    """Split → perplexity of the true distribution."""
    accepts: Accepts | None = None
    """Whether a sentence belongs to the language."""

    @classmethod
    def read(cls, raw: Path, accepts: Accepts | None = None) -> Truth:
        """Read `pairs.tsv` and `truth.json` from `data/raw/<corpus>`, where they exist."""
        pairs, truth = raw / "pairs.tsv", raw / "truth.json"
        floor = read_json(truth).get("perplexity", {}) if truth.is_file() else {}
        return cls(read_pairs(pairs) if pairs.is_file() else (), floor, accepts)


@dataclass(frozen=True)
class LanguageModelReport:
    """The files of `reports/language_model/<run>`."""

    metrics: dict[str, float]
    agreement: Sequence[PairAccuracy]
    samples: Sequence[str]
    lengths: Sequence[tuple[int, int, int]]

    def write(self, folder: Path) -> None:
        """Write all four files; what does not apply is a table without rows."""
        write_metrics(folder / "metrics.json", self.metrics)
        rows = [(row.distance, row.pairs, row.accuracy) for row in self.agreement]
        write_table(folder / "agreement.csv", ("distance", "pairs", "accuracy"), rows)
        write_lines(folder / "samples.txt", self.samples)
        write_table(folder / "lengths.csv", ("length", "corpus", "sampled"), self.lengths)


def evaluate(model: LanguageModel, corpus: EncodedCorpus, truth: Truth, seed: int) -> LanguageModelReport:
    """Ask everything that the corpus allows to ask.

    Parameters
    ----------
    model : LanguageModel
        The model.
    corpus : EncodedCorpus
        Its splits `valid` and `test` are scored, as far as it has them.
    truth : Truth
        What else is known of it.
    seed : int
        For the sentences that are drawn.
    """
    tokens = corpus.vocabulary.tokens
    rows = pair_accuracy_by_distance(truth.pairs, _score(model, corpus))
    drawn = sample_sentences(model, SAMPLES, seed)
    sentences = [[tokens[number] for number in ids] for ids in drawn]
    lengths = corpus.split("test").lengths.tolist() if "test" in corpus.meta["splits"] else []
    metrics = perplexity_metrics(model, corpus, truth.floor) | _pair_metrics(rows)
    metrics["sampling.unknown"] = sum(ids.count(UNK) for ids in drawn)
    metrics["length.sampled"] = float(np.mean([len(sentence) for sentence in sentences]))
    if truth.accepts is not None:
        metrics["sampling.accepted"] = 100.0 * float(np.mean([truth.accepts(sentence) for sentence in sentences]))
    shown = [" ".join(sentence) for sentence in sentences[:SHOWN]]
    return LanguageModelReport(metrics, rows, shown, list(length_rows(lengths, map(len, sentences))))


def perplexity_metrics(model: LanguageModel, corpus: EncodedCorpus, floor: dict[str, float]) -> dict[str, float]:
    """Return perplexities, and beside them what is needed to read them: how many predictions, how many of `<unk>`."""
    metrics: dict[str, float] = {}
    for name in ("valid", "test"):
        if name not in corpus.meta["splits"]:
            continue
        split = corpus.split(name)
        predictions = len(split.ids) + len(split)
        log_probability = model.log_probability(split)
        metrics[f"perplexity.{name}"] = perplexity(log_probability, predictions)
        metrics[f"tokens.{name}"] = predictions
        metrics[f"oov_rate.{name}"] = oov_rate(split.ids)
        if name == "test":
            characters = count_characters(split.ids, len(split), corpus.vocabulary.tokens)
            metrics["perplexity.per_character"] = perplexity(log_probability, characters)
            metrics["length.corpus"] = float(split.lengths.mean())
    if "test" in floor and "perplexity.test" in metrics:
        metrics["perplexity.floor"] = floor["test"]
        metrics["perplexity.ratio"] = metrics["perplexity.test"] / floor["test"]
    return metrics


def _pair_metrics(rows: Sequence[PairAccuracy]) -> dict[str, float]:
    if not rows:
        return {}
    share, count = total_accuracy(rows), sum(row.pairs for row in rows)
    return {
        "agreement.all": share,
        "agreement.long": total_accuracy(rows, LONG_DISTANCE),
        "pairs.share": share,
        "pairs.count": count,
        "pairs.standard_error": standard_error(share, count),
    }


def _score(model: LanguageModel, corpus: EncodedCorpus) -> Callable[[Sequence[MinimalPair]], Any]:
    """Return the model's log-probabilities of both words of a pair as a function of pairs."""
    encode = corpus.vocabulary.encode

    def score(pairs: Sequence[MinimalPair]) -> Floats:
        words = np.stack([encode((pair.good, pair.bad)) for pair in pairs])
        return model.word_log_probabilities([encode(pair.prefix) for pair in pairs], words)

    return score
