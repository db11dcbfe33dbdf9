"""The one figure that runs of a task are compared by, and which of several runs speaks for its kind."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from rnnpipe.report.groups import Group, Spread
from rnnpipe.report.measurements import Measured, Measurements


@dataclass(frozen=True)
class Score:
    """A key of metrics.json, its name and unit, its decimals."""

    key: str
    label: str
    digits: int
    unit: str = ""


SCORES: dict[str, Score] = {
    "language_model": Score("perplexity.test", "perplexity", 2),
    "sentiment": Score("accuracy.test", "accuracy", 1, " %"),
    "ner": Score("f1.test", "span F1", 1),
}
TASK_NAMES = {"language_model": "Language models", "sentiment": "Sentiment", "ner": "Named entities", "long_term": "Long term"}


def validation_loss(run: Measured) -> float:
    """Return the lowest validation loss of a run's history; infinite where there is none."""
    losses = [float(row["val_loss"]) for row in run.history if row.get("val_loss")]
    return min((loss for loss in losses if math.isfinite(loss)), default=math.inf)


def strongest(groups: Sequence[Group]) -> Group | None:
    """Return the group with the lowest mean validation loss, so that no choice is made on the test split; None of none."""
    return min(groups, key=lambda group: Spread(tuple(map(validation_loss, group.runs))).mean, default=None)


def by_corpus(groups: Sequence[Group]) -> dict[str, list[Group]]:
    """Return corpus → its groups, in the order of params.yaml."""
    corpora: dict[str, list[Group]] = {}
    for group in groups:
        corpora.setdefault(str(group.first.parameter("corpus")), []).append(group)
    return corpora


def of_cell(groups: Sequence[Group], *cells: str) -> list[Group]:
    """Return the groups whose cell is one of `cells`."""
    return [group for group in groups if group.first.parameter("cell") in cells]


def is_sample(measurements: Measurements, group: Group) -> bool:
    """Tell whether the corpus of a group comes from a grammar, whose truth is known."""
    return group.first.parameter("corpus") in measurements.params.grammars
