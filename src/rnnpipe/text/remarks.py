"""What is odd about a corpus and still no mistake: splits whose scores say little. For the log and the report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Literal

import numpy as np
import pyarrow.parquet as pq

from rnnpipe.text.meta import TokenizedMeta
from rnnpipe.text.tokenized import read_column

MOST_WORDLESS = 1.0
"""Percent of a split's texts without a word that nothing is said about."""
FEW_LABELS = 9
"""Labels that may be more than half as many as the texts of train."""
MOST_UNKNOWN = 50.0
"""Percent of a split's words without an id that nothing is said about."""


def remarks_on(tokenized: Path, meta: TokenizedMeta, unknown: Mapping[str, float]) -> list[str]:
    """Return a sentence for each oddity, split after split; none of a corpus that is as it should be.

    Parameters
    ----------
    tokenized : Path
        Folder of the tokenized corpus.
    meta : TokenizedMeta
        Its `meta.json`.
    unknown : mapping of str to float
        Split → percent of its running words that have no id.
    """
    remarks: list[str] = []
    if meta["format"] == "labelled":
        remarks += _alike("labels", meta["labels"])
        for split in meta["splits"]:
            remarks += _labels(split, _count(tokenized / f"{split}.parquet", "label"), meta["labels"])
            remarks += _wordless(split, tokenized / f"{split}.parquet", meta["splits"][split]["documents"])
    if meta["format"] == "columns":
        remarks += _alike("types of entities", meta["entities"])
        for split in meta["splits"]:
            if not _count(tokenized / f"{split}.parquet", "tags").keys() - {"O"}:
                told = "nothing is learned" if split == "train" else "its F1 is 0 whatever is found"
                remarks.append(f"the split {split} has no entity, so {told}; is tag_column right?")
    for split, share in unknown.items():
        if share > MOST_UNKNOWN:
            remarks.append(f"{share:.0f} % of the words of the split {split} are <unk>: train has them nowhere, or too rarely")
    return remarks


def _alike(what: str, names: list[str]) -> Iterator[str]:
    """Yield names that differ in nothing but capitals."""
    groups: dict[str, list[str]] = {}
    for name in names:
        groups.setdefault(name.casefold(), []).append(repr(name))
    for group in groups.values():
        if len(group) > 1:
            yield f"the {what} {' and '.join(group)} differ in capitals alone; are they the same?"


def _labels(split: str, counts: Counter[str], labels: list[str]) -> Iterator[str]:
    """Yield what is odd about the labels of a split; one without any is a split without labels."""
    missing = [label for label in labels if label not in counts]
    if split == "train" and counts and missing:
        yield f"no text of the split train has the label {missing[0]!r}, so nobody learns it"
    if split == "train" and len(labels) > max(FEW_LABELS, counts.total() // 2):
        yield f"the split train has {len(labels)} labels for {counts.total()} texts; is label_column right?"
    if split != "train" and len(counts) == 1 and len(labels) > 1:
        yield f"every text of the split {split} has the label {next(iter(counts))!r}: whoever always says so scores 100 %"


def _wordless(split: str, path: Path, documents: int) -> Iterator[str]:
    with pq.ParquetFile(path) as file:
        pieces = (file.read_row_group(number, columns=["starts"]).column("starts") for number in range(file.num_row_groups))
        empty = sum(int(np.sum(np.diff(chunk.offsets.to_numpy()) == 0)) for piece in pieces for chunk in piece.chunks)
    if 100 * empty > MOST_WORDLESS * documents:
        yield f"{empty} of {documents} texts of the split {split} have no word once they are tokenized: what they get is a guess"


def _count(path: Path, column: Literal["label", "tags"]) -> Counter[str]:
    """Return how often each label or tag occurs in a split."""
    counts: Counter[str] = Counter()
    for piece in read_column(path, column):
        known = np.bincount(piece.codes[piece.codes >= 0], minlength=len(piece.strings))
        counts.update({name: int(count) for name, count in zip(piece.strings, known, strict=True) if count})
    return counts
