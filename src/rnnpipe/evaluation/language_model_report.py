"""What a language model is asked, be it a recurrent network or n-grams: perplexity, minimal pairs, sentences of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.common.files import atomic_directory
from rnnpipe.common.tables import write_csv, write_lines, write_metrics
from rnnpipe.corpora.grammar.corpus import acceptor
from rnnpipe.evaluation.splits import floor, metric_split
from rnnpipe.metrics.agreement import LONG_DISTANCE, PairAccuracy, pair_accuracy_by_distance, standard_error, total_accuracy
from rnnpipe.metrics.perplexity import oov_rate, perplexity
from rnnpipe.metrics.sampling import Ids, NextWord, length_rows, sample_sentences
from rnnpipe.music.files import playable, write_tunes
from rnnpipe.music.tune import Tune
from rnnpipe.text.encoded import EncodedCorpus, EncodedSplit
from rnnpipe.text.tokenizer import text_of
from rnnpipe.text.vocabulary import UNK

SAMPLES = 500
"""Sentences drawn to be judged by the grammar: a percentage near 95 is known to about 1 point."""
SHOWN = 20
"""Sentences of `samples/sentences.txt`."""


class LanguageModel(NextWord, Protocol):
    """A distribution over sentences of word ids."""

    def log_probability(self, split: EncodedSplit) -> float:
        """Return the sum over all words and the `<eos>` of each document, in nats."""

    def continuation_log_probabilities(self, prefixes: Sequence[Ids], continuations: Sequence[Ids]) -> NDArray[np.float64]:
        """Return the log-probability of each text of words behind its beginning of a document, in nats, shape (N,)."""


@dataclass(frozen=True)
class LanguageModelReport:
    """The files of `reports/language_model/<run>`."""

    metrics: dict[str, float]
    agreement: Sequence[PairAccuracy]
    samples: Sequence[str]
    lengths: Sequence[tuple[int, int, int]]
    tunes: Mapping[int, Tune] = field(default_factory=dict)
    """Line of `samples` → the tune in it, of a corpus of tunes."""

    def write(self, folder: Path) -> None:
        """Write all files; what does not apply is a table without rows. Tunes are beside the samples, where there are any."""
        write_metrics(folder / "metrics.json", self.metrics)
        rows = [(row.distance, row.pairs, row.accuracy) for row in self.agreement]
        write_csv(folder / "agreement.csv", ("distance", "pairs", "accuracy"), rows)
        with atomic_directory(folder / "samples") as samples:
            write_lines(samples / "sentences.txt", self.samples)
            if self.tunes:
                write_tunes(self.tunes, samples / "tunes.abc", samples / "tunes.mid")
        write_csv(folder / "lengths.csv", ("length", "corpus", "sampled"), self.lengths)


def ask_language_model(
    model: LanguageModel, corpus: EncodedCorpus, seed: int, known: dict[str, float] | None = None
) -> LanguageModelReport:
    """Ask everything that the corpus allows to ask.

    Parameters
    ----------
    model : LanguageModel
        The model.
    corpus : EncodedCorpus
        Its splits `valid` and `test` are scored, as far as it has them.
    seed : int
        For the sentences that are drawn.
    known : dict, optional
        What else belongs into the metrics.
    """
    tokens = corpus.vocabulary.tokens
    rows = pair_accuracy_by_distance(corpus.pairs, model.continuation_log_probabilities)
    drawn = list(sample_sentences(model, SAMPLES, seed))
    sentences = [[tokens[number] for number in ids] for ids in drawn]
    lengths = corpus.split("test").lengths.tolist() if "test" in corpus.meta["splits"] else []
    metrics = {**(known or {}), **perplexity_metrics(model, corpus), **pair_metrics(rows)}
    metrics["sampling.unknown"] = sum(ids.count(UNK) for ids in drawn)
    metrics["length.sampled"] = float(np.mean([len(sentence) for sentence in sentences]))
    accepts = acceptor(corpus.truth)
    if accepts is not None:
        metrics["sampling.accepted"] = 100.0 * float(np.mean([accepts(sentence) for sentence in sentences]))
    shown = [text_of(sentence, corpus.meta["joined_by"]) for sentence in sentences[:SHOWN]]
    tunes = _tunes(corpus, sentences[:SHOWN])
    return LanguageModelReport(metrics, rows, shown, list(length_rows(lengths, map(len, sentences))), tunes)


def _tunes(corpus: EncodedCorpus, sentences: Sequence[Sequence[str]]) -> dict[int, Tune]:
    """Return line, from 1 → tune, of the sentences that can be played; none where the corpus is not one of tunes."""
    if corpus.truth.get("grammar", {}).get("kind") != "tune":
        return {}
    return dict(playable(sentences))


def perplexity_metrics(model: LanguageModel, corpus: EncodedCorpus) -> dict[str, float]:
    """Return perplexities, and beside them what is needed to read them: how many predictions, how many of `<unk>`."""
    metrics: dict[str, float] = {}
    for name in ("valid", "test"):
        if name not in corpus.meta["splits"]:
            continue
        split, shown = corpus.split(name), metric_split(name)
        predictions = len(split.ids) + len(split)
        log_probability = model.log_probability(split)
        metrics[f"perplexity.{shown}"] = perplexity(log_probability, predictions)
        metrics[f"tokens.{shown}"] = predictions
        metrics[f"oov_rate.{shown}"] = oov_rate(split.ids)
        if name == "test":
            metrics["perplexity.per_character"] = perplexity(log_probability, corpus.characters(name))
            metrics["length.corpus"] = float(split.lengths.mean())
    lowest = floor(corpus)
    if "test" in lowest and "perplexity.test" in metrics:
        metrics["perplexity.floor"] = lowest["test"]
        metrics["perplexity.ratio"] = metrics["perplexity.test"] / lowest["test"]
    return metrics


def pair_metrics(rows: Sequence[PairAccuracy]) -> dict[str, float]:
    """Return how often the good continuations of minimal pairs were preferred, in percent; nothing without pairs."""
    if not rows:
        return {}
    percent, count = total_accuracy(rows), sum(row.pairs for row in rows)
    long = {"agreement.long": total_accuracy(rows, LONG_DISTANCE)} if rows[-1].distance >= LONG_DISTANCE else {}
    return {
        "agreement.all": percent,
        **long,
        "pairs.share": percent,
        "pairs.count": count,
        "pairs.standard_error": standard_error(percent, count),
    }


def require_pairs(corpus: EncodedCorpus) -> None:
    """Refuse a corpus without minimal pairs: it cannot be asked how far back a cell remembers."""
    if not corpus.pairs:
        raise RnnpipeError(f"{corpus.directory}: no minimal pairs; give the run of long_term a corpus with pairs.tsv")
