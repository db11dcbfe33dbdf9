"""The figures on a model card, by task: what metrics.json says of each split, with intervals where the files allow one."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnpipe.cards.intervals import DRAWS, Interval, bootstrap, wilson
from rnnpipe.common.tables import read_csv
from rnnpipe.metrics.classification import confusion_table, macro_f1
from rnnpipe.metrics.spans import SpanScore, span_scores

Metrics = Mapping[str, float]
"""metrics.json with nested keys joined by dots."""

WILSON = "Wilson's, from the counts"
BOOTSTRAP = f"percentile bootstrap over the texts, {DRAWS:,} draws"
METHODS = (WILSON, BOOTSTRAP)


@dataclass(frozen=True)
class Figure:
    """One measured number."""

    split: str
    name: str
    value: float
    unit: str = ""
    interval: Interval | None = None
    """None: the figure is no share, and what it is for each text is not kept."""
    method: str | None = None
    """How the interval was found."""


def figures(task: str, metrics: Mapping[str, Any], folder: Path) -> list[Figure]:
    """Return the figures of a model of a task; none of a task that has no entry here.

    Parameters
    ----------
    task : str
    metrics : mapping
        What the evaluation measured.
    folder : Path
        Where its other files lie; predictions are those of the test split.
    """
    measured = {key: value for key, value in metrics.items() if isinstance(value, int | float)}  # what is no number is null there
    return list(_FIGURES[task](measured, folder)) if task in _FIGURES else []


def _of_classifier(metrics: Metrics, folder: Path) -> Iterator[Figure]:
    for split in _splits(metrics, "accuracy"):
        interval = wilson(metrics[f"accuracy.{split}"], int(metrics[f"documents.{split}"]))
        yield Figure(split, "accuracy", metrics[f"accuracy.{split}"], " %", interval, WILSON)
    rows = read_csv(folder / "predictions.csv")
    drawn = _macro_f1_interval([row["actual"] for row in rows], [row["predicted"] for row in rows])
    for split in _splits(metrics, "macro_f1"):
        yield _bootstrapped(split, "macro F1", metrics[f"macro_f1.{split}"], drawn)


def _macro_f1_interval(actual: Sequence[str], predicted: Sequence[str]) -> Interval | None:
    labels, ids = np.unique([*actual, *predicted], return_inverse=True)
    size = len(labels)
    table = confusion_table(ids[: len(actual)], ids[len(actual) :], size)
    return bootstrap(table.ravel(), lambda drawn: macro_f1(drawn.reshape(size, size))) if actual else None


def _of_tagger(metrics: Metrics, folder: Path) -> Iterator[Figure]:
    kinds, counts = np.unique(_span_counts(folder / "predictions.conll"), axis=0, return_counts=True)
    for key, name in (("f1", "span F1"), ("precision", "span precision"), ("recall", "span recall")):
        drawn = bootstrap(counts, partial(_span_score, kinds, key)) if len(counts) else None
        for split in _splits(metrics, key):
            yield _bootstrapped(split, name, metrics[f"{key}.{split}"], drawn)
    if metrics.get("pairs.count"):
        interval = wilson(metrics["pairs.correct"], int(metrics["pairs.count"]))
        yield Figure("pairs", "sentences without a wrong tag", metrics["pairs.correct"], " %", interval, WILSON)


def _span_score(kinds: NDArray[np.int64], key: str, counts: NDArray[np.int64]) -> float:
    """Return F1, precision or recall of sentences, `counts` (U,) of each kind; a kind is its (actual, predicted, correct)."""
    return float(getattr(SpanScore(*(counts @ kinds).tolist()), key))


def _span_counts(path: Path) -> NDArray[np.int64]:
    """Return (actual, predicted, correct) entities of each sentence, shape (sentences, 3); none without a file."""
    lines = path.read_text(encoding="utf-8").split("\n") if path.is_file() else []
    counts = []
    for filled, sentence in itertools.groupby(lines, key=bool):
        if filled:
            _, actual, predicted = zip(*(line.rsplit(" ", 2) for line in sentence), strict=True)
            total, _ = span_scores([actual], [predicted])
            counts.append((total.actual, total.predicted, total.correct))
    return np.array(counts, dtype=np.int64).reshape(-1, 3)


def _of_language_model(metrics: Metrics, folder: Path) -> Iterator[Figure]:
    for split in ("validation", "test"):
        if f"perplexity.{split}" in metrics:
            yield Figure(split, "perplexity", metrics[f"perplexity.{split}"])
    if "perplexity.per_character" in metrics:
        yield Figure("test", "perplexity for each character", metrics["perplexity.per_character"])
    if metrics.get("pairs.count"):
        interval = wilson(metrics["pairs.share"], int(metrics["pairs.count"]))
        yield Figure("pairs", "minimal pairs told apart", metrics["pairs.share"], " %", interval, WILSON)


def _bootstrapped(split: str, name: str, value: float, drawn: Interval | None) -> Figure:
    """Return a figure in percent with the interval that was drawn, which is the test split's."""
    known = split == "test" and drawn is not None
    return Figure(split, name, value, " %", *((drawn, BOOTSTRAP) if known else ()))


def _splits(metrics: Metrics, quantity: str) -> list[str]:
    """Return the splits that a quantity was measured on: validation, test, then others by name."""
    found = [key.removeprefix(f"{quantity}.") for key in metrics if key.startswith(f"{quantity}.")]
    return sorted(found, key=lambda split: (split != "validation", split != "test", split))


_FIGURES: dict[str, Callable[[Metrics, Path], Iterator[Figure]]] = {
    "language_model": _of_language_model,
    "ner": _of_tagger,
    "sentiment": _of_classifier,
}
