"""Tokenized splits written back as one plain text: what tools outside of the pipeline read, and corpora that are joined."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from rnnpipe.text.tokenized import read_column


def write_documents(splits: Iterable[Path], out: Path, lowercase: bool = False) -> int:
    """Write the documents of some splits, one a line, with a space between words; return how many.

    Parameters
    ----------
    splits : iterable of Path
        Their Parquet files, in the order of writing. Documents without words are skipped.
    out : Path
        UTF-8.
    lowercase : bool, default=False
    """
    documents = 0
    with out.open("w", encoding="utf-8", newline="\n") as file:
        for split in splits:
            for piece in read_column(split):
                strings = [string.lower() for string in piece.strings] if lowercase else piece.strings
                words = [strings[code] for code in piece.codes]
                start = 0
                for length in piece.lengths[piece.lengths > 0].tolist():
                    file.write(" ".join(words[start : start + length]) + "\n")
                    start += length
                    documents += 1
    return documents
