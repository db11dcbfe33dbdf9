"""Splits that are held out of the training split."""

import hashlib
from collections.abc import Mapping


def split_of(text: str, hold_out: Mapping[str, float], seed: int) -> str:
    """Return the split of a text of the train file: one of `hold_out`, or `train`.

    Parameters
    ----------
    text : str
        Equal texts fall in one split, so that no text is learned from and tested on.
    hold_out : mapping of str to float
        Split → its share of all texts, each in [0, 1), together less than 1.
    seed : int
        Another seed draws other texts.
    """
    digest = hashlib.blake2b(text.encode(), digest_size=8, key=str(seed).encode()).digest()
    place = int.from_bytes(digest, "big") / 2**64
    for split, share in hold_out.items():
        if place < share:
            return split
        place -= share
    return "train"
