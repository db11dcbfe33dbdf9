"""Numbers and addresses of tables and figures, and the links to them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TypeVar

from rnnpipe.report.blocks import Block, Table

Addresses = dict[Block, tuple[str, str]]
"""Block → its number, `Figure 3`, and its anchor."""
B = TypeVar("B", bound=Block)


def number(blocks: Iterable[Block]) -> Addresses:
    """Count blocks in their order: tables by themselves, all others as figures."""
    counts: Counter[str] = Counter()
    addresses: Addresses = {}
    for block in blocks:
        kind = "Table" if isinstance(block, Table) else "Figure"
        name = "-".join([kind.lower(), *re.findall(r"\w+", block.title.lower())])
        counts.update((kind, name))
        anchor = name if counts[name] == 1 else f"{name}-{counts[name]}"
        addresses[block] = f"{kind} {counts[kind]}", anchor
    return addresses


def numbered(block: B, addresses: Addresses) -> B:
    """Return a block with its number and its anchor."""
    label, anchor = addresses[block]
    return replace(block, label=label, anchor=anchor)


def links(blocks: Iterable[Block]) -> list[tuple[str, str]]:
    """Return names and anchors of numbered blocks; those that follow each other are one, `Figures 31–38`, at the first."""
    spans: list[list[Block]] = []
    for block in blocks:
        kind, position = _place(block)
        if spans and _place(spans[-1][-1]) == (kind, position - 1):
            spans[-1].append(block)
        else:
            spans.append([block])
    return [(_name(span), span[0].anchor) for span in spans]


def _place(block: Block) -> tuple[str, int]:
    kind, _, position = block.label.partition(" ")
    return kind, int(position)


def _name(span: Sequence[Block]) -> str:
    (kind, first), (_, last) = _place(span[0]), _place(span[-1])
    return f"{kind}s {first}–{last}" if last > first else f"{kind} {first}"
