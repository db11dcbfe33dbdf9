"""What the stage measure_softmax found: cost by size of the vocabulary, drawn words, vectors by J and by exponent."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from rnnpipe.report.measurements import Measured

LAYERS = {"full": "full softmax", "hierarchical": "hierarchical softmax", "negative": "negative sampling"}
"""Kinds of softmax, as in cost.csv, with their names; the dearest first."""
NEGATIVES, EXPONENT = 5, 0.75
"""J and exponent (Mikolov et al. 2013) that stay where the other one varies."""


@dataclass(frozen=True)
class Score:
    """Vectors of one J and exponent: analogies in percent, Spearman's correlation in [-1, 1]; None where not measured."""

    negative: int
    exponent: float
    analogies: float | None
    spearman: float | None


@dataclass(frozen=True)
class Draw:
    """How often a word was drawn, and how often the formula expects it, for one exponent."""

    word: str
    drawn: float
    expected: float
    exponent: float


@dataclass(frozen=True)
class Softmax:
    """One entry of the section `softmax`."""

    run: Measured

    def cost(self, layer: str, column: str = "rows_per_pair") -> dict[int, float]:
        """Return words of the vocabulary → a column of cost.csv for one of `LAYERS`, the smallest vocabulary first."""
        rows = [row for row in self.run.rows("cost.csv") if row["softmax"] == layer and row.get(column)]
        return dict(sorted((int(row["vocabulary"]), float(row[column])) for row in rows))

    @cached_property
    def draws(self) -> tuple[Draw, ...]:
        """All rows of frequencies.csv."""
        rows = self.run.rows("frequencies.csv")
        return tuple(Draw(row["word"], float(row["drawn"]), float(row["expected"]), float(row["exponent"])) for row in rows)

    @cached_property
    def scores(self) -> tuple[Score, ...]:
        """All rows of scores.csv, in order of J and then of the exponent."""
        rows = self.run.rows("scores.csv")
        scores = (
            Score(int(row["negative"]), float(row["exponent"]), _number(row["analogies"]), _number(row["spearman"]))
            for row in rows
        )
        return tuple(sorted(scores, key=lambda score: (score.negative, score.exponent)))

    def by_negatives(self) -> tuple[Score, ...]:
        """Return the scores at exponent 3/4, in order of J."""
        return tuple(score for score in self.scores if score.exponent == EXPONENT)

    def by_exponent(self) -> tuple[Score, ...]:
        """Return the scores at J = 5, in order of the exponent."""
        return tuple(score for score in self.scores if score.negative == NEGATIVES)


def format_cost(cost: float) -> str:
    """Write a cost, a fraction only where it is small."""
    return f"{cost:,.0f}" if cost >= 1000 else f"{cost:.1f}"


def _number(text: str | None) -> float | None:
    return float(text) if text else None
