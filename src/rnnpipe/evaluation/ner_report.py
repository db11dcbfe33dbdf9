"""What a tagger of named entities is asked, be it a recurrent network or a baseline."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rnnpipe.common.tables import write_csv, write_lines, write_metrics
from rnnpipe.evaluation.splits import known_truth, main_split, metric_split, scored_splits
from rnnpipe.metrics.classification import accuracy, confusion_rows, confusion_table
from rnnpipe.metrics.perplexity import oov_rate
from rnnpipe.metrics.spans import SpanScore, Surface, known_and_new, span_errors, span_scores, surfaces
from rnnpipe.text.encoded import EncodedCorpus, EncodedSplit

Predict = Callable[[EncodedSplit], NDArray[np.uint8]]
"""Split → id of the predicted tag of each word, shape (N,)."""

PAIRS = "pairs"
"""Split of sentences that only the words after the name tell apart; each is found or not as a whole."""

SPAN_COLUMNS = ("type", "actual", "predicted", "correct", "precision", "recall", "f1")


@dataclass(frozen=True)
class NerReport:
    """The files of `reports/ner/<run>`; the tables are of the test split, or of the last one if there is none of this name."""

    metrics: Mapping[str, float]
    tags: Sequence[str]
    confusion: NDArray[np.int64]
    """Words by actual and predicted tag, shape (C, C)."""
    by_type: Mapping[str, SpanScore]
    lines: Sequence[str]
    """`document word actual predicted` with the text's own words, the number of the sentence in its split before each, and a
    blank line after each sentence: what conlleval reads."""

    def write(self, folder: Path) -> None:
        """Write all four files."""
        spans = [
            (kind, score.actual, score.predicted, score.correct, score.precision, score.recall, score.f1)
            for kind, score in self.by_type.items()
        ]
        write_metrics(folder / "metrics.json", self.metrics)
        write_csv(folder / "confusion.csv", ("actual", "predicted", "count"), confusion_rows(self.confusion, self.tags))
        write_csv(folder / "spans.csv", SPAN_COLUMNS, spans)
        write_lines(folder / "predictions.conll", self.lines)


def score_tagger(predict: Predict, corpus: EncodedCorpus, known: Mapping[str, float]) -> NerReport:
    """Score every split but `train`.

    Parameters
    ----------
    predict : Predict
        The tagger.
    corpus : EncodedCorpus
        Of tagged sentences.
    known : mapping of str to float
        What else belongs into the metrics, beside what the corpus' grammar knows.
    """
    tags = corpus.meta["tags"]
    metrics = {**known_truth(corpus), **known}
    names = scored_splits(corpus)
    guesses = {name: predict(corpus.split(name)) for name in names}
    train = corpus.split("train")
    seen = surfaces(train.all_words(corpus.vocabulary.tokens), named_tags(train, train.tags, tags))
    for name, guess in guesses.items():
        split, shown = corpus.split(name), metric_split(name)
        actual, predicted = named_tags(split, split.tags, tags), named_tags(split, guess, tags)
        if name == PAIRS:
            metrics |= {"pairs.correct": sentences_correct(actual, predicted), "pairs.count": len(split)}
            continue
        words = list(split.all_words(corpus.vocabulary.tokens))
        metrics |= {f"{key}.{shown}": value for key, value in _span_metrics(words, actual, predicted, seen).items()}
        metrics[f"accuracy.{shown}"] = accuracy(_confusion(split, guess, tags))
        metrics[f"oov_rate.{shown}"] = oov_rate(split.ids)
    main = main_split([name for name in names if name != PAIRS] or names)
    split, guess = corpus.split(main), guesses[main]
    _, by_type = span_scores(named_tags(split, split.tags, tags), named_tags(split, guess, tags))
    lines = list(_conll(split, guess, corpus.vocabulary.tokens, tags))
    return NerReport(metrics, tags, _confusion(split, guess, tags), by_type, lines)


def _span_metrics(
    words: Sequence[Sequence[str]], actual: Sequence[Sequence[str]], predicted: Sequence[Sequence[str]], seen: Set[Surface]
) -> dict[str, float]:
    """Return the scores of a split's entities, given the words of each sentence and the entities of the train split."""
    total, _ = span_scores(actual, predicted)
    strict, _ = span_scores(actual, predicted, strict=True)
    known, new = known_and_new(words, actual, predicted, seen)
    metrics = {"f1": total.f1, "precision": total.precision, "recall": total.recall, "f1_strict": strict.f1}
    metrics |= {key: score.f1 for key, score in (("f1_seen", known), ("f1_unseen", new)) if score.actual}
    errors = {f"errors_{kind}": count for kind, count in span_errors(actual, predicted).items()}
    return {**metrics, **errors, "entities": total.actual, "unseen": new.actual}


def sentences_correct(actual: Sequence[Sequence[str]], predicted: Sequence[Sequence[str]]) -> float:
    """Return how many sentences have no wrong tag, in percent."""
    return 100.0 * float(np.mean([guess == tags for guess, tags in zip(predicted, actual, strict=True)]))


def named_tags(split: EncodedSplit, ids: NDArray[np.uint8] | None, tags: Sequence[str]) -> list[list[str]]:
    """Return the tags of each sentence by name, for ids of shape (N,) in the order of the split."""
    if ids is None:
        raise ValueError("a corpus without tags")
    names = np.array(tags, dtype=object)[ids].tolist()
    return [names[start:end] for start, end in zip(split.offsets[:-1].tolist(), split.offsets[1:].tolist(), strict=True)]


def _confusion(split: EncodedSplit, guess: NDArray[np.uint8], tags: Sequence[str]) -> NDArray[np.int64]:
    assert split.tags is not None
    return confusion_table(split.tags, guess, len(tags))


def _conll(split: EncodedSplit, guess: NDArray[np.uint8], tokens: Sequence[str], tags: Sequence[str]) -> Iterator[str]:
    actual, predicted = named_tags(split, split.tags, tags), named_tags(split, guess, tags)
    for number, (words, *both) in enumerate(zip(split.all_words(tokens), actual, predicted, strict=True)):
        for row in zip(words, *both, strict=True):
            yield " ".join((str(number), *row))
        yield ""
