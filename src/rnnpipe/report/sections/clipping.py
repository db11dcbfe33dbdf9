"""What clipping does at a high learning rate: loss and gradient norm step by step, with it and without."""

from __future__ import annotations

import math
from typing import Literal

from rnnpipe.report.blocks import Figure
from rnnpipe.report.read.clipping import KINDS, Clipping, Kind
from rnnpipe.report.read.measurements import Measurements
from rnnpipe.report.svg.lines import Line, line_chart

COLOURS: dict[Kind, str] = {"clipped": "c0", "unclipped": "c3"}


def clipping_figures(measurements: Measurements) -> list[Figure]:
    """Return two figures for each entry of the section `clipping` that was measured."""
    measured = [clipping for entry in measurements.clipping if (clipping := Clipping(entry)).measured]
    return [figure for clipping in measured for figure in (_figure(clipping, "loss", 1), _figure(clipping, "norm", 2))]


def _figure(clipping: Clipping, what: Literal["loss", "norm"], column: int) -> Figure:
    lines, named = [], set()
    for (kind, seed), points in clipping.curves.items():
        curve = tuple((float(point[0]), point[column]) for point in points if math.isfinite(point[column]))
        lines.append(Line(curve, COLOURS[kind], f"{KINDS[kind]}, seed {seed}", "" if kind in named else KINDS[kind]))
        named.add(kind)
    bound = clipping.run.parameter("optimizer.clip")
    label = "loss (nats a word)" if what == "loss" else "norm of the gradient before clipping"
    svg = line_chart(lines, "step", label, logarithmic=True, rule=None if what == "loss" else (bound, "clipped to"))
    told = "; ".join(f"{words}: {clipping.told(kind)}" for kind, words in KINDS.items())
    caption = {
        "loss": f"A line for each seed; one that breaks off has diverged. {told.capitalize()}.",
        "norm": f"The same trainings, at a learning rate of {clipping.run.parameter('optimizer.learning_rate'):g}.",
    }[what]
    title = f"Clipping: {what} by step ({clipping.run.name})"
    return Figure(title=title, svg=svg, caption=caption, claims=("exploding",))
