"""What is taken for what: confusion tables of classifiers and taggers, and span F1 of each type of entity."""

from rnnpipe.report.blocks import Block, Matrix, Section, Table
from rnnpipe.report.groups import Group, group_runs
from rnnpipe.report.measurements import TASKS, Measured, Measurements

LEAD = "Rows are the truth, columns what was predicted; the stronger the colour, the larger the share of the row."


def sentiment_section(measurements: Measurements) -> Section:
    """Return one confusion table for each group of classifiers."""
    return Section("sentiment", "Sentiment", LEAD, _matrices(group_runs(measurements.of(*TASKS["sentiment"]))))


def ner_section(measurements: Measurements) -> Section:
    """Return span F1 by type, then one confusion table for each group of taggers."""
    groups = group_runs(measurements.of(*TASKS["ner"]))
    types = _types(groups)
    lead = f"An entity counts as found if both its ends and its type are right. {LEAD}"
    return Section("entities", "Named entities", lead, (*((types,) if types else ()), *_matrices(groups)))


def _matrices(groups: tuple[Group, ...]) -> tuple[Block, ...]:
    return tuple(matrix for group in groups if (matrix := _matrix(group.first)))


def _matrix(run: Measured) -> Matrix | None:
    rows = run.rows("confusion.csv")
    if not rows:
        return None
    classes = tuple(dict.fromkeys([row["actual"] for row in rows] + [row["predicted"] for row in rows]))
    counts = {(row["actual"], row["predicted"]): int(row["count"]) for row in rows}
    cells = tuple(tuple(counts.get((actual, predicted), 0) for predicted in classes) for actual in classes)
    return Matrix(f"{run.name} ({run.parameter('corpus')})", classes, cells)


def _types(groups: tuple[Group, ...]) -> Table | None:
    """Return the table run × type of entity, from spans.csv of each run."""
    scores = [(group, {row["type"]: f"{float(row['f1']):.1f}" for row in group.first.rows("spans.csv")}) for group in groups]
    types = list(dict.fromkeys(kind for _, by_type in scores for kind in by_type))
    if not types:
        return None
    rows = tuple((group.first.name, *(by_type.get(kind, "–") for kind in types)) for group, by_type in scores if by_type)
    return Table(("run", *types), rows, frozenset(range(1, len(types) + 1)), caption="Span F1 of each type of entity")
