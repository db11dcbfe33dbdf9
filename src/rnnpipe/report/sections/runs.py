"""The runs of each task: scores, learning curves, what is taken for what, sampled sentences; and the vocabularies."""

from collections.abc import Iterable

from rnnpipe.params import Params, Run, Score
from rnnpipe.report.blocks import MISSING, Block, Figure, LegendEntry, Matrix, PageSection, Quotes, Table
from rnnpipe.report.read.groups import Group, by_corpus, default_selection, format_number, group_runs, layer_sizes
from rnnpipe.report.read.measurements import Measured, Measurements
from rnnpipe.report.svg.charts import COLOURS, Line, line_chart

Column = tuple[str, str, int]
"""Key of metrics.json, heading, decimals."""

BESIDE_THE_SCORE: tuple[Column, ...] = (
    ("perplexity.ratio", "× floor", 3),
    ("perplexity.per_character", "per character", 3),
    ("pairs.share", "minimal pairs %", 1),
    ("sampling.accepted", "accepted %", 1),
    ("macro_f1.test", "macro F1", 1),
    ("precision.test", "precision %", 1),
    ("recall.test", "recall %", 1),
    ("oov_rate.test", "<unk> %", 2),
    ("pairs.correct", "pairs correct %", 0),
    ("parameters", "parameters", 0),
)
"""What a task's table shows after its score, wherever it was measured."""
MATRIX_LEAD = "Rows are the truth, columns what was predicted; the stronger the colour, the larger the share of the row."


def scores_section(measurements: Measurements) -> PageSection:
    """Return one table for each task that has runs."""
    tables = tuple(_table(measurements, task, kind) for task, kind in measurements.tasks.items())
    lead = "Scores on the test split. Runs that differ only in their seed share a line: mean ± standard deviation (runs)."
    return PageSection("runs", "Runs", lead, tables)


def _table(measurements: Measurements, task: str, kind: type[Run]) -> Table:
    groups = group_runs(measurements.of_task(task))
    possible = (*_scores(measurements.params, groups, kind.score), *BESIDE_THE_SCORE)
    columns = [column for column in possible if any(group.spread(column[0]) for group in groups)]
    headings = ("run", "model", "corpus", "embedding", *(heading for _, heading, _ in columns))
    rows = tuple((*_identity(group), *(group.text(key, digits) for key, _, digits in columns)) for group in groups)
    return Table(headings, rows, frozenset(range(4, len(headings))), caption=kind.title)


def _scores(params: Params, groups: Iterable[Group], score: Score) -> list[Column]:
    """Return the task's score on each split that was scored, the test split first; on validation only where there is no other."""
    name, heading = score.key.removesuffix(".test"), score.label + score.unit
    corpora = [params.corpora[str(group.first.parameter("corpus"))] for group in groups]
    others = sorted({split for corpus in corpora for split in (*corpus.splits, *corpus.hold_out)} - {"train", "valid", "test"})
    scored = [split for split in ("test", *others) if any(group.spread(f"{name}.{split}") for group in groups)]
    shown = scored or ["validation"]
    return [(f"{name}.{split}", f"{heading} ({split})" if len(shown) > 1 else heading, score.digits) for split in shown]


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
    if run.section == "mlp":
        return f"MLP {parameter('hidden')}, {parameter('length')} words"
    return f"{parameter('network.cell')} {layer_sizes(run)}" + (", both directions" if parameter("network.bidirectional") else "")


def learning_section(measurements: Measurements) -> PageSection:
    """Return the loss of each task and corpus that has histories, and the score that chose the epoch where it is no loss."""
    figures = []
    for task, kind in measurements.tasks.items():
        for corpus, groups in by_corpus(Group((run,)) for run in measurements.of(task) if run.history).items():
            runs = [group.first for group in groups]
            figures.append(_curves(f"{kind.title}: {corpus}", runs, "loss", "loss (nats)"))
            metric = default_selection(kind)
            if metric.higher_is_better:
                label = kind.score.label if kind.score.key == f"{metric.metric}.test" else metric.metric
                figures.append(_curves(f"{kind.title}: {corpus}, {label}", runs, metric.metric, label))
    lead = (
        "After each epoch: validation solid, training dashed; the loss is the mean cross-entropy in nats. A gap that opens "
        "between the two is overfitting. The weights of the epoch with the best validation score are the ones kept: "
        "the score is `selection` of the run, perplexity, accuracy or F1 where it says nothing else."
    )
    return PageSection("learning", "Learning curves", lead, tuple(figures))


def _curves(title: str, runs: list[Measured], metric: str, label: str) -> Figure:
    lines, legend = [], []
    for index, run in enumerate(runs):
        colour = f"c{index % COLOURS}"
        lines.append(Line(run.curve(f"train_{metric}"), colour, f"{run.name}, training", faint=True, dashed=True))
        lines.append(Line(run.curve(f"validation_{metric}"), colour, f"{run.name}, validation", dots=True))
        legend.append(LegendEntry(colour, run.name))
    return Figure(line_chart(lines, "epoch", label), title, tuple(legend))


def confusion_sections(measurements: Measurements) -> tuple[PageSection, ...]:
    """Return, for each task whose runs were asked what they take for what, span F1 by type and a table for each group of runs."""
    sections = []
    for task, kind in measurements.tasks.items():
        groups = group_runs(measurements.of_task(task))
        types = _types(groups)
        lead = f"An entity counts as found if both its ends and its type are correct. {MATRIX_LEAD}" if types else MATRIX_LEAD
        sections.append(PageSection(task, kind.title, lead, (*((types,) if types else ()), *_matrices(groups))))
    return tuple(sections)


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


def samples_section(measurements: Measurements) -> PageSection:
    """Return the first sentences that each model drew."""
    groups = group_runs(measurements.of("language_model"))
    drawn = [(group.first, tuple(line for line in group.first.lines("samples.txt") if line.strip())) for group in groups]
    quotes = tuple(Quotes(run.name, lines[:SENTENCES], f"corpus: {run.parameter('corpus')}") for run, lines in drawn if lines)
    lead = "Drawn word by word from each model, until it draws the end of the sentence; nothing is picked by hand."
    return PageSection("samples", "Sampled sentences", lead, quotes)


ORDER = ("train", "validation", "test")


def vocabulary_section(measurements: Measurements) -> PageSection:
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
    return PageSection("vocabulary", "Vocabulary coverage", lead, (table,) if rows else ())
