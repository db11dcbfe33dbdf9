"""State tracking: how many of the states each cell tells, on texts as long as in training and on longer ones."""

from rnnpipe.report.blocks import Block, Figure, PageSection, Table
from rnnpipe.report.read.groups import format_number
from rnnpipe.report.read.measurements import Measurements
from rnnpipe.report.read.state_tracking import BEYOND, WITHIN, Problem, problems
from rnnpipe.report.sections.columns import Column, best_cells
from rnnpipe.report.svg.rows import Row, dot_chart

NAMES = {"parity": "whether the ones so far are odd", "s3": "the order of three cups after each move"}


def section(measurements: Measurements) -> PageSection:
    """Return a figure for each corpus, and one table of all."""
    found = problems(measurements)
    blocks: list[Block] = [_figure(problem) for problem in found]
    lead = (
        "After each symbol the network tells the state of a small automaton. One wrong step spoils all that follow, so on texts "
        "longer than those of training only a network that carries the state from step to step is right. A cell whose gates see "
        "the input alone adds up what it read, and cannot."
    )
    return PageSection("state_tracking", "State tracking", lead, (*blocks, _table(found)) if found else ())


def _figure(problem: Problem) -> Figure:
    ordered = sorted(problem.trackers, key=lambda tracker: -tracker.beyond.mean)
    rows = [
        Row(
            tracker.label,
            tracker.beyond.mean,
            format_number(tracker.beyond.mean, 1),
            tracker.beyond.deviation,
            tracker.within.mean if tracker.within else None,
        )
        for tracker in ordered
    ]
    longest, longer = problem.settings.longest, problem.settings.longer
    caption = (
        f"{problem.corpus}: {NAMES[problem.settings.problem]}. Dots: texts of {longer} symbols; rings: of up to {longest}, as in "
        "training; dotted: guessing. Mean and standard deviation over the seeds."
    )
    return Figure(
        title=f"States told on {problem.corpus}",
        svg=dot_chart(rows, f"states told on {longer} symbols (%)", [(problem.guessing, "guessing")]),
        caption=caption,
        claims=("state-tracking",),
    )


def _table(found: tuple[Problem, ...]) -> Table:
    trackers = [(problem, tracker) for problem in found for tracker in problem.trackers]
    groups, corpora = [tracker.group for _, tracker in trackers], [problem.corpus for problem, _ in trackers]
    figures = [
        Column(WITHIN, "as long as in training", 1, higher=True),
        Column(BEYOND, "longer", 1, higher=True),
        Column("parameters", "parameters", 0),
    ]
    rows = tuple(
        (problem.corpus, tracker.label, *(column.text(tracker.group) for column in figures)) for problem, tracker in trackers
    )
    lengths = "; ".join(f"{problem.corpus}: up to {problem.settings.longest}, {problem.settings.longer}" for problem in found)
    return Table(
        title="States told by cell",
        headings=("corpus", "cell", *(column.heading for column in figures)),
        rows=rows,
        numbers=frozenset((2, 3, 4)),
        best=best_cells(groups, figures, 2, corpora),
        caption=f"Percent of the states: mean ± standard deviation over the seeds. Symbols of a text: {lengths}. Bold: the best.",
        claims=("state-tracking",),
        wide=False,
    )
