"""The runs of each task: scores, learning curves, what is taken for what, sampled sentences; and the vocabularies."""

from rnnpipe.report.blocks import MISSING, Block, Figure, LegendEntry, Matrix, Quotes, Section, Table
from rnnpipe.report.read.groups import SCORES, TASK_NAMES, Group, format_number, group_runs
from rnnpipe.report.read.measurements import TASKS, Measured, Measurements
from rnnpipe.report.svg.charts import COLOURS, Line, line_chart

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


def scores_section(measurements: Measurements) -> Section:
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


def learning_section(measurements: Measurements) -> Section:
    """Return a figure for each task and corpus that has histories."""
    figures = []
    for task in SCORES:
        corpora: dict[str, list[Measured]] = {}
        for run in measurements.of(task):
            if run.history:
                corpora.setdefault(str(run.parameter("corpus")), []).append(run)
        figures += [_figure(f"{TASK_NAMES[task]}: {corpus}", runs) for corpus, runs in corpora.items()]
    lead = (
        "Mean cross-entropy after each epoch, in nats: validation solid, training dashed. "
        "A gap that opens between the two is overfitting. The weights of the lowest validation loss are the ones kept."
    )
    return Section("learning", "Learning curves", lead, tuple(figures))


def _figure(title: str, runs: list[Measured]) -> Figure:
    lines, legend = [], []
    for index, run in enumerate(runs):
        colour = f"c{index % COLOURS}"
        lines.append(Line(run.curve("train_loss"), colour, f"{run.name}, training", faint=True, dashed=True))
        lines.append(Line(run.curve("val_loss"), colour, f"{run.name}, validation", dots=True))
        legend.append(LegendEntry(colour, run.name))
    return Figure(line_chart(lines, "epoch", "loss (nats)"), title, tuple(legend))


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


SENTENCES = 8


def samples_section(measurements: Measurements) -> Section:
    """Return the first sentences that each model drew."""
    groups = group_runs(measurements.of("language_model"))
    drawn = [(group.first, tuple(line for line in group.first.lines("samples.txt") if line.strip())) for group in groups]
    quotes = tuple(Quotes(run.name, lines[:SENTENCES], f"corpus: {run.parameter('corpus')}") for run, lines in drawn if lines)
    lead = "Drawn word by word from each model, until it draws the end of the sentence; nothing is picked by hand."
    return Section("samples", "Sampled sentences", lead, quotes)


ORDER = ("train", "valid", "test")


def vocabulary_section(measurements: Measurements) -> Section:
    """Return one line for each corpus and split."""
    rows = []
    for corpus in measurements.vocabularies:
        size = corpus.number("size")
        splits = dict.fromkeys(key.split(".")[1] for key in corpus.metrics if key.endswith(".coverage"))
        for split in sorted(splits, key=lambda name: ORDER.index(name) if name in ORDER else len(ORDER)):
            tokens = corpus.number(f"splits.{split}.tokens")
            shares = (corpus.number(f"splits.{split}.{name}") for name in ("coverage", "oov_rate"))
            shown = [format_number(share, 2) if share is not None else MISSING for share in shares]
            counts = [f"{count:,.0f}" if count is not None else MISSING for count in (size, tokens)]
            rows.append((corpus.name, split, *counts, *shown))
    headings = ("corpus", "split", "vocabulary", "tokens", "covered %", "<unk> %")
    table = Table(headings, tuple(rows), frozenset(range(2, 6)))
    lead = "Words get an id from the train split only; all others are <unk>. A score means little where many words are <unk>."
    return Section("vocabulary", "Vocabulary coverage", lead, (table,) if rows else ())
