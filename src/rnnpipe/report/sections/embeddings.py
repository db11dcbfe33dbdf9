"""Word vectors: what they know, which words are near, and the map of the lecture's words."""

from rnnpipe.params import FeatureGrammar, Params
from rnnpipe.report.blocks import Block, Figure, Section, Table
from rnnpipe.report.groups import group_runs
from rnnpipe.report.maps import word_map
from rnnpipe.report.measurements import Measured, Measurements

COLUMNS = (
    ("analogies.accuracy", "analogies %", 1),
    ("analogies.word", "e alone %", 1),
    ("analogies.context", "w alone %", 1),
    ("analogies.covered", "covered", 0),
    ("probe.accuracy", "features found %", 1),
    ("cosine.apple_orange", "cos(apple, orange)", 2),
    ("cosine.apple_king", "cos(apple, king)", 2),
)
NEIGHBOURS = 5
WORDS = 12


def section(measurements: Measurements) -> Section:
    """Return the table of all evaluated embeddings, then a map and neighbours of each that was trained."""
    evaluated = [entry for entry in measurements.embeddings if entry.name in measurements.params.embedding_evaluation]
    blocks: list[Block] = [_table(measurements, evaluated)] if evaluated else []
    trained = [entry for entry in evaluated if entry.section != "embeddings"]
    blocks += [figure for entry in trained if (figure := _map(entry))]
    blocks += [table for entry in trained if (table := _neighbours(entry))]
    return Section("embeddings", "Word vectors", _lead(measurements.params), tuple(blocks))


def _lead(params: Params) -> str:
    lead = "An analogy asks man : woman = king : ?, and is solved where the nearest vector is the right word."
    mixings = [grammar.mixing for grammar in params.grammars.values() if isinstance(grammar, FeatureGrammar)]
    if not mixings:
        return lead
    return (
        f"{lead} GloVe learns nothing from words that never stand together, since its weight f(0) is 0: "
        f"so {100 * mixings[0]:g} % of the grammar's contexts are drawn from all words."
    )


def _table(measurements: Measurements, evaluated: list[Measured]) -> Table:
    groups = group_runs(evaluated)
    columns = [column for column in COLUMNS if any(group.spread(column[0]) for group in groups)]
    rows = tuple(
        (
            group.name,
            _kind(group.first),
            measurements.params.embedding_evaluation[group.first.name].corpus,
            *(group.text(key, digits) for key, _, digits in columns),
        )
        for group in groups
    )
    headings = ("embedding", "kind", "asked on", *(heading for _, heading, _ in columns))
    return Table(headings, rows, frozenset(range(3, len(headings))), caption="Vectors and what they know")


def _kind(entry: Measured) -> str:
    if entry.section == "embeddings":
        return str(entry.parameter("kind"))
    dimension = entry.parameter("dimension")
    return entry.section + (f", {dimension} numbers" if dimension else "")


def _map(entry: Measured) -> Figure | None:
    points = [(row["word"], float(row["x"]), float(row["y"])) for row in entry.rows("map.csv")]
    if not points:
        return None
    caption = "The two largest principal components. Words that mean similar things should stand together."
    return Figure(word_map(points), f"Map of {entry.name}", caption=caption)


def _neighbours(entry: Measured) -> Table | None:
    words: dict[str, list[str]] = {}
    for row in entry.rows("neighbours.csv"):
        if int(row["rank"]) <= NEIGHBOURS:
            words.setdefault(row["word"], []).append(f"{row['neighbour']} {float(row['cosine']):.2f}")
    rows = tuple((word, ", ".join(near)) for word, near in list(words.items())[:WORDS])
    headings = ("word", "nearest words and their cosine")
    return Table(headings, rows, caption=f"Neighbours in {entry.name}", wide=False) if rows else None
