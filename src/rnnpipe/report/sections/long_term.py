"""How far back each cell remembers: agreement by distance, and how gradients fade."""

from collections.abc import Iterable, Sequence

from rnnpipe.report.blocks import MISSING, Block, Figure, PageSection, Table
from rnnpipe.report.read.groups import Spread, format_number
from rnnpipe.report.read.long_term import Sweep, sweeps, trainings
from rnnpipe.report.read.measurements import Measurements
from rnnpipe.report.sections.clipping import clipping_figures
from rnnpipe.report.sections.columns import best_rows
from rnnpipe.report.svg.lines import Line, line_chart

STEPS = 20
"""Steps back at which the caption compares gradients."""
CELL_COLOURS = {
    "rnn": "c3",
    "gru_simple": "c1",
    "gru": "c2",
    "lstm": "c0",
    "gru_fused": "c4",
    "mingru": "c5",
    "slstm": "c6",
    "rglru": "c7",
    "mogrifier": "c8",
}
OTHER_COLOUR = "other"
"""Of a cell of one's own."""


def section(measurements: Measurements) -> PageSection:
    """Return the curves of all sweeps and their table; then what more training brings, where that was tried."""
    measured = [sweep for sweep in sweeps(measurements) if sweep.points]
    longer = [family for family in trainings(measurements) if len(family) > 1 and all(sweep.points for sweep in family)]
    blocks: list[Block | None] = [_agreement(measured), _gradients(measured), _table(measured)] if measured else []
    if longer:
        distance = measurements.params.report.claims.long_distance
        blocks += [_training_figure(longer, distance), _training_table(longer, distance)]
    blocks += clipping_figures(measurements)
    lead = (
        "A verb must agree with a noun that stands so many words before it. Each cell is trained at the same learning rates with "
        "the same seeds; the rate that does best on the validation split is chosen, and all others are shown faintly behind it. "
        "Agreement is learned by a jump: a network either holds on to the noun or guesses (50 %)."
    )
    return PageSection("long_term", "Long term dependency", lead, tuple(block for block in blocks if block))


def _agreement(measured: Sequence[Sweep]) -> Figure:
    lines = []
    for sweep in measured:
        colour, dashed = CELL_COLOURS.get(sweep.cell, OTHER_COLOUR), sweep.label != sweep.cell
        for rate, seed in sorted({(point.rate, point.seed) for point in sweep.points}):
            hint = f"{sweep.label}, rate {rate:g}, seed {seed}"
            lines.append(Line(sweep.curve(rate, seed), colour, hint, faint=True, dashed=dashed))
        hint = f"{sweep.label}, mean at the chosen rate"
        lines.append(Line(sweep.mean_curve(), colour, hint, sweep.label, dashed=dashed, dots=True))
    lowest = min([40.0, *(point.accuracy - 2 for sweep in measured for point in sweep.points)])
    svg = line_chart(
        lines, "words between noun and verb", "correct verb preferred (%)", y_range=(lowest, 102), rule=(50.0, "chance")
    )
    longest = max(sweep.longest for sweep in measured)
    reached = _listed((sweep.label, sweep.chosen(longest, longest)) for sweep in measured)
    caption = f"Over {longest} words: {reached}. Bold: mean over the seeds at the chosen rate; faint: every rate and seed."
    return Figure(title="Agreement by distance", svg=svg, caption=caption, claims=("long-term", "gru-lstm-quality"))


def _listed(found: Iterable[tuple[str, Spread | None]]) -> str:
    return ", ".join(f"{name} {format_number(spread.mean, 1)} %" for name, spread in found if spread)


def _gradients(measured: Sequence[Sweep]) -> Figure | None:
    drawn = [sweep for sweep in measured if sweep.gradients]
    if not drawn:
        return None
    lines, kept = [], []
    for sweep in drawn:
        colour, dashed = CELL_COLOURS.get(sweep.cell, OTHER_COLOUR), sweep.label != sweep.cell
        before, after = tuple(sweep.untrained_gradients.items()), tuple(sweep.gradients.items())
        lines.append(Line(after, colour, f"{sweep.label}, after training", faint=True, dashed=True))
        lines.append(Line(before, colour, f"{sweep.label}, before training", sweep.label, dashed=dashed))
        kept.append(f"{sweep.label} 1 / {_factor(sweep.untrained_gradients)}")
    svg = line_chart(lines, "steps back k", "‖∂ loss(t) / ∂ x(t − k)‖", logarithmic=True)
    caption = (
        f"What is left {STEPS} steps back of the norm at the word itself, when training starts: {', '.join(kept)}. Solid: before "
        "training; faint: after it. On this axis a straight line loses the same factor at each step."
    )
    return Figure(title="Gradient norm by steps back", svg=svg, caption=caption, claims=("vanishing",))


def _factor(norms: dict[int, float]) -> str:
    """Write by which factor a norm has fallen `STEPS` back."""
    first, last = norms.get(0), norms.get(STEPS)
    return f"{first / last:,.0f}" if first and last else MISSING


def _table(measured: Sequence[Sweep]) -> Table:
    distances = sorted({distance for sweep in measured for distance in sweep.distances})
    cells = [[sweep.chosen(distance, distance) for distance in distances] for sweep in measured]
    rows = tuple((sweep.label, _rates(sweep), *map(_cell, spreads)) for sweep, spreads in zip(measured, cells, strict=True))
    headings = ("cell", "chosen rate", *(str(distance) for distance in distances))
    caption = "Percent, by words between noun and verb: mean ± standard deviation over the seeds. Bold: the best at a distance."
    return Table(
        title="Agreement by cell and distance",
        headings=headings,
        rows=rows,
        numbers=frozenset(range(1, len(headings))),
        best=_best(cells, 2),
        caption=caption,
        claims=("long-term",),
    )


def _rates(sweep: Sweep) -> str:
    rates = sorted({point.rate for point in sweep.points if point.chosen})
    return ", ".join(f"{rate:g}" for rate in rates) or MISSING


def _cell(spread: Spread | None) -> str:
    return spread.text(1, count=False) if spread else MISSING


def _best(cells: Sequence[Sequence[Spread | None]], first: int) -> frozenset[tuple[int, int]]:
    """Return row and column of the best figures of a table whose figures begin at column `first`."""
    columns = enumerate(zip(*cells, strict=True), start=first)
    return frozenset((row, column) for column, spreads in columns for row in best_rows(dict(enumerate(spreads)), 1))


def _training_figure(families: Sequence[Sequence[Sweep]], distance: int) -> Figure:
    """Return agreement by epochs: what rises to 100 % lacked training, what stays below lacks capacity."""
    lines = []
    for family in families:
        first, reached = family[0], [(sweep.epochs, sweep.chosen(distance)) for sweep in family]
        points = tuple((float(epochs), spread.mean) for epochs, spread in reached if spread)
        dashed = first.label != first.cell
        lines.append(Line(points, CELL_COLOURS.get(first.cell, OTHER_COLOUR), first.label, first.label, dashed=dashed, dots=True))
    label = f"correct verb preferred, distance ≥ {distance} (%)"
    svg = line_chart(lines, "epochs of training", label, y_range=(40.0, 102), rule=(50.0, "chance"))
    longest = _listed((family[-1].label, family[-1].chosen(distance)) for family in families)
    caption = f"After the longest training: {longest}. The same rates and seeds for each point; mean over the seeds."
    return Figure(title="Agreement by training", svg=svg, caption=caption, claims=("long-term",))


def _training_table(families: Sequence[Sequence[Sweep]], distance: int) -> Table:
    epochs = sorted({sweep.epochs for family in families for sweep in family})
    reached = [{sweep.epochs: sweep.chosen(distance) for sweep in family} for family in families]
    cells = [[by_epochs.get(number) for number in epochs] for by_epochs in reached]
    rows = tuple((family[0].label, *map(_cell, spreads)) for family, spreads in zip(families, cells, strict=True))
    headings = ("cell", *(f"{number} epochs" for number in epochs))
    return Table(
        title=f"Agreement at {distance} words and more, by training",
        headings=headings,
        rows=rows,
        numbers=frozenset(range(1, len(headings))),
        best=_best(cells, 1),
        caption="Percent: mean ± standard deviation over the seeds, at the rate that was chosen for each number of epochs.",
        claims=("long-term",),
    )
