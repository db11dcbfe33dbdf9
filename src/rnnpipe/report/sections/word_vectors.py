"""Word vectors: how each was made, what it knows, which analogies it solves, which words are near; then their drawings."""

from __future__ import annotations

from collections.abc import Sequence

from rnnpipe.common.tables import Row
from rnnpipe.params import FeatureGrammar, Params
from rnnpipe.report.blocks import MISSING, Block, Fold, PageSection, Table, fold
from rnnpipe.report.read.groups import Group, Spread, format_number, group_runs
from rnnpipe.report.read.measurements import Measured, Measurements
from rnnpipe.report.read.word_vectors import TRAINED, asked, evaluated, final_loss, method, similarity_sets
from rnnpipe.report.sections.columns import Column, best_cells, measured
from rnnpipe.report.sections.vector_figures import features, losses, neighbours, plane

ANALOGIES = (
    Column("analogies.accuracy", "3CosAdd %", 1, higher=True),
    Column("analogies.three_cos_mul", "3CosMul %", 1, higher=True),
    Column("analogies.word", "e alone %", 1, higher=True),
    Column("analogies.context", "w alone %", 1, higher=True),
)
FEATURES = (
    Column("probe.accuracy", "features found %", 1, higher=True),
    Column("probe.majority", "guessing finds %", 1),
    Column("cosine.apple_orange", "cos(apple, orange)", 2),
    Column("cosine.apple_king", "cos(apple, king)", 2),
)


def section(measurements: Measurements) -> PageSection:
    """Return tables of all embeddings, curves of their losses, then drawings and neighbours: one in sight, the others folded."""
    asked = evaluated(measurements)
    shown = [entry for entry in measurements.embeddings if entry in asked or entry.history]
    trained = [group.first for group in group_runs(asked) if group.first.section in TRAINED]
    tables = ([made(shown)] if shown else []) + ([known(measurements), featured(measurements)] if asked else [])
    blocks: list[Block | Fold] = [table for table in tables if table and table.rows]
    blocks += categories(measurements)
    blocks += losses(measurements)
    folds: list[Fold] = []
    for what, draw in (("Features", features), ("Maps", plane), ("Neighbours", neighbours)):
        drawn = [(entry, block) for entry in trained if (block := draw(entry))]
        blocks += [block for _, block in drawn[:1]]
        folds += fold(what, (block for _, block in drawn[1:]), (entry.name for entry, _ in drawn[1:]))
    lead = _lead(measurements.params) if asked else "How the vectors were made, and how their training went."
    return PageSection("embeddings", "Word vectors", lead, (*blocks, *folds), searched=bool(trained))


def _lead(params: Params) -> str:
    lead = (
        "An analogy asks man : woman = king : ?, and is solved where the word found is the correct one: the nearest to "
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


def made(entries: Sequence[Measured]) -> Table:
    """Return how each embedding came about."""
    rows = []
    for group in group_runs(entries):
        first = group.first
        dimension = first.number("dimension") or first.parameter("dimension")
        losses = tuple(loss for run in group.runs if (loss := final_loss(run)) is not None)
        cells = (
            f"{dimension:.0f}" if dimension else MISSING,
            str(first.parameter("epochs") or MISSING),
            Spread(losses).text(4) if losses else MISSING,
        )
        rows.append((group.name, method(first), str(first.parameter("corpus") or MISSING), *cells))
    headings = ("embedding", "method", "corpus", "numbers", "epochs", "last loss")
    caption = "Losses of different methods cannot be compared."
    title, numbers = "How the vectors were made", frozenset((3, 4, 5))
    return Table(title=title, headings=headings, rows=tuple(rows), numbers=numbers, caption=caption, claims=("glove",))


def known(measurements: Measurements) -> Table:
    """Return similarity and analogies of each evaluated embedding, each with what of the questions it could be asked."""
    groups = group_runs(evaluated(measurements))
    sets = similarity_sets(evaluated(measurements))
    columns = measured(ANALOGIES, groups)
    rows = tuple(
        (
            group.name,
            asked(measurements, group.first)[0],
            *(_with_coverage(group, name) for name in sets),
            *(column.text(group) for column in columns),
            _covered(group),
        )
        for group in groups
    )
    headings = ("embedding", "asked on", *(f"{name} ρ" for name in sets), *(column.heading for column in columns), "covered %")
    return Table(
        title="Similarity and analogies",
        headings=headings,
        rows=rows,
        numbers=frozenset(range(2, len(headings))),
        best=best_cells(groups, columns, 2 + len(sets), [asked(measurements, group.first) for group in groups]),
        caption="Spearman's ρ (share of the pairs covered), and the analogies that are solved.",
        claims=("skip-gram", "glove", "context-choice"),
    )


def featured(measurements: Measurements) -> Table | None:
    """Return what a linear probe finds, and the cosines of the two fruits and of fruit and king; None if nothing is known."""
    groups = group_runs(evaluated(measurements))
    columns = measured(FEATURES, groups)
    asked_groups = [group for group in groups if measured(columns, [group])]
    rows = tuple((group.name, *(column.text(group) for column in columns)) for group in asked_groups)
    headings = ("embedding", *(column.heading for column in columns))
    if not rows:
        return None
    return Table(
        title="Features in the vectors, and cosines of the fruits",
        headings=headings,
        rows=rows,
        numbers=frozenset(range(1, len(headings))),
        best=best_cells(asked_groups, columns, 1, [asked(measurements, group.first) for group in asked_groups]),
        caption="What a linear probe finds in words that it has not seen, and what guessing the most frequent value would find.",
        claims=("features", "one-hot-blind"),
    )


def categories(measurements: Measurements) -> list[Table]:
    """Return category × embedding for each set of questions: 3CosAdd / 3CosMul in percent of the covered questions."""
    families: dict[tuple[str, str], list[Measured]] = {}
    for group in group_runs(evaluated(measurements)):
        if group.first.rows("analogies.csv"):
            families.setdefault(asked(measurements, group.first), []).append(group.first)
    return [_categories(corpus, entries) for (corpus, _), entries in families.items()]


def _with_coverage(group: Group, name: str) -> str:
    key = f"similarity.{name}"
    covered = group.first.number(f"{key}.covered")
    return f"{group.text(f'{key}.spearman', 3)} ({format_number(covered, 0)} %)" if covered is not None else MISSING


def _covered(group: Group) -> str:
    covered, questions = (group.first.number(f"analogies.{key}") for key in ("covered", "questions"))
    return format_number(100 * covered / questions, 1) if covered is not None and questions else MISSING


def _categories(corpus: str, entries: Sequence[Measured]) -> Table:
    tables = [{row["category"]: row for row in entry.rows("analogies.csv")} for entry in entries]
    names = list(dict.fromkeys(name for table in tables for name in table))
    rows = []
    for name in names:
        asked_rows = [table[name] for table in tables if name in table]
        shares = sorted({_share(row, "covered", "questions") for row in asked_rows})
        coverage = " to ".join(format_number(share, 0) for share in dict.fromkeys((shares[0], shares[-1])))
        rows.append((name, asked_rows[0]["questions"], coverage, *(_solved(table.get(name)) for table in tables)))
    headings = ("category", "questions", "covered %", *(entry.name for entry in entries))
    return Table(
        title=f"Analogies by category, asked on {corpus}",
        headings=headings,
        rows=tuple(rows),
        numbers=frozenset(range(1, len(headings))),
        caption="3CosAdd / 3CosMul, percent of the covered questions.",
        claims=("skip-gram", "glove"),
    )


def _solved(row: Row | None) -> str:
    """Write what was solved by each method; a file of an earlier version lacks the second."""
    if row is None or not int(row["covered"]):
        return MISSING
    columns = [column for column in ("correct", "correct_mul") if row.get(column)]
    return " / ".join(format_number(_share(row, column, "covered"), 0) for column in columns)


def _share(row: Row, part: str, whole: str) -> float:
    """Return a part in percent; 0 of nothing."""
    return 100 * int(row[part]) / int(row[whole]) if int(row[whole]) else 0.0
