"""The softmax over all words and its cheaper stand-ins: what a pair costs, which words are drawn, what the vectors know."""

from __future__ import annotations

import math

from rnnpipe.report.blocks import MISSING, Block, Figure, LegendEntry, PageSection, Table
from rnnpipe.report.read.groups import Spread, format_number
from rnnpipe.report.read.measurements import Measurements
from rnnpipe.report.read.word_vectors import LAYERS, Draw, SoftmaxReport, format_cost
from rnnpipe.report.svg.charts import COLOURS, Line, line_chart

LAYER_COLOURS = {"full": "c3", "hierarchical": "c0", "negative": "c2"}
COSTS = (("rows_per_pair", "rows"), ("multiplications_per_pair", "multiplications"))
"""Columns of cost.csv with their headings."""
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
    sizes = sorted({size for layer, column, _ in columns for size in softmax.cost(layer, column)})
    rows = []
    for size in sizes:
        costs = (softmax.cost(layer, column).get(size) for layer, column, _ in columns)
        shown = (format_cost(cost) if cost is not None else MISSING for cost in costs)
        rows.append((f"{size:,}", format_number(math.log2(size), 1), *shown))
    headings = ("V", "log₂ V", *(f"{LAYERS[layer]}, {name}" for layer, _, name in columns))
    caption = f"Cost of one training pair ({softmax.run.name})"
    return Table(headings, tuple(rows), frozenset(range(len(headings))), caption=caption) if rows else None


def _cost_figure(softmax: SoftmaxReport) -> Figure | None:
    drawn = [(layer, tuple((float(size), rows) for size, rows in softmax.cost(layer).items())) for layer in LAYERS]
    lines = [Line(points, LAYER_COLOURS[layer], LAYERS[layer], dots=True) for layer, points in drawn if points]
    if not lines:
        return None
    svg = line_chart(lines, "words of the vocabulary V", "rows for one pair", logarithmic=True, logarithmic_x=True)
    caption = "Both axes are logarithmic: what grows like V rises with the diagonal, and what is constant is level."
    legend = tuple(LegendEntry(LAYER_COLOURS[layer], LAYERS[layer]) for layer, points in drawn if points)
    return Figure(svg, f"Cost by size of the vocabulary ({softmax.run.name})", legend, caption)


def _frequencies(softmax: SoftmaxReport) -> Figure | None:
    exponents = sorted({draw.exponent for draw in softmax.draws})
    lines, legend = [], []
    for index, exponent in enumerate(exponents):
        colour = f"c{index % COLOURS}"
        ranked = _ranked([draw for draw in softmax.draws if draw.exponent == exponent])
        expected = tuple((float(rank), draw.expected) for rank, draw in ranked)
        drawn = tuple((float(rank), draw.drawn) for rank, draw in ranked)
        lines += [Line(expected, colour, f"exponent {exponent:g}, expected", faint=True)]
        lines += [Line(drawn, colour, f"exponent {exponent:g}, drawn", joined=False)]
        legend.append(LegendEntry(colour, f"P(w)^{exponent:g}"))
    if not lines:
        return None
    svg = line_chart(lines, "rank of the word", "times drawn", logarithmic=True, logarithmic_x=True)
    return Figure(svg, f"Negatives drawn ({softmax.run.name})", tuple(legend), _test(softmax))


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
    caption = f"Vectors by J and by exponent ({softmax.run.name}), mean ± standard deviation (seeds)"
    return Table(headings, rows, frozenset(range(4)), caption=caption, wide=False) if rows else None


def _figure(spread: Spread | None, digits: int) -> str:
    return spread.text(digits) if spread else MISSING
