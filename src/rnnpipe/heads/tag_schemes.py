"""Ways to write spans as one label a word.

A corpus keeps its tags in IOB2: tag 0 is O, then B and I of each type in turn. A head may learn the labels of another scheme:

- IOB1: I; B only where a span follows another one of its type at once.
- IOB2: B at the first word of a span, I at the others.
- BIOES: B, I and E at the first, inner and last words of a span, S at the only one.

Label 0 is O, then the roles of each type in turn.
"""

from __future__ import annotations

from typing import Literal, get_args

import torch
from torch import Tensor
from torch.nn import functional as F

Scheme = Literal["IOB1", "IOB2", "BIOES"]
SCHEMES: tuple[Scheme, ...] = get_args(Scheme)
ROLES: dict[Scheme, str] = {"IOB1": "BI", "IOB2": "BI", "BIOES": "BIES"}
OUTSIDE = ("O", 0)


def labels(scheme: Scheme, tags: int) -> list[tuple[str, int]]:
    """Return the role and the type (from 1) of each label, for a number of tags in IOB2."""
    return [OUTSIDE, *((role, kind) for kind in range(1, (tags - 1) // 2 + 1) for role in ROLES[scheme])]


def may_follow(scheme: Scheme, before: tuple[str, int], label: tuple[str, int]) -> bool:
    """Tell whether a label may stand behind another one; before the first word and behind the last one stands O."""
    role, kind = label
    if scheme == "BIOES":
        is_open = before[0] in "BI"
        return is_open == (role in "IE") and (not is_open or kind == before[1])
    needs_one_before = "I" if scheme == "IOB2" else "B"
    return role != needs_one_before or kind == before[1]


def allowed(scheme: Scheme, tags: int) -> Tensor:
    """Return which label may follow which, shape (L, L), dtype=bool: row the first one, column the second."""
    known = labels(scheme, tags)
    return torch.tensor([[may_follow(scheme, before, label) for label in known] for before in known])


def borders(tags: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Return where spans begin and where they end, and the type of each word, 0 of O, by conlleval's rules: all (B, T).

    An I that follows no word of its type begins a span.
    """
    kinds = (tags + 1) // 2  # B of type k is 2k - 1, I of type k is 2k
    before, after = F.pad(kinds, (1, 0))[:, :-1], F.pad(kinds, (0, 1))[:, 1:]
    is_begin = tags % 2 == 1
    begins = (kinds > 0) & (is_begin | (kinds != before))
    ends = (kinds > 0) & (F.pad(is_begin, (0, 1))[:, 1:] | (kinds != after))
    return begins, ends, kinds


def from_iob2(scheme: Scheme, tags: Tensor) -> Tensor:
    """Return the labels of tags, both (B, T), dtype=int64; see `borders`."""
    begins, ends, kinds = borders(tags)
    if scheme == "BIOES":
        role = torch.where(ends, torch.where(begins, 3, 2), torch.where(begins, 0, 1))  # S, E, B, I
    elif scheme == "IOB2":
        role = (~begins).long()
    else:
        role = (~begins | (kinds != F.pad(kinds, (1, 0))[:, :-1])).long()
    return (1 + (kinds - 1) * len(ROLES[scheme]) + role).where(kinds > 0, 0)


def to_iob2(scheme: Scheme, labels: Tensor) -> Tensor:
    """Return the tags of labels, both (B, T), dtype=int64."""
    roles = len(ROLES[scheme])
    kinds, role = (labels + roles - 1) // roles, (labels - 1) % roles
    begins = (role == 0) | (role == 3)
    if scheme == "IOB1":
        begins = begins | (kinds != F.pad(kinds, (1, 0))[:, :-1])
    return (2 * kinds - begins.long()).where(kinds > 0, 0)
