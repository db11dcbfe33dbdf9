"""What a language model is asked, be it a recurrent network or n-grams: perplexity, minimal pairs, sentences of its own."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.common.files import atomic_directory
from rnnpipe.common.tables import write_csv, write_lines, write_metrics
from rnnpipe.corpora.grammar.corpus import acceptor
from rnnpipe.evaluation.perplexities import Adapted, Scorer, Scores, perplexity_metrics, word_scores
from rnnpipe.evaluation.scored import ScoredSplits
from rnnpipe.metrics.agreement import (
    LONG_DISTANCE,
    GroupAccuracy,
    PairAccuracy,
    accuracy_by_distance,
    accuracy_by_group,
    pair_points,
    standard_error,
    total_accuracy,
)
from rnnpipe.metrics.sampling import Ids, NextWord, length_rows, sample_sentences
from rnnpipe.music.files import playable, write_tunes
from rnnpipe.music.tune import Tune
from rnnpipe.text.encoded import EncodedCorpus
from rnnpipe.text.tokenizer import text_of
from rnnpipe.text.vocabulary import UNK

SAMPLES = 500
"""Sentences drawn to be judged by the grammar: a percentage near 95 is known to about 1 point."""
SHOWN = 20
"""Sentences of `samples/sentences.txt`."""


class LanguageModel(NextWord, Scorer, Protocol):
    """A distribution over sentences of word ids."""

    def continuation_log_probabilities(self, prefixes: Sequence[Ids], continuations: Sequence[Ids]) -> NDArray[np.float64]:
        """Return the log-probability of each text of words behind its beginning of a document, in nats, shape (N,)."""


@dataclass(frozen=True)
class LanguageModelReport:
    """The files of `reports/language_model/<run>`, and of `reports/scored/<run>`."""

    metrics: dict[str, float]
    agreement: Sequence[PairAccuracy]
    samples: Sequence[str]
    lengths: Sequence[tuple[int, int, int]]
    scored: ScoredSplits
    tunes: Mapping[int, Tune] = field(default_factory=dict)
    """Line of `samples` → the tune in it, of a corpus of tunes."""

    def write(self, folder: Path, scored: Path | None = None) -> None:
        """Write all files of the one folder, what does not apply as a table without rows, and the other folder, if named.

        Tunes are beside the samples, where there are any.
        """
        write_metrics(folder / "metrics.json", self.metrics)
        rows = [(row.distance, row.pairs, row.accuracy) for row in self.agreement]
        write_csv(folder / "agreement.csv", ("distance", "pairs", "accuracy"), rows)
        with atomic_directory(folder / "samples") as samples:
            write_lines(samples / "sentences.txt", self.samples)
            if self.tunes:
                write_tunes(self.tunes, samples / "tunes.abc", samples / "tunes.mid")
        write_csv(folder / "lengths.csv", ("length", "corpus", "sampled"), self.lengths)
        if scored:
            self.scored.write(scored)


def ask_language_model(
    model: LanguageModel,
    corpus: EncodedCorpus,
    seed: int,
    known: dict[str, float] | None = None,
    adapt: Callable[[Scores], Sequence[Adapted]] = lambda static: (),
    surprisal: bool = False,
    continues: bool = True,
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
    adapt : callable, optional
        The static scores → those of forms of the model that adapt; none by default.
    surprisal : bool, default=False
        Whether the surprisal of each word of `test` is told.
    continues : bool, default=True
        Whether the model can be asked what follows a beginning: minimal pairs, sentences of its own.
    """
    static = word_scores(model, corpus)
    adapted = adapt(static)
    pairs = corpus.pairs if continues else []
    asked, skipped = ([pair for pair in pairs if pair.is_covered == known] for known in (True, False))
    points = pair_points(asked, model.continuation_log_probabilities)
    rows, groups = accuracy_by_distance(asked, points), accuracy_by_group(asked, points, skipped)
    metrics = {**(known or {}), **perplexity_metrics(static, corpus), **pair_metrics(rows, groups)}
    for one in adapted:
        metrics |= one.metrics
    drawn, lengths = list(sample_sentences(model, SAMPLES, seed)) if continues else [], _test_lengths(corpus)
    sentences = [[corpus.vocabulary.tokens[number] for number in ids] for ids in drawn]
    if continues:
        metrics |= _sampling_metrics(drawn, sentences, corpus)
    shown = [text_of(sentence, corpus.meta["joined_by"]) for sentence in sentences[:SHOWN]]
    tunes = _tunes(corpus, sentences[:SHOWN])
    scored = ScoredSplits({"static": static, **{one.form: one.scores for one in adapted}}, groups, corpus if surprisal else None)
    return LanguageModelReport(metrics, rows, shown, list(length_rows(lengths, map(len, sentences))), scored, tunes)


def _sampling_metrics(drawn: Sequence[list[int]], sentences: Sequence[list[str]], corpus: EncodedCorpus) -> dict[str, float]:
    metrics = {
        "sampling.unknown": sum(ids.count(UNK) for ids in drawn),
        "length.sampled": float(np.mean([len(sentence) for sentence in sentences])),
    }
    accepts = acceptor(corpus.truth)
    if accepts is not None:
        metrics["sampling.accepted"] = 100.0 * float(np.mean([accepts(sentence) for sentence in sentences]))
    return metrics


def _tunes(corpus: EncodedCorpus, sentences: Sequence[Sequence[str]]) -> dict[int, Tune]:
    """Return line, from 1 → tune, of the sentences that can be played; none where the corpus is not one of tunes."""
    if corpus.truth.get("grammar", {}).get("kind") != "tune":
        return {}
    return dict(playable(sentences))


def _test_lengths(corpus: EncodedCorpus) -> list[int]:
    """Return the words of each document of the test split; none without one."""
    return corpus.split("test").lengths.tolist() if "test" in corpus.meta["splits"] else []


def pair_metrics(rows: Sequence[PairAccuracy], groups: Sequence[GroupAccuracy]) -> dict[str, float]:
    """Return how often the good continuations of minimal pairs were preferred, in percent; nothing without pairs.

    Where pairs have groups, or the vocabulary lacks some of their words, also the coverage: the share of pairs that were asked.
    """
    count, skipped = sum(group.pairs for group in groups), sum(group.skipped for group in groups)
    metrics: dict[str, float] = {"agreement.all": total_accuracy(rows)} if rows else {}
    if rows and rows[-1].distance >= LONG_DISTANCE:
        metrics["agreement.long"] = total_accuracy(rows, LONG_DISTANCE)
    if count:
        metrics |= share_metrics("pairs", groups)
    named = {group.group for group in groups if group.group}
    if named or skipped:
        metrics["pairs.coverage"] = 100.0 * count / (count + skipped)
    for name in sorted(named):
        key = re.sub(r"[^\w-]+", "_", name)
        metrics |= share_metrics(f"pairs.{key}", [group for group in groups if group.group == name])
    return metrics


def share_metrics(prefix: str, groups: Sequence[GroupAccuracy]) -> dict[str, float]:
    """Return share, count and standard error of the pairs of some groups; nothing where none could be asked."""
    count = sum(group.pairs for group in groups)
    if not count:
        return {}
    percent = sum(group.pairs * group.accuracy for group in groups if group.pairs) / count
    return {f"{prefix}.share": percent, f"{prefix}.count": count, f"{prefix}.standard_error": standard_error(percent, count)}


def require_pairs(corpus: EncodedCorpus) -> None:
    """Refuse a corpus without minimal pairs: it cannot be asked how far back a cell remembers."""
    if not corpus.pairs:
        raise RnnpipeError(f"{corpus.directory}: no minimal pairs; give the run of long_term a corpus with pairs.tsv")
