"""The runs of each task: what was chosen on the validation split, one table and one figure of scores for each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial

from rnnpipe.params import Params, Run, Score
from rnnpipe.report.blocks import MISSING, Block, Figure, PageSection, Table
from rnnpipe.report.read.groups import (
    Group,
    best_group,
    by_corpus,
    default_selection,
    format_number,
    group_runs,
    kept_epochs,
    selection_label,
)
from rnnpipe.report.read.measurements import Measurements
from rnnpipe.report.read.settings import common, describe, differing, heading, setting
from rnnpipe.report.sections.columns import Column, Words, best_cells, measured
from rnnpipe.report.sections.sources import remarks_table
from rnnpipe.report.svg.rows import Row, dot_chart

BESIDE_THE_SCORE = (
    Column("perplexity.cache.test", "with cache", 2, higher=False),
    Column("perplexity.dynamic.test", "dynamic", 2, higher=False),
    Column("perplexity.ratio", "× floor", 3, higher=False),
    Column("perplexity.per_character", "per character", 3, higher=False),
    Column("pairs.share", "minimal pairs %", 1, higher=True),
    Column("pairs.coverage", "pairs covered %", 1, page_only=True),
    Column("sampling.accepted", "accepted %", 1, higher=True),
    Column("macro_f1.test", "macro F1", 1, higher=True),
    Column("precision.test", "precision %", 1, higher=True),
    Column("recall.test", "recall %", 1, higher=True),
    Column("f1_unseen.test", "F1 of new names", 1, higher=True),
    Column("f1_seen.test", "F1 of known names", 1, higher=True, page_only=True),
    Column("f1_strict.test", "F1, strict", 1, higher=True, page_only=True),
    Column("oov_rate.test", "<unk> %", 2, page_only=True),  # the table of the vocabularies has it too
    Column("pairs.correct", "pairs correct %", 0, higher=True),
    Column("parameters", "parameters", 0),
)
"""What a task's table shows after its score, wherever it was measured."""
MOST_DOTS = 16
"""Runs in a figure; of more the best and the last are drawn."""
CEILING = "truth.bag_of_words_ceiling"
LIMITS = (
    ("perplexity.floor", "lowest possible"),
    (CEILING, "best possible without order"),
    ("truth.bayes_accuracy", "best possible"),
)
"""What a grammar knows about the best score on its test split."""
ON_ALL_TASKS = ("gru-lstm-quality", "deep", "three-embeddings", "rnn-types")
CLAIMS = {
    "language_model": ("probability", "perplexity", "punctuation", "sampling"),
    "sentiment": ("standard-network", "bag-of-words", "imdb-rnn", "imdb-lstm", "imdb-leading"),
    "ner": ("bidirectional",),
}
"""Task → claims that rest on its table."""


def _corpus(group: Group) -> str:
    return str(group.first.parameter("corpus"))


IDENTITY = (
    Words("run", lambda group: group.name),
    Words("model", lambda group: describe(group.first)),
    Words("corpus", _corpus),
    Words("embedding", lambda group: str(group.first.parameter("embedding") or MISSING)),
)


def section(measurements: Measurements) -> PageSection:
    """Return what was chosen, and one table for each task that has runs, with a figure for each corpus."""
    blocks: list[Block] = [table for table in (remarks_table(measurements), _chosen(measurements)) if table]
    figures = []
    for task, kind in measurements.tasks.items():
        groups = group_runs(measurements.of_task(task))
        blocks.append(_table(measurements.params, task, kind, groups))
        figures += [figure for corpus, members in by_corpus(groups).items() if (figure := _figure(kind, corpus, members))]
    lead = "Runs that differ only in their seed share a line: mean ± standard deviation (runs). All choices rest on validation."
    return PageSection("runs", "Runs", lead, (*blocks, *figures))


def _chosen(measurements: Measurements) -> Table | None:
    """Return the best network of each task and corpus, by validation."""
    rows = []
    for task, kind in measurements.tasks.items():
        for corpus, groups in by_corpus(group_runs(measurements.of(task))).items():
            best = best_group([group for group in groups if kept_epochs(group)])
            if best:
                rows.append((kind.title, corpus, *_choice(kind, best, len(groups))))
    if not rows:
        return None
    return Table(
        title="Chosen",
        headings=("task", "corpus", "chosen run", "model", "chosen by", "score", "validation", "test"),
        rows=tuple(rows),
        numbers=frozenset((6, 7)),
        caption="The network that did best on the validation split, of all networks that were trained for a task on a corpus.",
    )


def _choice(kind: type[Run], best: Group, of: int) -> tuple[str, ...]:
    name, score = kind.score.key.removesuffix(".test"), kind.score
    shown = (best.text(f"{name}.{split}", score.digits) for split in ("validation", "test"))
    chosen_by = f"validation {selection_label(kind)}, best of {of}"
    return best.name, describe(best.first), chosen_by, f"{score.label}{score.unit}", *shown


def _table(params: Params, task: str, kind: type[Run], groups: Sequence[Group]) -> Table:
    figures = measured((*_scores(params, groups, kind.score), *BESIDE_THE_SCORE), groups)
    unequal = differing(groups)
    kept = [Words("kept epoch", partial(_kept, kind=kind), page_only=True)] if any(map(kept_epochs, groups)) else []
    words = [*IDENTITY, *(Words(heading(path, unequal), partial(setting, path=path), page_only=True) for path in unequal), *kept]
    columns: tuple[Words | Column, ...] = (*words, *figures)
    caption = ["Bold: the best on its corpus.", common(groups)]
    if kept:
        caption.append(f"The epoch kept is the one with the best validation {selection_label(kind)}, where nothing else is said.")
    return Table(
        title=kind.title,
        headings=tuple(column.heading for column in columns),
        rows=tuple(tuple(column.text(group) for column in columns) for group in groups),
        numbers=frozenset(range(len(words), len(columns))),
        page_only=frozenset(index for index, column in enumerate(columns) if column.page_only),
        best=best_cells(groups, figures, len(words), [_corpus(group) for group in groups]),
        caption=" ".join(filter(None, caption)),
        claims=(*CLAIMS.get(task, ()), *ON_ALL_TASKS),
    )


def _scores(params: Params, groups: Iterable[Group], score: Score) -> list[Column]:
    """Return the task's score on each split that was scored: validation, test, others."""
    name, heading = score.key.removesuffix(".test"), score.label + score.unit
    corpora = [params.corpora[str(group.first.parameter("corpus"))] for group in groups]
    others = sorted({split for corpus in corpora for split in (*corpus.splits, *corpus.hold_out)} - {"train", "valid", "test"})
    splits = ("validation", "test", *others)
    return [Column(f"{name}.{split}", f"{split} {heading}", score.digits, score.higher_is_better) for split in splits]


def _kept(group: Group, kind: type[Run]) -> str:
    epochs, run = kept_epochs(group), group.first
    if not epochs:
        return MISSING
    selection = run.parameter("selection")
    otherwise = f", by {selection}" if selection != default_selection(kind).metric else ""
    return f"{', '.join(map(str, epochs))} of {run.parameter('trainer.epochs')}{otherwise}"


def _figure(kind: type[Run], corpus: str, groups: Sequence[Group]) -> Figure | None:
    """Return the test scores on a corpus as dots, the validation scores beside them; None where there is nothing to compare."""
    name, score = kind.score.key.removesuffix(".test"), kind.score
    scored = [(group, spread) for group in groups if (spread := group.spread(kind.score.key))]
    if len(scored) < 2:
        return None
    ordered = sorted(scored, key=lambda pair: pair[1].mean, reverse=score.higher_is_better)
    rows: list[Row] = []
    for group, spread in ordered if len(ordered) <= MOST_DOTS else [*ordered[: MOST_DOTS - 1], ordered[-1]]:
        validation = group.spread(f"{name}.validation")
        shown = format_number(spread.mean, score.digits)
        rows.append(Row(group.name, spread.mean, shown, spread.deviation, validation.mean if validation else None, not rows))
    limits = [(spread.mean, words) for key, words in LIMITS if (spread := scored[0][0].spread(key))]
    counted = [group for group, _ in scored if group.first.section == "bag_of_words" and group.spread(CEILING)]
    best, last = ordered[0], ordered[-1]
    caption = (
        f"From {last[0].name} with {last[1].text(score.digits, score.unit)} to {best[0].name} with "
        f"{best[1].text(score.digits, score.unit)}. Dots: test split; rings: validation"
        + ("; dotted: what the grammar knows to be possible." if limits else ".")
        + (f" Of {len(ordered)} runs the best and the last." if len(rows) < len(ordered) else "")
    )
    return Figure(
        title=f"{score.label[0].upper()}{score.label[1:]} on {corpus}",
        svg=dot_chart(rows, f"{score.label}{score.unit}, test split", limits),
        caption=caption,
        claims=("bag-of-words",) if counted else (),
    )
