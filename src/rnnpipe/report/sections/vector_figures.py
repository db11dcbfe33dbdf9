"""Drawings of word vectors: losses, the lecture's table of features, the map."""

from __future__ import annotations

from collections.abc import Sequence

from rnnpipe.report.blocks import Figure, LegendEntry
from rnnpipe.report.read.measurements import Measured, Measurements
from rnnpipe.report.read.word_vectors import loss_name
from rnnpipe.report.svg.charts import COLOURS, Line, line_chart
from rnnpipe.report.svg.words import FeatureCell, heat_map, word_map

LOSSES = {
    "glove": "Mean of f(x) (e · w + b + b′ − log x)² / 2 over all pairs that were counted; f is each run's own.",
    "word2vec": "Negative log-likelihood in nats for each word that subsampling kept, summed over its contexts and negatives.",
    "window": "Mean negative log-likelihood of a target, in nats, before its own update.",
}
"""Section of params.yaml → what its loss is."""

LECTURE_ORDER = ("gender", "royalty", "age", "edible")
"""Rows of the lecture's table; any other feature stands below them."""


def losses(measurements: Measurements) -> list[Figure]:
    """Return a figure for each kind of loss; those of different kinds cannot be compared."""
    families: dict[str, list[Measured]] = {}
    for entry in measurements.embeddings:
        if entry.history and entry.section in LOSSES:
            families.setdefault(loss_name(entry), []).append(entry)
    return [_losses(name, entries) for name, entries in families.items()]


def features(entry: Measured) -> Figure | None:
    """Return the lecture's words by the features that their vectors tell; None where that was not asked."""
    rows = entry.rows("features.csv")
    if not rows:
        return None
    found = dict.fromkeys(row["feature"] for row in rows)
    names = [name for name in LECTURE_ORDER if name in found] + [name for name in found if name not in LECTURE_ORDER]
    words = list(dict.fromkeys(row["word"] for row in rows))
    cells = {
        (row["feature"], row["word"]): FeatureCell(float(row["predicted"]), float(row["known"]))
        for row in rows
        if row["predicted"] and row["known"]
    }
    caption = "Colour and number: predicted by ridge regression from the vectors of all other words. In brackets: what is known."
    return Figure(heat_map(words, names, cells), f"Features in {entry.name}", caption=caption)


def plane(entry: Measured) -> Figure | None:
    """Return the map of an embedding; None where there is none."""
    points = [(row["word"], float(row["x"]), float(row["y"])) for row in entry.rows("map.csv")]
    if not points:
        return None
    caption = "The two largest principal components. Words that mean similar things should stand together."
    return Figure(word_map(points), f"Map of {entry.name}", caption=caption)


def _losses(name: str, entries: Sequence[Measured]) -> Figure:
    lines, legend = [], []
    for index, entry in enumerate(entries):
        colour = f"c{index % COLOURS}"
        lines.append(Line(entry.curve("loss"), colour, entry.name, dots=True))
        legend.append(LegendEntry(colour, entry.name))
    return Figure(line_chart(lines, "epoch", "loss"), f"Loss of {name}", tuple(legend), LOSSES[entries[0].section])
