"""Claims about time: gradients through it, and how far back a cell remembers."""

from collections.abc import Sequence

from rnnpipe.report.claims import NOT_MEASURED, Verdict, join, verdict_if
from rnnpipe.report.read.clipping import KINDS, Clipping
from rnnpipe.report.read.groups import format_number
from rnnpipe.report.read.long_term import Sweep, comparable_sweeps, sweeps, trainings
from rnnpipe.report.read.measurements import Measurements

GATED = ("lstm", "gru")


def bptt(measurements: Measurements) -> Verdict:
    """Hold the gradient written out against automatic differentiation."""
    difference = measurements.equations.number("bptt.largest_difference")
    if difference is None:
        return NOT_MEASURED
    return verdict_if(difference <= measurements.params.report.claims.bptt_difference, f"{difference:.1e}")


def long_term(measurements: Measurements) -> Verdict:
    """Ask that LSTM and GRU keep long agreement on every seed, and that the plain RNN loses it at the longest distance.

    Where a grid was trained for longer too, the shortest training is judged, and the longer ones are shown.
    """
    families = [family for family in comparable_sweeps(measurements) if {"rnn", *GATED} <= set(family)]
    judged = [verdict for family in families if (verdict := _judge_family(measurements, family))]
    if not judged:
        return NOT_MEASURED
    others = [sweep for sweep in sweeps(measurements) if sweep.cell == "rnn" and sweep.label != "rnn" and sweep.points]
    figures = [figure for _, figure in judged] + [f"{sweep.label}: {_at_longest(sweep)}" for sweep in others]
    figures += [_by_training(family) for family in trainings(measurements) if len(family) > 1 and family[0].points]
    return verdict_if(all(holds for holds, _ in judged), join(figures))


def _judge_family(measurements: Measurements, family: dict[str, Sweep]) -> tuple[bool, str] | None:
    bars = measurements.params.report.claims
    lowest = {cell: family[cell].chosen(bars.long_distance) for cell in GATED}
    longest = family["rnn"].longest
    last = {cell: family[cell].chosen(longest, longest) for cell in ("rnn", *GATED)}
    if longest < bars.long_distance or not all([*lowest.values(), *last.values()]):
        return None
    floors = {cell: min(spread.values) for cell, spread in lowest.items() if spread}
    means = {cell: spread.mean for cell, spread in last.items() if spread}
    gap = min(means[cell] for cell in GATED) - means["rnn"]
    holds = min(floors.values()) >= bars.long_agreement and gap >= bars.long_gap
    worst = ", ".join(f"{cell} {format_number(floor, 1)}" for cell, floor in floors.items())
    at_longest = ", ".join(f"{cell} {spread.text(1)}" for cell, spread in last.items() if spread)
    return holds, f"distance ≥ {bars.long_distance}, worst seed: {worst} %\nat {longest}: {at_longest} %"


def _at_longest(sweep: Sweep) -> str:
    spread = sweep.chosen(sweep.longest, sweep.longest)
    return f"{spread.text(1)} % at {sweep.longest}" if spread else "no rate chosen"


def _by_training(family: Sequence[Sweep]) -> str:
    """Write what a network reaches at the longest distance after each number of epochs."""
    distance = family[0].longest
    reached = [(sweep.epochs, sweep.chosen(distance, distance)) for sweep in family]
    shown = ", ".join(f"{epochs}: {spread.text(1, ' %', count=False)}" for epochs, spread in reached if spread)
    return f"{family[0].label} at {distance}, by epochs of training: {shown}"


def vanishing(measurements: Measurements) -> Verdict:
    """Hold the plain RNN's gradient against the LSTM's when training starts, as far back as a dependency counts as long.

    After training the loss of a network that learned is small, and its gradient with it: shown, but no measure of reach.
    """
    bars = measurements.params.report.claims
    ratios, figures = [], []
    for family in comparable_sweeps(measurements):
        if not {"rnn", "lstm"} <= set(family):
            continue
        before, after = (
            _ratio(family["rnn"].untrained_gradients, family["lstm"].untrained_gradients, bars.long_distance),
            _ratio(family["rnn"].gradients, family["lstm"].gradients, bars.long_distance),
        )
        if before is not None and after is not None:
            ratios.append(before)
            figures.append(f"rnn / lstm, {bars.long_distance} steps back: {before:.2g} before training, {after:.2g} after it")
    return verdict_if(max(ratios) < bars.vanishing_ratio, join(figures)) if ratios else NOT_MEASURED


def _ratio(first: dict[int, float], second: dict[int, float], steps: int) -> float | None:
    return first[steps] / second[steps] if steps in first and second.get(steps) else None


def exploding(measurements: Measurements) -> Verdict:
    """Ask that every training with clipping ends, and that each without it diverges or ends well above the one of its seed."""
    bar = measurements.params.report.claims.clipping_gap
    judged, figures = [], []
    for clipping in map(Clipping, measurements.clipping):
        if not clipping.measured:
            continue
        losses = [(clipping.loss("clipped", seed), clipping.loss("unclipped", seed)) for seed in clipping.seeds]
        judged.append(all(tamed is not None and (wild is None or wild - tamed >= bar) for tamed, wild in losses))
        figures += [f"{clipping.run.name}, {words}: {clipping.told(kind)}" for kind, words in KINDS.items()]
    return verdict_if(all(judged), join(figures)) if judged else NOT_MEASURED
