"""What a classifier of texts is asked, be it a recurrent network or a baseline."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnpipe.common.tables import write_csv, write_metrics
from rnnpipe.evaluation.splits import known_truth, main_split, metric_split, scored_splits
from rnnpipe.metrics.classification import accuracy, confusion_rows, confusion_table, macro_f1
from rnnpipe.metrics.perplexity import oov_rate
from rnnpipe.text.encoded import EncodedCorpus, EncodedSplit

Predict = Callable[[EncodedSplit], NDArray[np.floating[Any]]]
"""Split → probability of each label, shape (documents, C)."""
SHOWN = 500
"""Characters that are shown of a document's text at most."""


@dataclass(frozen=True)
class Predictions:
    """What was predicted for the labelled documents of a split, N of them."""

    documents: NDArray[np.int64]
    """Number of each document in its split, shape (N,)."""
    actual: NDArray[np.int64]
    predicted: NDArray[np.int64]
    """Ids of labels, shape (N,)."""
    probabilities: NDArray[np.floating[Any]]
    """Of the predicted label, shape (N,)."""


@dataclass(frozen=True)
class SentimentReport:
    """The files of `reports/sentiment/<run>`."""

    metrics: Mapping[str, float]
    labels: Sequence[str]
    predictions: Predictions
    """Of the test split, or of the last one if there is none of this name."""
    texts: Sequence[str]
    """The text of each document of `predictions` in its own words, as the corpus was cut into them; N beginnings of `SHOWN`."""

    def write(self, folder: Path) -> None:
        """Write all three files."""
        shown = self.predictions
        table = confusion_table(shown.actual, shown.predicted, len(self.labels))
        columns = (shown.documents, shown.actual, shown.predicted, shown.probabilities)
        rows = zip(*(column.tolist() for column in columns), self.texts, strict=True)
        named = ((row, self.labels[actual], self.labels[predicted], *more) for row, actual, predicted, *more in rows)
        write_metrics(folder / "metrics.json", self.metrics)
        write_csv(folder / "confusion.csv", ("actual", "predicted", "count"), confusion_rows(table, self.labels))
        write_csv(folder / "predictions.csv", ("document", "actual", "predicted", "probability", "text"), named)


def score_classifier(predict: Predict, corpus: EncodedCorpus, known: Mapping[str, float]) -> SentimentReport:
    """Score every split with labels but `train`.

    Parameters
    ----------
    predict : Predict
        The classifier.
    corpus : EncodedCorpus
        Of labelled texts; documents without label are skipped.
    known : mapping of str to float
        What else belongs into the metrics, beside what the corpus' grammar knows.
    """
    metrics = {**known_truth(corpus), **known}
    labels = corpus.meta["labels"]
    found = {name: _predictions(predict, corpus.split(name)) for name in scored_splits(corpus)}
    for name, predictions in found.items():
        table = confusion_table(predictions.actual, predictions.predicted, len(labels))
        shown = metric_split(name)
        metrics[f"accuracy.{shown}"] = accuracy(table)
        metrics[f"macro_f1.{shown}"] = macro_f1(table)
        metrics[f"documents.{shown}"] = len(predictions.documents)
        metrics[f"oov_rate.{shown}"] = oov_rate(corpus.split(name).ids)
    main = main_split(list(found))
    return SentimentReport(metrics, labels, found[main], list(_texts(corpus, main, found[main].documents)))


def _texts(corpus: EncodedCorpus, split: str, documents: NDArray[np.int64]) -> Iterator[str]:
    wanted = set(documents.tolist())
    for number, words in enumerate(corpus.words(split)):
        if number in wanted:
            text = corpus.meta["joined_by"].join(words)
            yield text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


def _predictions(predict: Predict, split: EncodedSplit) -> Predictions:
    assert split.labels is not None
    documents = np.flatnonzero(split.labels >= 0)
    probabilities = predict(split)[documents]
    return Predictions(
        documents, split.labels[documents].astype(np.int64), probabilities.argmax(axis=1), probabilities.max(axis=1)
    )
