"""The claim that gates must see the state for a network to carry one."""

from rnnpipe.params import ClaimBars
from rnnpipe.report.claims import NOT_MEASURED, Verdict, join, verdict_if
from rnnpipe.report.read.groups import Spread
from rnnpipe.report.read.measurements import Measurements
from rnnpipe.report.read.state_tracking import Problem, problems

SEEING = ("rnn", "gru", "lstm", "slstm")
"""Cells whose gates, or whose only equation, see the state."""
BLIND = ("mingru", "rglru")
"""Cells whose gates see the input alone."""


def state_tracking(measurements: Measurements) -> Verdict:
    """Ask, on each corpus with cells of both kinds, that the one kind carries the state over longer texts and the other does not.

    Each seed counts: the worst of the cells that should, and the best of those that should not.
    """
    bars = measurements.params.report.claims
    judged = [verdict for problem in problems(measurements) if (verdict := _judge(problem, bars))]
    return verdict_if(all(holds for holds, _ in judged), join(figure for _, figure in judged)) if judged else NOT_MEASURED


def _judge(problem: Problem, bars: ClaimBars) -> tuple[bool, str] | None:
    seeing, blind = _values(problem, SEEING), _values(problem, BLIND)
    if not (seeing and blind):
        return None
    holds = min(seeing) >= bars.state_accuracy and min(seeing) - max(blind) >= bars.state_gap
    reached = ", ".join(f"{tracker.label} {tracker.beyond.text(1)}" for tracker in problem.trackers)
    return holds, f"{problem.corpus}, {problem.settings.longer} symbols: {reached} %; guessing: {problem.guessing:.1f} %"


def _values(problem: Problem, cells: tuple[str, ...]) -> list[float]:
    spreads: list[Spread] = [tracker.beyond for tracker in problem.trackers if tracker.cell in cells]
    return [value for spread in spreads for value in spread.values]
