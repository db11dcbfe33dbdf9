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
GROUPED = (*HEADER, "group", "attractors")
NUMBER = re.compile("[0-9]{1,9}")
UNKNOWN = -1
"""A distance or a number of attractors that a file does not tell."""


class MinimalPair(NamedTuple):
    """A prefix and two words that could follow it, and where they stand: file:line."""

    where: str
    distance: int
    """Tokens between the word that decides and the one that is decided, or `UNKNOWN`."""
    prefix: str
    good: str
    bad: str
    group: str = ""
    """What it asks, `object relative` say; empty: nothing is said."""
    attractors: int = UNKNOWN
    """Words between the two that would decide otherwise, or `UNKNOWN`."""


def read_pairs(path: Path, group: str = "") -> list[MinimalPair]:
    """Read a header, then distance, prefix, good and bad parted by tabs; blank lines are skipped. No file: no pairs.

    Two more columns, group and attractors, may follow; `group` is what a pair belongs to whose file has no such column.

    Raises
    ------
    RnnpipeError
        A line is no pair: file:line. See also `read_lines`.
    """
    if not path.is_file():
        return []
    pairs = []
    lines = enumerate(read_lines(path), start=1)
    header = tuple(next(lines, (1, ""))[1].split("\t"))
    if header not in (HEADER, GROUPED):
        raise RnnpipeError(
            f"{path}:1: the first line must be the header {' '.join(HEADER)}, parted by tabs; group and attractors may follow"
        )
    for number, line in lines:
        fields = line.split("\t")
        if not line.strip():
            continue
        numbers = [fields[0], *fields[5:]]
        if len(fields) != len(header) or not all(map(NUMBER.fullmatch, numbers)):
            wanted = "a whole number and three texts" + (", a group and a whole number" if header == GROUPED else "")
            raise RnnpipeError(f"{path}:{number}: a pair has {wanted}, parted by tabs, not {fields}")
        named, attractors = (fields[4], int(fields[5])) if header == GROUPED else (group, UNKNOWN)
        prefix, good, bad = fields[1:4]
        pairs.append(MinimalPair(f"{path}:{number}", int(fields[0]), prefix, good, bad, named, attractors))
    return pairs
