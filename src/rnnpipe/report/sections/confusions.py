"""What is taken for what: confusion tables of classifiers and taggers, and span F1 of each type of entity."""

from rnnpipe.report.blocks import Block, Matrix, Section, Table
from rnnpipe.report.groups import Group, group_runs
from rnnpipe.report.measurements import TASKS, Measured, Measurements


def section(measurements: Measurements) -> Section:
    """Return span F1 by type, then one confusion table for each group of runs."""
    groups = group_runs(measurements.of(*TASKS["sentiment"], *TASKS["ner"]))
    matrices = [matrix for group in groups if (matrix := _matrix(group.first))]
    types = _types(group_runs(measurements.of("ner")))
    blocks: list[Block] = [types] if types else []
    lead = (
        "Rows are the truth, columns what was predicted; "
        "a stronger colour is a larger share of the row, so a good model shows its diagonal."
    )
    return Section("confusions", "Entities and confusions", lead, (*blocks, *matrices))


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
    scores = [(group, {row["type"]: row["f1"] for row in group.first.rows("spans.csv")}) for group in groups]
    types = list(dict.fromkeys(kind for _, by_type in scores for kind in by_type))
    if not types:
        return None
    rows = tuple((group.first.name, *(by_type.get(kind, "–") for kind in types)) for group, by_type in scores if by_type)
    return Table(("run", *types), rows, frozenset(range(1, len(types) + 1)), caption="Span F1 of each type of entity")
