"""What all figures rest on: the words of the corpora, the parameters, the code and the libraries."""

from __future__ import annotations

from rnnpipe.report.blocks import MISSING, Block, Fold, PageSection, Table
from rnnpipe.report.read.groups import format_number
from rnnpipe.report.read.measurements import Measurements

CODE = "Sums of what a stage's command loads, without comments and formatting; the first 16 of 64 digits."
LOCK = "As locked for the installation."
ORDER = ("train", "validation", "test")


def remarks_table(measurements: Measurements) -> Table | None:
    """Return what is odd about the corpora, where anything is: it stands before the scores that it is about."""
    found = ((corpus.name, corpus.metrics.get("remarks", ())) for corpus in measurements.vocabularies)
    rows = tuple((name, remark) for name, remarks in found for remark in remarks)
    caption = "What makes the scores on a corpus say less than they seem to."
    return Table(title="Remarks on the corpora", headings=("corpus", "remark"), rows=rows, caption=caption) if rows else None


def vocabulary_section(measurements: Measurements) -> PageSection:
    """Return one line for each corpus and split."""
    rows = []
    for corpus in measurements.vocabularies:
        size = corpus.number("size")
        splits = dict.fromkeys(key.split(".")[1] for key in corpus.metrics if key.endswith(".coverage"))
        for split in sorted(splits, key=lambda name: ORDER.index(name) if name in ORDER else len(ORDER)):
            tokens = corpus.number(f"splits.{split}.tokens")
            shares = (corpus.number(f"splits.{split}.{name}") for name in ("coverage", "oov_rate", "in_train"))
            shown = [format_number(share, 2) if share is not None else MISSING for share in shares]
            counts = [f"{count:,.0f}" if count is not None else MISSING for count in (size, tokens)]
            rows.append((corpus.name, split, *counts, *shown))
    headings = ("corpus", "split", "vocabulary", "tokens", "covered %", "<unk> %", "texts in train %")
    table = Table(
        title="Words of the corpora",
        headings=headings,
        rows=tuple(rows),
        numbers=frozenset(range(2, 7)),
        caption="How many words a corpus has, the share of the running words of each split that have an id, and the share of its "
        "texts of 5 words and more that stand in train too, word for word.",
        claims=("unknown",),
    )
    lead = "Words get an id from the train split only; all others are <unk>. A score means little where many words are <unk>."
    return PageSection("vocabulary", "Vocabulary coverage", lead, (table,) if rows else ())


def provenance_section(measurements: Measurements) -> PageSection:
    """Return the sums of parameters and code, and the versions of all libraries; in git they would change with each commit."""
    provenance = measurements.provenance
    if provenance is None:
        return PageSection("provenance", "Provenance", "", ())
    code = tuple((stage, digest[:16]) for stage, digest in provenance.code)
    stages = Table(title="Code of each stage", headings=("stage", "sum of its code"), rows=code, wide=False, caption=CODE)
    libraries = Table(title="Libraries", headings=("library", "version"), rows=provenance.libraries, wide=False, caption=LOCK)
    blocks: tuple[Block | Fold, ...] = (Fold(f"{len(code)} stages and {len(libraries.rows)} libraries", (stages, libraries)),)
    lead = (
        f"Sum of all parameters, defaults filled in: `{provenance.parameters}`. The same parameters, code and libraries make "
        "this page again, byte for byte, on one kind of processor: it knows no commit, no time and no host."
    )
    return PageSection("provenance", "Provenance", lead, blocks, in_markdown=False)
