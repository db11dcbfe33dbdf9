"""Vocabularies and what they leave out."""

from rnnpipe.report.blocks import MISSING, Section, Table
from rnnpipe.report.groups import format_number
from rnnpipe.report.measurements import Measurements

ORDER = ("train", "valid", "test")


def section(measurements: Measurements) -> Section:
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
