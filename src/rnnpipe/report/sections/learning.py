"""Learning curves: loss against epoch."""

import math

from rnnpipe.report.blocks import Figure, LegendEntry, Section
from rnnpipe.report.charts import COLOURS, Line, line_chart
from rnnpipe.report.measurements import Measured, Measurements, Row
from rnnpipe.report.scores import SCORES, TASK_NAMES


def section(measurements: Measurements) -> Section:
    """Return a figure for each task and corpus that has histories."""
    figures = []
    for task in SCORES:
        corpora: dict[str, list[Measured]] = {}
        for run in measurements.of(task):
            if run.history:
                corpora.setdefault(str(run.parameter("corpus")), []).append(run)
        figures += [_figure(f"{TASK_NAMES[task]}: {corpus}", runs) for corpus, runs in corpora.items()]
    lead = (
        "Mean cross-entropy after each epoch, in nats: validation solid, training dashed. "
        "A gap that opens between the two is overfitting. The weights of the lowest validation loss are the ones kept."
    )
    return Section("learning", "Learning curves", lead, tuple(figures))


def _figure(title: str, runs: list[Measured]) -> Figure:
    lines, legend = [], []
    for index, run in enumerate(runs):
        colour = f"c{index % COLOURS}"
        lines.append(Line(curve(run.history, "train_loss"), colour, f"{run.name}, training", faint=True, dashed=True))
        lines.append(Line(curve(run.history, "val_loss"), colour, f"{run.name}, validation", dots=True))
        legend.append(LegendEntry(colour, run.name))
    return Figure(line_chart(lines, "epoch", "loss (nats)"), title, tuple(legend))


def curve(history: tuple[Row, ...], column: str) -> tuple[tuple[float, float], ...]:
    """Return (epoch, value) of one column of a history, empty and infinite cells left out."""
    points = [(float(row["epoch"]), float(row[column])) for row in history if row.get(column)]
    return tuple((epoch, value) for epoch, value in points if math.isfinite(value))
