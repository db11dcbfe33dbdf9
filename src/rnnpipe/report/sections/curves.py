"""Learning curves: the loss of each task and corpus, and the score that chose the epoch where it is no loss."""

from __future__ import annotations

from collections.abc import Sequence

from rnnpipe.report.blocks import Figure, PageSection
from rnnpipe.report.read.groups import (
    Group,
    best_group,
    by_corpus,
    default_selection,
    format_number,
    group_runs,
    kept_row,
    selection_label,
)
from rnnpipe.report.read.measurements import Measurements
from rnnpipe.report.svg.canvas import COLOURS
from rnnpipe.report.svg.lines import Line, line_chart


def section(measurements: Measurements) -> PageSection:
    """Return one or two figures for each task and corpus that has histories."""
    figures = []
    for task, kind in measurements.tasks.items():
        metric, label = default_selection(kind), selection_label(kind)
        trained = [run for run in measurements.of(task) if run.history]
        for corpus, groups in by_corpus(group_runs(trained)).items():
            figures.append(_curves(f"{kind.title}: loss on {corpus}", groups, "loss", "loss (nats)", higher=False))
            if metric.higher_is_better:
                title = f"{kind.title}: {label} on {corpus}"
                figures.append(_curves(title, groups, metric.metric, f"{label} (%)", higher=True))
    lead = (
        "After each epoch: validation solid, training dashed and faint. A gap that opens between the two is overfitting. A ring "
        "marks the epoch whose weights were kept, the one with the best validation score (`selection` of the run)."
    )
    return PageSection("learning", "Learning curves", lead, tuple(figures))


def _curves(title: str, groups: Sequence[Group], metric: str, label: str, higher: bool) -> Figure:
    named = _named(groups)
    lines = []
    for group in groups:
        colour = f"c{named.index(group)}" if group in named else "other"
        for run in group.runs:
            kept = kept_row(run)
            lines.append(Line(run.curve(f"train_{metric}"), colour, f"{run.name}, training", faint=True, dashed=True))
            name = group.name if group in named and run is group.first else ""
            ring = kept["epoch"] if kept else None
            hint = f"{run.name}, validation"
            lines.append(Line(run.curve(f"validation_{metric}"), colour, hint, name, faint=group not in named, ring=ring))
    return Figure(title=title, svg=line_chart(lines, "epoch", label), caption=_caption(groups, metric, higher))


def _named(groups: Sequence[Group]) -> list[Group]:
    """Return as many groups as there are colours, the best by validation; the others stay grey behind them."""
    rest = list(groups)
    best = [rest.pop(rest.index(found)) for _ in range(COLOURS) if (found := best_group(rest))]
    return [group for group in groups if group in best]


def _caption(groups: Sequence[Group], metric: str, higher: bool) -> str:
    column = f"validation_{metric}"
    kept = [(run, row) for group in groups for run in group.runs if (row := kept_row(run)) and column in row]
    if not kept:
        return ""
    run, row = (max if higher else min)(kept, key=lambda pair: pair[1][column])
    last = run.history[-1]["epoch"]
    unit, digits = (" %", 1) if higher else (" nats", 3)
    named = len(_named(groups))
    grey = f" The {named} best of {len(groups)} have names, the others are grey." if len(groups) > named else ""
    best, value = "Highest" if higher else "Lowest", f"{format_number(row[column], digits)}{unit}"
    return f"{best} where it was kept: {run.name}, {value} in epoch {row['epoch']:g} of {last:g}.{grey}"
