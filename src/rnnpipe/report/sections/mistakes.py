"""The mistakes that a classifier was surest of, in the texts' own words."""

from __future__ import annotations

from rnnpipe.report.blocks import Table
from rnnpipe.report.read.measurements import Measured

SHOWN = 5
LONGEST = 120
"""Characters of a text."""


def surest_mistakes(run: Measured) -> Table | None:
    """Return the wrong labels that a run found likeliest; None where it made no mistake, or its predictions are not there."""
    wrong = [row for row in run.rows("predictions.csv") if row["actual"] != row["predicted"]]
    if not wrong:
        return None
    wrong.sort(key=lambda row: (-float(row["probability"]), int(row["document"])))
    return Table(
        title=f"Surest mistakes of {run.name} ({run.parameter('corpus')})",
        headings=("document", "truth", "predicted", "probability %", "text"),
        rows=tuple(
            (row["document"], row["actual"], row["predicted"], f"{100 * float(row['probability']):.1f}", _beginning(row["text"]))
            for row in wrong[:SHOWN]
        ),
        numbers=frozenset((0, 3)),
        page_only=frozenset((4,)),  # results.md is in git, where texts of a corpus have no place
        caption=f"Of {len(wrong):,} in the test split; a document's number is its place there, from 0, as in predictions.csv.",
    )


def _beginning(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
