"""Word vectors as the report and the claims see them: how each was made, what it is asked, and what `measure_softmax` found."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from rnnpipe.common.tables import Row
from rnnpipe.report.read.groups import Spread, spread_of
from rnnpipe.report.read.measurements import Measured, Measurements

TRAINED = ("word2vec", "glove", "window", "imported")
"""Sections of params.yaml whose embeddings learned from text."""
CONTEXTS = {
    "previous_4": "previous 4 words",
    "previous_1": "previous word",
    "around_4": "4 words on both sides",
    "nearby_1": "1 nearby word",
}
"""The lecture's choices of context for its network."""
_COMBINATIONS = {"mean": "(e + w) / 2", "word": "e alone", "context": "w alone", "concat": "e beside w"}
_ARCHITECTURES = {"skip_gram": "Word2Vec skip-gram", "cbow": "Word2Vec CBOW"}


def evaluated(measurements: Measurements) -> list[Measured]:
    """Return the embeddings that are asked questions, in the order of params.yaml."""
    return [entry for entry in measurements.embeddings if entry.name in measurements.params.embedding_evaluation]


def asked(measurements: Measurements, entry: Measured) -> tuple[str, str]:
    """Return corpus and truth (`grammar` or `published`) of the questions that an evaluated embedding is asked."""
    evaluation = measurements.params.embedding_evaluation[entry.name]
    return evaluation.corpus, evaluation.truth


def method(entry: Measured) -> str:
    """Say in a few words how an embedding was made: `Word2Vec CBOW, hierarchical softmax`, `random`."""
    if entry.section == "embeddings":
        return str(entry.parameter("kind")).replace("_", "-")
    if entry.section == "imported":
        return f"ready-made, {entry.parameter('source')}"
    if entry.section == "glove":
        return f"GloVe, {weighting(entry)}, {_COMBINATIONS[entry.parameter('vectors')]}"
    if entry.section == "word2vec":
        return f"{_ARCHITECTURES[entry.parameter('architecture')]}, window {entry.parameter('window')}, {objective(entry)}"
    return f"window network, {CONTEXTS[entry.parameter('context')]}, {objective(entry)}"


def objective(entry: Measured) -> str:
    """Return what Word2Vec or the window network is trained by: `5 negatives`, `hierarchical softmax`, `full softmax`."""
    softmax, negative = entry.parameter("softmax"), entry.parameter("negative")
    if softmax is None:
        softmax = "negative" if negative else "hierarchical"
    if softmax != "negative":
        return f"{softmax} softmax"
    return f"{negative} negative{'s' if negative > 1 else ''}"


def loss_name(entry: Measured) -> str:
    """Return whose loss a trained embedding's is; losses of other names cannot be compared with it."""
    if entry.section == "glove":
        return "GloVe"
    name = _ARCHITECTURES[entry.parameter("architecture")] if entry.section == "word2vec" else "the window network"
    return f"{name}, {objective(entry)}"


def weighting(entry: Measured) -> str:
    """Return GloVe's weight f in words; it is 1 for every pair where alpha is 0."""
    alpha = entry.parameter("alpha")
    return f"f = min(1, (x / {entry.parameter('x_max'):g})^{alpha:g})" if alpha else "f constant"


def final_loss(entry: Measured) -> float | None:
    """Return the loss of the last epoch; None without a history."""
    losses = entry.curve("loss")
    return losses[-1][1] if losses else None


def similarity_sets(entries: list[Measured]) -> list[str]:
    """Return the names of the sets of word pairs that any of the embeddings was scored on."""
    return sorted({key.split(".")[1] for entry in entries for key in entry.metrics if key.startswith("similarity.")})


LAYERS = {"full": "full softmax", "hierarchical": "hierarchical softmax", "negative": "negative sampling"}
"""Kinds of softmax, as in cost.csv, with their names; the dearest first."""
NEGATIVES, EXPONENT = 5, 0.75
"""J and exponent (Mikolov et al. 2013) that stay where the other one varies."""


@dataclass(frozen=True)
class NegativesScore:
    """Vectors of one J and exponent, trained with several seeds; None where not measured."""

    negative: int
    exponent: float
    analogies: Spread | None
    """Percent."""
    spearman: Spread | None
    """Rank correlation with known similarities, in [-1, 1]."""


@dataclass(frozen=True)
class Draw:
    """How often a word was drawn, and how often the formula expects it, for one exponent."""

    word: str
    drawn: float
    expected: float
    exponent: float


@dataclass(frozen=True)
class SoftmaxReport:
    """One entry of the section `softmax`."""

    run: Measured

    def cost(self, layer: str, column: str = "rows_per_pair") -> dict[int, float]:
        """Return words of the vocabulary → a column of cost.csv for one of `LAYERS`, the smallest vocabulary first."""
        rows = [row for row in self.run.rows("cost.csv") if row["softmax"] == layer and row.get(column)]
        return dict(sorted((int(row["vocabulary"]), float(row[column])) for row in rows))

    @cached_property
    def sizes(self) -> list[int]:
        """All sizes of the vocabulary in cost.csv, the smallest first."""
        return sorted({int(row["vocabulary"]) for row in self.run.rows("cost.csv")})

    @cached_property
    def draws(self) -> tuple[Draw, ...]:
        """All rows of frequencies.csv."""
        rows = self.run.rows("frequencies.csv")
        return tuple(Draw(row["word"], float(row["drawn"]), float(row["expected"]), float(row["exponent"])) for row in rows)

    @cached_property
    def scores(self) -> tuple[NegativesScore, ...]:
        """scores.csv, a row for each seed, in order of J and then of the exponent."""
        settings: dict[tuple[int, float], list[Row]] = {}
        for row in self.run.rows("scores.csv"):
            settings.setdefault((int(row["negative"]), float(row["exponent"])), []).append(row)
        return tuple(
            NegativesScore(*setting, *(spread_of(rows, column) for column in ("analogies", "spearman")))
            for setting, rows in sorted(settings.items())
        )

    def by_negatives(self) -> tuple[NegativesScore, ...]:
        """Return the scores at exponent 3/4, in order of J."""
        return tuple(score for score in self.scores if score.exponent == EXPONENT)

    def by_exponent(self) -> tuple[NegativesScore, ...]:
        """Return the scores at J = 5, in order of the exponent."""
        return tuple(score for score in self.scores if score.negative == NEGATIVES)


def format_cost(cost: float) -> str:
    """Write a cost, a fraction only where it is small."""
    return f"{cost:,.0f}" if cost >= 1000 else f"{cost:.1f}"
