"""The claim about the contexts that the lecture's network learns vectors from."""

from __future__ import annotations

from collections.abc import Sequence

from rnnpipe.report.claims import NOT_MEASURED, Verdict, join
from rnnpipe.report.groups import Group, format_number, group_runs
from rnnpipe.report.measurements import Measurements
from rnnpipe.report.vectors import CONTEXTS, asked, evaluated, similarity_sets

ANALOGIES = "analogies.accuracy"


def context_choice(measurements: Measurements) -> Verdict:
    """Ask that vectors of each of the four contexts beat random ones in analogies and on every set of word pairs.

    Both must be asked the same questions. Random vectors solve next to no analogy and have a correlation near 0 with any
    judgement of people. Where random vectors or one of the contexts are missing, nothing is judged and the figures are shown.
    """
    families: dict[tuple[str, str], list[Group]] = {}
    for group in group_runs(evaluated(measurements)):
        families.setdefault(asked(measurements, group.first), []).append(group)
    judged, figures = [], []
    for (corpus, _), groups in families.items():
        keys = [ANALOGIES, *(f"similarity.{name}.spearman" for name in similarity_sets([group.first for group in groups]))]
        measured = [group for group in groups if all(group.spread(key) for key in keys)]
        chosen = [group for group in measured if group.first.section == "window"]
        random = [group for group in measured if group.first.parameter("kind") == "random"]
        if chosen:
            figures += [f"{corpus}: similarity and analogies", *(_line(group, keys) for group in (*chosen, *random))]
        if random and {group.first.parameter("context") for group in chosen} == set(CONTEXTS):
            judged.append(all(_above(group, random, key) for group in chosen for key in keys))
    if not judged:
        return Verdict("not yet measured", join(figures)) if figures else NOT_MEASURED
    return Verdict("holds" if all(judged) else "does not hold", join(figures))


def _above(group: Group, random: Sequence[Group], key: str) -> bool:
    """Tell whether a mean is above those of all random vectors."""
    own = group.spread(key)
    return own is not None and all(own.mean > other.mean for one in random if (other := one.spread(key)))


def _line(group: Group, keys: Sequence[str]) -> str:
    """Write context, ρ on each set of pairs, and analogies."""
    name = CONTEXTS.get(group.first.parameter("context"), "random")
    analogies, *similarities = (spread.mean for key in keys if (spread := group.spread(key)))
    figures = [*(format_number(value, 2) for value in similarities), f"{format_number(analogies, 1)} %"]
    return f"{name}: {', '.join(figures)}"
