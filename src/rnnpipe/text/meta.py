"""`meta.json` of tokenized and encoded corpora: all that a reader must know before it opens the arrays."""

from __future__ import annotations

from typing import Literal, TypedDict

Format = Literal["text", "labelled", "columns"]


class SplitSize(TypedDict):
    """How large a split is."""

    documents: int
    tokens: int


class UnknownSize(TypedDict):
    """How many words of a split are `<unk>`."""

    occurrences: int
    distinct: int
    """Different spellings among them."""


class CorpusMeta(TypedDict):
    """What both have."""

    format: Format
    joined_by: str
    """What stands between two words of a text: a space, or nothing where the words are characters."""
    labels: list[str]
    """The position of a label is its id; empty unless the format is `labelled`."""
    splits: dict[str, SplitSize]


class TokenizedMeta(CorpusMeta):
    """Of a tokenized corpus."""

    entities: list[str]
    """Types of entities; empty unless the format is `columns`."""
    scheme: str | None
    """Scheme of the tags in the raw files; here they are in IOB2. None unless the format is `columns`."""
    features: list[str]
    """What else is said of each word; empty unless the format is `columns`."""


class EncodedMeta(CorpusMeta):
    """Of an encoded corpus."""

    vocabulary_sha256: str
    vocabulary_size: int
    """Including `<pad>`, `<unk>`, `<eos>`."""
    tags: list[str]
    """`O` first, then IOB2 tags; the position is the id; empty unless the format is `columns`."""
    features: dict[str, list[str]]
    """What else is said of each word → its values; the position is the id less 1, 0 is any other value."""
    unknown: dict[str, UnknownSize]
    """For each split."""
    pairs: int
    """Minimal pairs."""
