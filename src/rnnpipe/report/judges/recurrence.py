"""Claims about time: gradients through it, and how far back a cell remembers."""

from rnnpipe.report.claims import NOT_MEASURED, Verdict, join, verdict_if
from rnnpipe.report.groups import format_number
from rnnpipe.report.measurements import Measurements
from rnnpipe.report.sweeps import Sweep, comparable_sweeps, sweeps

GATED = ("lstm", "gru")


def bptt(measurements: Measurements) -> Verdict:
    """Hold the gradient written out against automatic differentiation."""
    difference = measurements.equations.number("bptt.largest_difference")
    if difference is None:
        return NOT_MEASURED
    return verdict_if(difference <= measurements.params.report.claims.bptt_difference, f"{difference:.1e}")


def long_term(measurements: Measurements) -> Verdict:
    """Ask that LSTM and GRU keep long agreement on every seed, and that the plain RNN loses it at the longest distance."""
    families = [family for family in comparable_sweeps(measurements) if {"rnn", *GATED} <= set(family)]
    judged = [verdict for family in families if (verdict := _judge_family(measurements, family))]
    if not judged:
        return NOT_MEASURED
    others = [sweep for sweep in sweeps(measurements) if sweep.cell == "rnn" and sweep.label != "rnn" and sweep.points]
    figures = [figure for _, figure in judged] + [f"{sweep.label}: {_at_longest(sweep)}" for sweep in others]
    return verdict_if(all(holds for holds, _ in judged), join(figures))


def _judge_family(measurements: Measurements, family: dict[str, Sweep]) -> tuple[bool, str] | None:
    bars = measurements.params.report.claims
    lowest = {cell: family[cell].chosen(bars.long_distance) for cell in GATED}
    longest = max(family["rnn"].distances, default=0)
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
    longest = max(sweep.distances)
    spread = sweep.chosen(longest, longest)
    return f"{spread.text(1)} % at {longest}" if spread else "no rate chosen"


def vanishing(measurements: Measurements) -> Verdict:
    """Hold the plain RNN's gradient against the LSTM's, so many steps back as a dependency counts as long."""
    bars = measurements.params.report.claims
    ratios = []
    for family in comparable_sweeps(measurements):
        norms = [family[cell].gradients.get(bars.long_distance) for cell in ("rnn", "lstm") if cell in family]
        if len(norms) == 2 and norms[0] is not None and norms[1]:
            ratios.append(norms[0] / norms[1])
    if not ratios:
        return NOT_MEASURED
    figure = join(f"rnn / lstm = {ratio:.2g} at {bars.long_distance} steps" for ratio in ratios)
    return verdict_if(max(ratios) < bars.vanishing_ratio, figure)
