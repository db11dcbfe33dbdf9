"""The softmax over all words and its cheaper stand-ins: what a pair costs, which words are drawn, what the vectors know."""

from __future__ import annotations

import math

from rnnpipe.report.blocks import MISSING, Block, Figure, PageSection, Table
from rnnpipe.report.read.groups import Spread, format_number
from rnnpipe.report.read.measurements import Measurements
from rnnpipe.report.read.word_vectors import LAYERS, Draw, SoftmaxReport, format_cost
from rnnpipe.report.svg.canvas import COLOURS
from rnnpipe.report.svg.lines import Line, line_chart

LAYER_COLOURS = {"full": "c3", "hierarchical": "c0", "negative": "c2"}
COSTS = (("rows_per_pair", "rows"), ("multiplications_per_pair", "multiplications"))
"""Columns of cost.csv with their headings."""
LAYER_NAMES = {"full": "full", "hierarchical": "hierarchical", "negative": "negatives"}
"""Short enough for the end of a curve."""
MOST_POINTS = 200
"""Words that are drawn for each exponent, evenly along the logarithm of their rank; more would hide each other."""


def section(measurements: Measurements) -> PageSection:
    """Return cost, drawn words and scores of each measured entry."""
    blocks: list[Block | None] = []
    for softmax in map(SoftmaxReport, measurements.softmax):
        blocks += [_costs(softmax), _cost_figure(softmax), _frequencies(softmax), _scores(softmax)]
    lead = (
        "To predict a word, the full softmax sums over all V words; the hierarchical one decides at each node on the way down a "
        "Huffman tree; negative sampling tells the word from J drawn ones. Cost is counted in rows of the output matrix that one "
        "training pair reads and updates, since times are no pure function of the inputs."
    )
    return PageSection("softmax", "Softmax and its stand-ins", lead, tuple(block for block in blocks if block))


def _costs(softmax: SoftmaxReport) -> Table | None:
    columns = [(layer, column, name) for column, name in COSTS for layer in LAYERS if softmax.cost(layer, column)]
    rows = []
    for size in softmax.sizes:
        costs = (softmax.cost(layer, column).get(size) for layer, column, _ in columns)
        shown = (format_cost(cost) if cost is not None else MISSING for cost in costs)
        rows.append((f"{size:,}", format_number(math.log2(size), 1), *shown))
    headings = ("V", "log₂ V", *(f"{LAYERS[layer]}, {name}" for layer, _, name in columns))
    if not rows:
        return None
    return Table(
        title=f"Cost of one training pair ({softmax.run.name})",
        headings=headings,
        rows=tuple(rows),
        numbers=frozenset(range(len(headings))),
        caption="Rows of the output matrix that are read and updated, and the multiplications that this takes.",
        claims=("softmax-cost",),
    )


def _cost_figure(softmax: SoftmaxReport) -> Figure | None:
    drawn = [(layer, tuple((float(size), rows) for size, rows in softmax.cost(layer).items())) for layer in LAYERS]
    lines = [
        Line(points, LAYER_COLOURS[layer], LAYERS[layer], LAYER_NAMES[layer], dots=True) for layer, points in drawn if points
    ]
    if not lines:
        return None
    svg = line_chart(lines, "words of the vocabulary V", "rows for one pair", logarithmic=True, logarithmic_x=True)
    largest = max(softmax.sizes)
    costs = [f"{LAYERS[layer]} {format_cost(points[-1][1])}" for layer, points in drawn if points]
    caption = (
        f"At {largest:,} words a pair touches {_and(costs)} rows. Both axes are logarithmic: what grows like V rises with the "
        "diagonal, and what is constant is level."
    )
    title = f"Cost by size of the vocabulary ({softmax.run.name})"
    return Figure(title=title, svg=svg, caption=caption, claims=("softmax-cost",))


def _frequencies(softmax: SoftmaxReport) -> Figure | None:
    exponents = sorted({draw.exponent for draw in softmax.draws})
    lines = []
    for index, exponent in enumerate(exponents):
        colour = f"c{index % COLOURS}"
        ranked = _ranked([draw for draw in softmax.draws if draw.exponent == exponent])
        expected = tuple((float(rank), draw.expected) for rank, draw in ranked)
        drawn = tuple((float(rank), draw.drawn) for rank, draw in ranked)
        lines += [Line(expected, colour, f"exponent {exponent:g}, expected", f"P(w)^{exponent:g}", faint=True)]
        lines += [Line(drawn, colour, f"exponent {exponent:g}, drawn", joined=False)]
    if not lines:
        return None
    svg = line_chart(lines, "rank of the word", "times drawn", logarithmic=True, logarithmic_x=True)
    title = f"Negatives drawn ({softmax.run.name})"
    return Figure(title=title, svg=svg, caption=_test(softmax), claims=("negative-sampling",))


def _ranked(draws: list[Draw]) -> list[tuple[int, Draw]]:
    """Return words with their rank by expected count, thinned out towards the rare ones."""
    ranked = sorted(draws, key=lambda draw: -draw.expected)
    spacing = len(ranked) ** (1 / (MOST_POINTS - 1))
    ranks = sorted({min(len(ranked), round(spacing**step)) for step in range(MOST_POINTS)})
    return [(rank, ranked[rank - 1]) for rank in ranks]


def _test(softmax: SoftmaxReport) -> str:
    p, chi_square, degrees = (softmax.run.number(f"frequencies.{key}") for key in ("p_value", "chi_square", "degrees"))
    caption = "Dots: drawn. Lines: what the formula expects."
    if p is None or chi_square is None or degrees is None:
        return caption
    return f"{caption} χ² = {format_number(chi_square, 1)} at {degrees:.0f} degrees of freedom: p = {p:.3g}."


def _scores(softmax: SoftmaxReport) -> Table | None:
    rows = tuple(
        (str(score.negative), f"{score.exponent:g}", _figure(score.analogies, 1), _figure(score.spearman, 3))
        for score in softmax.scores
    )
    headings = ("negatives J", "exponent", "analogies %", "similarity ρ")
    if not rows:
        return None
    return Table(
        title=f"Vectors by J and by exponent ({softmax.run.name})",
        headings=headings,
        rows=rows,
        numbers=frozenset(range(4)),
        caption="Mean ± standard deviation (seeds).",
        claims=("negative-sampling",),
        wide=False,
    )


def _figure(spread: Spread | None, digits: int) -> str:
    return spread.text(digits) if spread else MISSING


def _and(parts: list[str]) -> str:
    return " and ".join([", ".join(parts[:-1]), parts[-1]]) if len(parts) > 1 else "".join(parts)
