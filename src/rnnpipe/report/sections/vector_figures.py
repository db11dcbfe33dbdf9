"""One embedding at a time: its loss, the lecture's table of features, the map, which words are near."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rnnpipe.report.blocks import Figure, Table
from rnnpipe.report.read.groups import format_number
from rnnpipe.report.read.measurements import Measured, Measurements
from rnnpipe.report.read.word_vectors import final_loss, loss_name
from rnnpipe.report.svg.canvas import COLOURS
from rnnpipe.report.svg.lines import Line, line_chart
from rnnpipe.report.svg.words import FeatureCell, heat_map, word_map

LOSSES = {
    "glove": "Mean of f(x) (e · w + b + b′ − log x)² / 2 over all pairs that were counted; f is each run's own.",
    "word2vec": "Negative log-likelihood in nats for each word that subsampling kept, summed over its contexts and negatives.",
    "window": "Mean negative log-likelihood of a target, in nats, before its own update.",
}
"""Section of params.yaml → what its loss is."""
CLAIMS = {"word2vec": ("skip-gram",), "glove": ("glove",), "window": ("context-choice",)}
"""Section of params.yaml → the claim about it."""

NEIGHBOURS = 5
"""Words that stand beside each."""

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
    caption = f"{_misses(cells)} Told by ridge regression from the vectors of all other words; in brackets: what is known."
    svg = heat_map(words, names, cells)
    return Figure(title=f"Features in {entry.name}", svg=svg, caption=caption.strip(), claims=("features",))


def _misses(cells: Mapping[tuple[str, str], FeatureCell]) -> str:
    """Say how far the predictions are off, and where most."""
    if not cells:
        return ""
    misses = {pair: abs(cell.predicted - cell.known) for pair, cell in cells.items()}
    (feature, word), miss = max(misses.items(), key=lambda pair: pair[1])
    mean = sum(misses.values()) / len(misses)
    return f"Off by {format_number(mean, 2)} on average, most at {feature} of {word} ({format_number(miss, 2)})."


def plane(entry: Measured) -> Figure | None:
    """Return the map of an embedding; None where there is none."""
    points = [(row["word"], float(row["x"]), float(row["y"])) for row in entry.rows("map.csv")]
    if not points:
        return None
    caption = f"{_nearest(entry)} The plane of the two largest principal components."
    return Figure(title=f"Map of {entry.name}", svg=word_map(points), caption=caption.strip(), claims=claims_of(entry))


def neighbours(entry: Measured) -> Table | None:
    """Return the nearest words of those that were asked about; None where none was."""
    rows = [row for row in entry.rows("neighbours.csv") if int(row["rank"]) <= NEIGHBOURS]
    if not rows:
        return None
    words: dict[str, list[str]] = {}
    for row in rows:
        words.setdefault(row["word"], []).append(f"{row['neighbour']} {float(row['cosine']):.2f}")
    nearest = max(rows, key=lambda row: float(row["cosine"]))
    alone = min((row for row in rows if row["rank"] == "1"), key=lambda row: float(row["cosine"]), default=nearest)
    return Table(
        title=f"Neighbours in {entry.name}",
        headings=("word", "nearest words and their cosine"),
        rows=tuple((word, ", ".join(near)) for word, near in words.items()),
        caption=f"Most alike are {nearest['word']} and {nearest['neighbour']}; {alone['word']} stands most alone.",
        claims=claims_of(entry),
        wide=False,
    )


def claims_of(entry: Measured) -> tuple[str, ...]:
    """Return the claims that rest on how an embedding was made."""
    return CLAIMS.get(entry.section, ())


def _nearest(entry: Measured) -> str:
    """Say which word is nearest to the first, a middle and the last one that were asked about."""
    nearest = {row["word"]: row for row in entry.rows("neighbours.csv") if row["rank"] == "1"}
    words = list(nearest)
    asked = dict.fromkeys((words[0], words[len(words) // 2], words[-1])) if words else {}
    said = [f"{word}: {nearest[word]['neighbour']} ({float(nearest[word]['cosine']):.2f})" for word in asked]
    return f"Nearest by cosine to {', to '.join(said)}." if said else ""


def _losses(name: str, entries: Sequence[Measured]) -> Figure:
    lines = [
        Line(entry.curve("loss"), f"c{index}" if index < COLOURS else "other", entry.name, entry.name if index < COLOURS else "")
        for index, entry in enumerate(entries)
    ]
    ends = [f"{entry.name} {format_number(loss, 2)}" for entry in entries if (loss := final_loss(entry)) is not None]
    svg, caption = line_chart(lines, "epoch", "loss"), f"At the end: {', '.join(ends)}. {LOSSES[entries[0].section]}"
    return Figure(title=f"Loss of {name}", svg=svg, caption=caption, claims=("glove",) if entries[0].section == "glove" else ())
