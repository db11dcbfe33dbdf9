"""Word vectors: how they were made, what they know, which words are near, and the map of the lecture's words."""

from rnnpipe.params import FeatureGrammar, Params
from rnnpipe.report.blocks import Block, Section
from rnnpipe.report.groups import group_runs
from rnnpipe.report.measurements import Measurements
from rnnpipe.report.sections import embedding_figures as figures
from rnnpipe.report.sections import embedding_tables as tables
from rnnpipe.report.vectors import TRAINED, evaluated


def section(measurements: Measurements) -> Section:
    """Return tables of all embeddings, curves of their losses, then drawings and neighbours of each that learned from text."""
    asked = evaluated(measurements)
    shown = [entry for entry in measurements.embeddings if entry in asked or entry.history]
    trained = [group.first for group in group_runs(asked) if group.first.section in TRAINED]
    blocks: list[Block | None] = [tables.made(shown)] if shown else []
    blocks += [tables.known(measurements), tables.featured(measurements)] if asked else []
    blocks += tables.categories(measurements)
    blocks += figures.losses(measurements)
    for draw in (figures.features, figures.plane, tables.neighbours):
        blocks += map(draw, trained)
    return Section("embeddings", "Word vectors", _lead(measurements.params), tuple(block for block in blocks if block))


def _lead(params: Params) -> str:
    lead = (
        "An analogy asks man : woman = king : ?, and is solved where the word found is the right one: the nearest to "
        "king − man + woman (3CosAdd), or the one with the largest product of its likenesses to king and woman over that to man "
        "(3CosMul). A score is that of the questions covered, those of which all words have a vector."
    )
    mixings = [grammar.mixing for grammar in params.grammars.values() if isinstance(grammar, FeatureGrammar)]
    if not mixings:
        return lead
    return (
        f"{lead} GloVe learns nothing from words that never stand together, since its weight f(0) is 0: "
        f"so {100 * mixings[0]:g} % of the grammar's contexts are drawn from all words."
    )
