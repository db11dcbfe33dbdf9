"""Sentences that the language models wrote."""

from rnnpipe.report.blocks import Quotes, Section
from rnnpipe.report.groups import group_runs
from rnnpipe.report.measurements import Measurements

SENTENCES = 8


def section(measurements: Measurements) -> Section:
    """Return the first sentences that each model drew."""
    groups = group_runs(measurements.of("language_model"))
    drawn = [(group.first, tuple(line for line in group.first.lines("samples.txt") if line.strip())) for group in groups]
    quotes = tuple(Quotes(run.name, lines[:SENTENCES], f"corpus: {run.parameter('corpus')}") for run, lines in drawn if lines)
    lead = "Drawn word by word from each model, until it draws the end of the sentence; nothing is picked by hand."
    return Section("samples", "Sampled sentences", lead, quotes)
