"""Minimal pairs of a text corpus: `pairs.tsv` beside the text.

"The dogs in the park sleep" against "The dogs in the park sleeps" (Linzen et al. 2016):
one prefix, two words, one of them correct.
"""

import re
from pathlib import Path
from typing import NamedTuple

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.corpora.lines import read_lines

PAIRS = "pairs.tsv"
HEADER = ("distance", "prefix", "good", "bad")
DISTANCE = re.compile("[0-9]{1,9}")


class MinimalPair(NamedTuple):
    """A prefix and two words that could follow it, and where they stand: file:line."""

    where: str
    distance: int
    """Tokens between the word that decides and the one that is decided."""
    prefix: str
    good: str
    bad: str


def read_pairs(path: Path) -> list[MinimalPair]:
    """Read a header, then distance, prefix, good and bad parted by tabs; blank lines are skipped. No file: no pairs.

    Raises
    ------
    RnnpipeError
        A line is no pair: file:line. See also `read_lines`.
    """
    if not path.is_file():
        return []
    pairs = []
    lines = enumerate(read_lines(path), start=1)
    if tuple(next(lines, (1, ""))[1].split("\t")) != HEADER:
        raise RnnpipeError(f"{path}:1: the first line must be the header {' '.join(HEADER)}, parted by tabs")
    for number, line in lines:
        fields = line.split("\t")
        if not line.strip():
            continue
        if len(fields) != len(HEADER) or not DISTANCE.fullmatch(fields[0]):
            raise RnnpipeError(f"{path}:{number}: a pair has a whole number and three texts, parted by tabs, not {fields}")
        pairs.append(MinimalPair(f"{path}:{number}", int(fields[0]), *fields[1:]))
    return pairs
