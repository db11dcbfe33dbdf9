"""What the models answer: which class they take for which, what follows a name, the sentences that they write."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial

from rnnpipe.report.blocks import Block, Figure, Fold, Matrix, PageSection, Quotes, Table, fold
from rnnpipe.report.read.groups import (
    Group,
    best_group,
    by_corpus,
    format_number,
    group_runs,
    pairs_differing_in,
    writes_tunes,
)
from rnnpipe.report.read.measurements import Measured, Measurements
from rnnpipe.report.read.twins import Sentence, sentences, twins
from rnnpipe.report.sections.mistakes import surest_mistakes
from rnnpipe.report.svg.rows import Tagged, tag_strips

SENTENCES = 8
Draw = Callable[[Measured], Block | None]


def confusion_sections(measurements: Measurements) -> tuple[PageSection, ...]:
    """Return, for each task whose runs were asked what they take for what, a table for each run, the best one's in sight."""
    sections = []
    for task, kind in measurements.tasks.items():
        groups = group_runs(measurements.of_task(task))
        types = _types(groups)
        lead = "Rows are the truth, columns what was predicted; the stronger the colour, the larger the share of the row."
        lead = f"An entity counts as found if both its ends and its type are correct. {lead}" if types else lead
        blocks: list[Block | Fold] = [block for block in (types, *_pairs(groups)) if block]
        for members in by_corpus(groups).values():
            blocks += _best_first("Confusions", members, _matrix)
            best = best_group(members)
            if best and (mistakes := surest_mistakes(best.first)):
                blocks.append(mistakes)
        sections.append(PageSection(task, f"{kind.title}: confusions", lead, tuple(blocks)))
    return tuple(sections)


def samples_section(measurements: Measurements) -> PageSection:
    """Return the first sentences that each model drew."""
    blocks: list[Block | Fold] = []
    for groups in by_corpus(group_runs(measurements.of_task("language_model"))).values():
        tunes = writes_tunes(measurements, groups[0].first)
        blocks += _best_first("Tunes" if tunes else "Sentences", groups, partial(_sample, tunes=tunes))
    lead = "Drawn word by word from each model, until it draws the end of the sentence; nothing is picked by hand."
    return PageSection("samples", "Sampled sentences", lead, tuple(blocks))


def _best_first(what: str, groups: Sequence[Group], draw: Draw) -> list[Block | Fold]:
    """Return the block of the group that is best on validation, and those of the others folded."""
    best = best_group(groups)
    ordered = sorted(groups, key=lambda group: group is not best)
    drawn = [(group, block) for group in ordered if (block := draw(group.first))]
    others = drawn[1:]
    return [
        *(block for _, block in drawn[:1]),
        *fold(what, (block for _, block in others), (group.first.name for group, _ in others)),
    ]


def _matrix(run: Measured) -> Matrix | None:
    rows = run.rows("confusion.csv")
    if not rows:
        return None
    classes = tuple(dict.fromkeys([row["actual"] for row in rows] + [row["predicted"] for row in rows]))
    counts = {(row["actual"], row["predicted"]): int(row["count"]) for row in rows}
    cells = tuple(tuple(counts.get((actual, predicted), 0) for predicted in classes) for actual in classes)
    title = f"Confusions of {run.name} ({run.parameter('corpus')})"
    return Matrix(title=title, classes=classes, counts=cells, caption=_most_mistaken(classes, counts))


def _most_mistaken(classes: Iterable[str], counts: dict[tuple[str, str], int]) -> str:
    mistakes = {pair: count for pair, count in counts.items() if pair[0] != pair[1] and count}
    if not mistakes:
        return "Nothing was mistaken."
    actual, predicted = max(mistakes, key=lambda pair: mistakes[pair])
    count = mistakes[actual, predicted]
    share = 100 * count / sum(counts.get((actual, other), 0) for other in classes)
    return f"Most often mistaken: {actual} for {predicted}, {count:,} times ({format_number(share, 1)} % of all {actual})."


def _types(groups: Iterable[Group]) -> Table | None:
    """Return the table run × type of entity, from spans.csv of each run."""
    scores = [(group, {row["type"]: float(row["f1"]) for row in group.first.rows("spans.csv")}) for group in groups]
    types = list(dict.fromkeys(kind for _, by_type in scores for kind in by_type))
    if not types:
        return None
    scored = [(group.first.name, by_type) for group, by_type in scores if by_type]
    rows = tuple((name, *(f"{by_type[kind]:.1f}" if kind in by_type else "–" for kind in types)) for name, by_type in scored)
    return Table(
        title="Span F1 of each type of entity",
        headings=("run", *types),
        rows=rows,
        numbers=frozenset(range(1, len(types) + 1)),
        caption=_weakest(scored),
        claims=("bidirectional",),
        wide=False,
    )


def _weakest(scored: Iterable[tuple[str, dict[str, float]]]) -> str:
    f1, kind, name = min((f1, kind, name) for name, by_type in scored for kind, f1 in by_type.items())
    return f"Percent. The lowest is that of {kind} in {name}, {format_number(f1, 1)}."


def _pairs(groups: Iterable[Group]) -> list[Figure]:
    """Return, for networks that differ only in their directions, two sentences that only what follows tells apart."""
    figures = []
    for family in pairs_differing_in(groups, "network.bidirectional"):
        both, forward = sorted(family, key=lambda group: not group.first.parameter("network.bidirectional"))
        readers = [sentences(run) for run in (forward.first, both.first)]
        found = twins(readers[0])
        if found is None or len(readers[1]) != len(readers[0]):
            continue
        *places, asked_word = found
        drawn = [_tagged([reader[place] for reader in readers], asked_word) for place in places]
        correct = [group.spread("pairs.correct") for group in (forward, both)]
        asked = [spread.text(0, " %") for spread in correct if spread]
        one, other = places
        caption = f"Sentences {one:,} and {other:,} of the test split begin alike: what follows decides. ✗ marks a wrong tag."
        if len(asked) == 2:
            caption += f" Of all such pairs made for it, forward alone gets {asked[0]} right, both directions {asked[1]}."
        svg = tag_strips(drawn, ("truth", "forward", "both"))
        title = f"Names that what follows decides ({forward.name}, {both.name})"
        figures.append(Figure(title=title, svg=svg, caption=caption, claims=("bidirectional",)))
    return figures


def _tagged(read: Sequence[Sentence], asked: int) -> Tagged:
    return Tagged(read[0].words, (read[0].actual, *(sentence.predicted for sentence in read)), asked)


def _sample(run: Measured, tunes: bool) -> Quotes | None:
    lines = tuple(line for line in run.lines("samples/sentences.txt") if line.strip())
    if not lines:
        return None
    accepted, drawn, usual = (run.number(key) for key in ("sampling.accepted", "length.sampled", "length.corpus"))
    caption = [f"Corpus: {run.parameter('corpus')}."]
    if accepted is not None:
        caption.append(f"The grammar accepts {format_number(accepted, 1)} % of all that were drawn.")
    if drawn is not None and usual is not None:
        caption.append(f"{format_number(drawn, 1)} words long on average, in the corpus {format_number(usual, 1)}.")
    if tunes:
        caption.append(f"As a score and to be played: reports/language_model/{run.name}/samples/.")
    claims = ("sampling", "rnn-types") if tunes else ("sampling",)
    return Quotes(title=f"Drawn from {run.name}", lines=lines[:SENTENCES], caption=" ".join(caption), claims=claims)
