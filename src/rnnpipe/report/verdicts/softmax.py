"""Claims about the cost of the softmax, and about the words that negative sampling draws."""

from __future__ import annotations

import math
from collections.abc import Mapping

from rnnpipe.report.claims import NOT_MEASURED, Verdict, join, verdict_if
from rnnpipe.report.read.groups import format_number
from rnnpipe.report.read.measurements import Measurements
from rnnpipe.report.read.word_vectors import LAYERS, NegativesScore, SoftmaxReport, format_cost


def softmax_cost(measurements: Measurements) -> Verdict:
    """Ask that a pair costs about V rows with the full softmax, log V with the hierarchical one, and a constant with negatives.

    The cost is the rows of the output matrix that a training pair reads and updates, counted by gradients that are not zero;
    it is judged where all three were measured on the same vocabularies, two at least. Each function says its tolerance.
    """
    bars = measurements.params.report.claims
    judged, figures = [], []
    for run in map(SoftmaxReport, measurements.softmax):
        full, hierarchical, negative = (run.cost(layer) for layer in LAYERS)
        if len(full) < 2 or not full.keys() == hierarchical.keys() == negative.keys():
            continue
        figures += [f"{run.run.name}: rows for each pair at V = {', '.join(f'{size:,}' for size in full)}"]
        costs = zip(LAYERS.values(), (full, hierarchical, negative), strict=True)
        figures += [f"{name}: {' / '.join(format_cost(rows) for rows in cost.values())}" for name, cost in costs]
        cheaper = all(hierarchical[size] < full[size] for size in full)
        constant = is_constant(negative, bars.negative_rows)
        judged.append(grows_like_v(full, bars.full_softmax_rows) and grows_like_log_v(hierarchical) and constant and cheaper)
    return verdict_if(all(judged), join(figures)) if judged else NOT_MEASURED


def grows_like_v(cost: Mapping[int, float], tolerance: float) -> bool:
    """Tell whether rows are V at each V, within some percent for reserved words: every row takes part in the sum."""
    return all(abs(rows / size - 1) <= tolerance / 100 for size, rows in cost.items())


def grows_like_log_v(cost: Mapping[int, float]) -> bool:
    """Tell whether rows grow like log V.

    The mean depth L of a Huffman tree lies in [H, H + 1) for the entropy H of the words in bits (Huffman 1952), and H is at
    most log2 V: so L <= log2 V + 1. Under Zipf's law H = sum of (ln i + ln h) / (i h ln 2) with h = sum of 1 / i, about
    ln V: it grows by between 1/2 and 1 bit for each doubling of V. From the smallest V to the largest one, V', L therefore
    grows by more than log2(V' / V) / 2 - 1 and by less than log2(V' / V) + 1; it has to grow in any case.
    """
    sizes = sorted(cost)
    doublings = math.log2(sizes[-1] / sizes[0])
    growth = cost[sizes[-1]] - cost[sizes[0]]
    bounded = all(1 <= rows <= math.log2(size) + 1 for size, rows in cost.items())
    return bounded and max(0.0, doublings / 2 - 1) < growth < doublings + 1


def is_constant(cost: Mapping[int, float], tolerance: float) -> bool:
    """Tell whether rows differ by less than a tolerance, 1 say, over all V.

    A pair takes the true word and J drawn ones, J + 1 rows at any V, less those drawn twice: by Zipf's law and exponent 3/4
    that is J (J - 1) / 2 · sum of q² + J · sum of p q = 0.14 rows at J = 5 and V = 1,000, and less at larger V. Growth like
    log V from 1,000 to 100,000 would be 3 rows or more.
    """
    return max(cost.values()) - min(cost.values()) < tolerance


def negative_sampling(measurements: Measurements) -> Verdict:
    """Ask that a chi-square test does not tell the drawn words from the formula's; show the scores by J and by exponent."""
    bar = measurements.params.report.claims.chi_square_p
    judged, figures = [], []
    for run in map(SoftmaxReport, measurements.softmax):
        p, chi_square, degrees = (run.run.number(f"frequencies.{key}") for key in ("p_value", "chi_square", "degrees"))
        if p is None or chi_square is None or degrees is None:
            continue
        judged.append(p > bar)
        figures.append(f"{run.run.name}: χ² = {format_number(chi_square, 1)} at {degrees:.0f} degrees of freedom, p = {p:.3g}")
        figures += _listed("analogies by J", [(f"{score.negative}", score) for score in run.by_negatives()])
        figures += _listed("by exponent", [(f"{score.exponent:g}", score) for score in run.by_exponent()])
    return verdict_if(all(judged), join(figures)) if judged else NOT_MEASURED


def _listed(name: str, scores: list[tuple[str, NegativesScore]]) -> list[str]:
    """Return one line with the analogies of all scores, mean ± standard deviation over the seeds; no line of none."""
    found = [(label, score.analogies) for label, score in scores if score.analogies]
    if not found:
        return []
    fewest = min(len(analogies.values) for _, analogies in found)
    seeds = f" ({fewest} seeds)" if fewest > 1 else ""
    shown = [f"{label}: {analogies.text(1, ' %', count=False)}" for label, analogies in found]
    return [f"{name}{seeds}: {', '.join(shown)}"]
