"""Claims about word vectors."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from rnnpipe.report.claims import NOT_MEASURED, Verdict, join, verdict_if
from rnnpipe.report.read.groups import Group, Spread, group_runs, pairs_differing_in
from rnnpipe.report.read.measurements import Measurements
from rnnpipe.report.read.word_vectors import CONTEXTS, TRAINED, asked, evaluated, final_loss, similarity_sets, weighting

ANALOGIES = "analogies.accuracy"
FRUIT, KING = "cosine.apple_orange", "cosine.apple_king"
Note = Callable[[Group], str]
"""What stands behind the figure of a group."""


def one_hot(measurements: Measurements) -> Verdict:
    """Ask that looking up a row is the product with a one-hot vector, to the bit."""
    difference = measurements.equations.number("one_hot.largest_difference")
    return verdict_if(difference == 0.0, f"largest difference {difference:g}") if difference is not None else NOT_MEASURED


def one_hot_blind(measurements: Measurements) -> Verdict:
    """Ask that one-hot vectors give 0 to every pair, and that trained ones put the two fruits nearer than fruit and king.

    Without one-hot vectors, as where a vocabulary is too large for them, the cosines of the trained ones are shown.
    """
    cosines = [
        (group, fruit, king)
        for group in group_runs(measurements.embeddings)
        if (fruit := group.spread(FRUIT)) and (king := group.spread(KING))
    ]
    blind = [(*fruit.values, *king.values) for group, fruit, king in cosines if _is_one_hot(group)]
    seeing = [fruit.mean > king.mean for group, fruit, king in cosines if group.first.section in TRAINED]
    if not seeing:
        return NOT_MEASURED
    figure = join(
        f"{group.name}: {fruit.text(2)} against {king.text(2)}"
        for group, fruit, king in cosines
        if group.first.section in TRAINED or _is_one_hot(group)
    )
    zero = not any(cosine for cosines_of_one in blind for cosine in cosines_of_one)
    return verdict_if(zero and all(seeing), figure) if blind else Verdict("shown", figure)


def features(measurements: Measurements) -> Verdict:
    """Ask that a linear probe finds the features in every embedding that was trained on a grammar; show what guessing finds."""
    bar = measurements.params.report.claims.feature_probe
    groups = _groups(measurements, "probe.accuracy", *TRAINED)
    verdict = _judge(measurements, groups, groups, "probe.accuracy", bar)
    guesses = dict.fromkeys(f"guessing: {group.text('probe.majority')} %" for group in groups if group.spread("probe.majority"))
    return replace(verdict, figure=join([verdict.figure, *guesses]))


def skip_gram(measurements: Measurements) -> Verdict:
    """Judge the skip-gram's analogies on a grammar; CBOW's stand beside them."""
    bar = measurements.params.report.claims.analogies
    groups = _groups(measurements, ANALOGIES, "word2vec")
    judged = [group for group in groups if group.first.parameter("architecture") == "skip_gram"]
    return _judge(measurements, groups, judged, ANALOGIES, bar, _architecture)


def glove(measurements: Measurements) -> Verdict:
    """Judge GloVe's analogies on a grammar, for the lecture's f and vectors: f capped, (e + w) / 2.

    Runs with a constant f are shown where one with a capped f differs from them in nothing else.
    """
    bar = measurements.params.report.claims.analogies
    groups = _groups(measurements, ANALOGIES, "glove")
    capped = [group for group in groups if group.first.parameter("alpha") and group.first.parameter("vectors") == "mean"]
    families = [family for family in pairs_differing_in(groups, "alpha") if any(group in capped for group in family)]
    shown = [group for group in groups if group in capped or any(group in family for family in families)]
    return _judge(measurements, shown, capped, ANALOGIES, bar, _parts)


def _groups(measurements: Measurements, key: str, *sections: str) -> list[Group]:
    """Return the evaluated embeddings of some sections that have a figure, those that differ in the seed together."""
    entries = [entry for entry in evaluated(measurements) if entry.section in sections]
    return [group for group in group_runs(entries) if group.spread(key)]


def _nothing(_: Group) -> str:
    return ""


def _judge(
    measurements: Measurements, shown: list[Group], judged: list[Group], key: str, bar: float, note: Note = _nothing
) -> Verdict:
    """Ask that a percentage clears its bar in every judged group that is asked the questions of a grammar.

    Where there is none, the figures on published questions are shown: the claim names no bar for them.
    """
    if not judged:
        return NOT_MEASURED
    figure = join(f"{group.name}: {group.text(key)} %{note(group)}" for group in shown)
    on_grammar = [group for group in judged if asked(measurements, group.first)[1] == "grammar"]
    means = [spread.mean for group in on_grammar if (spread := group.spread(key))]
    return verdict_if(min(means) >= bar, figure) if means else Verdict("shown", figure)


def _architecture(group: Group) -> str:
    return " (CBOW)" if group.first.parameter("architecture") == "cbow" else ""


def _parts(group: Group) -> str:
    """Write the analogies of e and of w, what f is, and the loss after the last epoch."""
    parts = [(name, f"analogies.{part}") for name, part in (("e alone", "word"), ("w alone", "context"))]
    found = [f"{name} {group.text(key)} %" for name, key in parts if group.spread(key)]
    losses = tuple(loss for run in group.runs if (loss := final_loss(run)) is not None)
    ending = [f"final loss {Spread(losses).text(4, count=False)}"] if losses else []
    return f" ({', '.join([*found, weighting(group.first), *ending])})"


def _is_one_hot(group: Group) -> bool:
    return bool(group.first.parameter("kind") == "one_hot")


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
    analogies, *similarities = (spread for key in keys if (spread := group.spread(key)))
    return f"{name}: {', '.join([*(spread.text(2) for spread in similarities), analogies.text(1, ' %')])}"
