"""Runs that differ only in their seed are one group: mean, spread, and which of several groups did best on validation."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rnnpipe.common.tables import Row, flatten
from rnnpipe.models.history import best_row
from rnnpipe.params import Run, Selection, TuneGrammar
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


def families_but_for(groups: Iterable[Group], path: str, *free: str) -> tuple[tuple[Group, ...], ...]:
    """Return families of groups that are alike in all parameters but one; a family may have a single member.

    Parameters
    ----------
    groups : iterable of Group
        Of one section or several; those that have no such parameter are left out.
    path : str
        Dotted path to the parameter that is compared, `network.cell` say.
    *free : str
        Dotted paths to parameters that may differ along with it.
    """
    families: dict[Any, list[Group]] = {}
    for group in groups:
        if path in flatten(group.first.parameters.model_dump()):
            families.setdefault(_signature(group.first, ("seed", path, *free)), []).append(group)
    return tuple(tuple(family) for family in families.values())


def pairs_differing_in(groups: Iterable[Group], path: str, *free: str) -> tuple[tuple[Group, ...], ...]:
    """Return those families of `families_but_for` whose members do differ there."""
    families = families_but_for(groups, path, *free)
    return tuple(family for family in families if len({repr(group.first.parameter(path)) for group in family}) > 1)


def best_group(groups: Sequence[Group]) -> Group | None:
    """Return the best of several groups of networks by their validation score, mean over the seeds; None of none.

    The score is that by which their epoch was chosen (`selection` of the run), so that no choice is made on the test split.
    """
    return max(groups, key=_validation_score, default=None)


def kept_row(run: Measured) -> Mapping[str, float] | None:
    """Return the row of the history whose weights were kept; None without a history, and of a baseline."""
    return best_row(run.history, run.parameters.selected_by) if isinstance(run.parameters, Run) else None


def kept_epochs(group: Group) -> list[int]:
    """Return the epoch that was kept of each run of a group, each once, in order; none without histories."""
    rows = (kept_row(run) for run in group.runs)
    return sorted({round(row["epoch"]) for row in rows if row})


def default_selection(kind: type[Run]) -> Selection:
    """Return the validation score that a task's runs are compared by."""
    metric = kind.model_fields["selection"].default
    return Selection(metric, kind.directions[metric])


def selection_label(kind: type[Run]) -> str:
    """Return that score as the report calls it."""
    metric = default_selection(kind).metric
    return kind.score.label if kind.score.key == f"{metric}.test" else metric


def by_corpus(groups: Iterable[Group]) -> dict[str, list[Group]]:
    """Return corpus → its groups, in the order of params.yaml."""
    corpora: dict[str, list[Group]] = {}
    for group in groups:
        corpora.setdefault(str(group.first.parameter("corpus")), []).append(group)
    return corpora


def of_cell(groups: Iterable[Group], *cells: str) -> list[Group]:
    """Return the groups whose cell is one of `cells`."""
    return [group for group in groups if group.first.parameter("network.cell") in cells]


def is_sample(measurements: Measurements, group: Group) -> bool:
    """Tell whether the corpus of a group comes from a grammar, whose truth is known."""
    return group.first.parameter("corpus") in measurements.params.grammars


def writes_tunes(measurements: Measurements, run: Measured) -> bool:
    """Tell whether a run draws from a language of tunes."""
    return isinstance(measurements.params.grammars.get(run.parameter("corpus")), TuneGrammar)


def _validation_score(group: Group) -> float:
    return Spread(tuple(map(_score_of_kept_epoch, group.runs))).mean


def _score_of_kept_epoch(run: Measured) -> float:
    """Return the task's validation score at the epoch that was kept, turned so that more is better; −∞ without a history.

    A run may choose its epoch by another score than its task's (`selection`); runs are compared by that of the task.
    """
    if not isinstance(run.parameters, Run):
        return -math.inf
    task = default_selection(type(run.parameters))
    kept = kept_row(run)
    score = kept.get(task.column, math.nan) if kept else math.nan
    if math.isnan(score):
        return -math.inf
    return score if task.higher_is_better else -score


def _signature(run: Measured, left_out: tuple[str, ...]) -> tuple[str, str]:
    parameters = flatten(run.parameters.model_dump(mode="json"))
    return run.section, json.dumps({path: value for path, value in parameters.items() if path not in left_out})
