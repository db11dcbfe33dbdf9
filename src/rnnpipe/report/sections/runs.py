"""All runs of each task in one table; runs that differ only in their seed share a line."""

from rnnpipe.report.blocks import MISSING, Section, Table
from rnnpipe.report.groups import Group, group_runs
from rnnpipe.report.measurements import TASKS, Measured, Measurements
from rnnpipe.report.scores import TASK_NAMES

Column = tuple[str, str, int]
"""Key of metrics.json, heading, decimals."""

LANGUAGE_MODEL: tuple[Column, ...] = (
    ("perplexity.test", "test perplexity", 2),
    ("perplexity.ratio", "× floor", 3),
    ("perplexity.per_character", "per character", 3),
    ("pairs.share", "minimal pairs %", 1),
    ("sampling.accepted", "accepted %", 1),
    ("oov_rate.test", "<unk> %", 2),
)
OF_ANY_TASK: tuple[Column, ...] = (("pairs.right", "pairs right %", 0), ("parameters", "parameters", 0))
SCORES_OF_SPLITS: dict[str, tuple[Column, ...]] = {
    "sentiment": (("accuracy", "accuracy %", 1), ("macro_f1", "macro F1", 1), ("oov_rate", "<unk> %", 2)),
    "ner": (("f1", "span F1", 2), ("precision", "precision %", 2), ("recall", "recall %", 2), ("oov_rate", "<unk> %", 2)),
}
"""Columns that stand once for each split, the key followed by its name."""


def section(measurements: Measurements) -> Section:
    """Return one table for each task that has runs."""
    tables = tuple(_table(measurements, task) for task in ("language_model", *SCORES_OF_SPLITS) if measurements.of(*TASKS[task]))
    lead = "Scores on the test split. Runs that differ only in their seed share a line: mean ± standard deviation (runs)."
    return Section("runs", "Runs", lead, tables)


def _table(measurements: Measurements, task: str) -> Table:
    groups = group_runs(measurements.of(*TASKS[task]))
    possible = LANGUAGE_MODEL if task == "language_model" else _columns_of_splits(groups, SCORES_OF_SPLITS[task])
    columns = [column for column in (*possible, *OF_ANY_TASK) if any(group.spread(column[0]) for group in groups)]
    headings = ("run", "model", "corpus", "embedding", *(heading for _, heading, _ in columns))
    rows = tuple((*_identity(group), *(group.text(key, digits) for key, _, digits in columns)) for group in groups)
    return Table(headings, rows, frozenset(range(4, len(headings))), caption=TASK_NAMES[task])


def _columns_of_splits(groups: tuple[Group, ...], columns: tuple[Column, ...]) -> list[Column]:
    """Return the columns for each split that was scored: `valid` only where there is no other."""
    keys = [key.partition(".") for group in groups for run in group.runs for key in run.metrics]
    splits = sorted({split for name, _, split in keys if name == columns[0][0]}, key=lambda split: (split != "test", split))
    shown = [split for split in splits if split != "valid"] or splits or ["test"]
    several = len(shown) > 1
    return [
        (f"{key}.{split}", f"{heading} ({split})" if several else heading, digits)
        for key, heading, digits in columns
        for split in shown
        if split == shown[0] or key == columns[0][0]
    ]


def _identity(group: Group) -> tuple[str, str, str, str]:
    run = group.first
    return group.name, describe(run), str(run.parameter("corpus")), str(run.parameter("embedding") or MISSING)


def describe(run: Measured) -> str:
    """Say in a few words what a run is: `lstm 2 × 64, both directions`, `Kneser-Ney, order 5`."""
    parameter = run.parameter
    if run.section == "ngram":
        return f"Kneser-Ney, order {parameter('order')}"
    if run.section == "bag_of_words":
        longest = f", up to {parameter('ngrams')}-grams" if parameter("ngrams") > 1 else ""
        return f"bag of words, {parameter('weighting')}{longest}"
    if run.section == "feedforward":
        return f"standard network {parameter('hidden')}, {parameter('length')} words"
    size = f"{parameter('cell')} {parameter('layers')} × {parameter('hidden')}"
    return size + (", both directions" if parameter("bidirectional") else "")
