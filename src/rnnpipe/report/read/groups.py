"""Runs that differ only in their seed are one group: mean, spread, and which of several groups did best on validation."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from rnnpipe.common.tables import Row
from rnnpipe.report.blocks import MISSING
from rnnpipe.report.read.measurements import Measured, Measurements


@dataclass(frozen=True)
class Spread:
    """Mean and sample standard deviation of one figure over a group of runs."""

    values: tuple[float, ...]

    @property
    def mean(self) -> float:
        """The arithmetic mean."""
        return math.fsum(self.values) / len(self.values)

    @property
    def deviation(self) -> float:
        """Sample standard deviation (n − 1); 0 for one value."""
        if len(self.values) < 2:
            return 0.0
        return math.sqrt(math.fsum((value - self.mean) ** 2 for value in self.values) / (len(self.values) - 1))

    @property
    def error(self) -> float:
        """Standard error of the mean."""
        return self.deviation / math.sqrt(len(self.values))

    def text(self, digits: int = 1, unit: str = "", count: bool = True) -> str:
        """Write `83.1 ± 0.4 % (3)`, or `83.1 %` for one run; the number of runs only if `count`."""
        mean = format_number(self.mean, digits)
        if len(self.values) == 1:
            return f"{mean}{unit}"
        return f"{mean} ± {format_number(self.deviation, digits)}{unit}" + (f" ({len(self.values)})" if count else "")


@dataclass(frozen=True)
class Group:
    """Runs of one section that differ in nothing but the seed."""

    runs: tuple[Measured, ...]

    @property
    def first(self) -> Measured:
        """The run that stands first in params.yaml, whose parameters speak for all but the seed."""
        return self.runs[0]

    @property
    def name(self) -> str:
        """Name of the first run; `, …` says that there are more."""
        return self.first.name + (", …" if len(self.runs) > 1 else "")

    def spread(self, key: str) -> Spread | None:
        """Return the figure at a dotted path into the metrics over all runs that have it; None if none has."""
        values = tuple(value for run in self.runs if (value := run.number(key)) is not None)
        return Spread(values) if values else None

    def text(self, key: str, digits: int = 1) -> str:
        """Write the figure with its spread, or a dash where it was not measured."""
        spread = self.spread(key)
        return spread.text(digits) if spread else MISSING


def format_number(value: float, digits: int) -> str:
    """Write a number with a fixed number of decimals, a true minus sign (none before 0.00), and `∞` or `NaN` in words."""
    if not math.isfinite(value):
        return "NaN" if math.isnan(value) else "∞" if value > 0 else "−∞"
    return f"{value:z.{digits}f}".replace("-", "−")


def spread_of(rows: Iterable[Row], column: str) -> Spread | None:
    """Return the spread of a column over rows that differ in their seed, empty cells left out; None if all are empty."""
    values = tuple(float(row[column]) for row in rows if row.get(column))
    return Spread(values) if values else None


def group_runs(runs: Iterable[Measured]) -> tuple[Group, ...]:
    """Put runs together that differ only in `seed`; groups stand in the order of their first runs."""
    groups: dict[Any, list[Measured]] = {}
    for run in runs:
        groups.setdefault(_signature(run, ("seed",)), []).append(run)
    return tuple(Group(tuple(members)) for members in groups.values())


def pairs_differing_in(groups: Iterable[Group], field: str, *free: str) -> tuple[tuple[Group, ...], ...]:
    """Return families of groups that are alike in all parameters but `field`, and differ there.

    Parameters
    ----------
    groups : iterable of Group
        Of one section or several.
    field : str
        The parameter that is compared.
    *free : str
        Parameters that may differ along with it.
    """
    families: dict[Any, list[Group]] = {}
    for group in groups:
        if hasattr(group.first.parameters, field):
            families.setdefault(_signature(group.first, ("seed", field, *free)), []).append(group)
    differing = (tuple(family) for family in families.values())
    return tuple(family for family in differing if len({repr(group.first.parameter(field)) for group in family}) > 1)


def _signature(run: Measured, left_out: tuple[str, ...]) -> tuple[str, str]:
    return run.section, run.parameters.model_dump_json(exclude=set(left_out))


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


def best_group(groups: Sequence[Group]) -> Group | None:
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
