"""How long a text is, counted in the same units whatever its words are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from rnnpipe.text.vocabulary import UNK

if TYPE_CHECKING:
    from rnnpipe.text.encoded import EncodedSplit

BLOCK = 2**22
"""Words counted together."""


def characters_of(split: EncodedSplit, tokens: Sequence[str], joined_by: str) -> int:
    """Return the length of a split's text: each word, what stands between two words, and one end for each document.

    Parameters
    ----------
    split : EncodedSplit
        An `<unk>` has its true letters where its spelling is known.
    tokens : sequence of str
        The vocabulary's: id → word.
    joined_by : str
        What stands between two words of a document, as `EncodedMeta` says.
    """
    counts = np.zeros(len(tokens), dtype=np.int64)
    for first in range(0, len(split.ids), BLOCK):
        counts += np.bincount(split.ids[first : first + BLOCK], minlength=len(tokens))
    unknown = 0
    if split.spellings is not None:
        unknown, counts[UNK] = split.spellings.characters, 0
    letters = int(counts @ np.array([len(token) for token in tokens], dtype=np.int64))
    between = len(split.ids) - int(np.count_nonzero(split.lengths))
    return letters + unknown + len(joined_by) * between + len(split)
