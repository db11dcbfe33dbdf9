"""From tokens to ids: writes the arrays that `EncodedCorpus` reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from rnnpipe.common.arrays import GrowingArray
from rnnpipe.text.meta import UnknownSize
from rnnpipe.text.spellings import SpellingsWriter
from rnnpipe.text.tokenized import FEATURE, count_tokens, read_articles, read_column
from rnnpipe.text.vocabulary import UNK, Vocabulary


def id_type(vocabulary_size: int) -> type[np.unsignedinteger[Any]]:
    """Return the smaller of uint16 and uint32 that holds all ids."""
    return np.uint16 if vocabulary_size <= 1 << 16 else np.uint32


def encode_split(
    tokenized: Path,
    out: Path,
    vocabulary: Vocabulary,
    *,
    labels: Sequence[str],
    tags: Sequence[str],
    features: Mapping[str, Sequence[str]],
) -> UnknownSize:
    """Encode one split.

    Parameters
    ----------
    tokenized : Path
        The split's Parquet file.
    out : Path
        Path of the arrays without their suffixes: `.ids.npy`, `.offsets.npy`, the spellings of unknown words
        (see `Spellings`), and `.labels.npy`, or `.tags.npy` with `.articles.npy` and `.feature.<name>.npy`, if asked for.
    vocabulary : Vocabulary
        Tokens outside of it become `<unk>`.
    labels, tags : sequence of str
        Name of each label or tag; empty: the corpus has none.
    features : mapping of str to sequence of str
        Feature → its values; others are 0.

    Returns
    -------
    UnknownSize
        How many tokens are `<unk>`, for `meta.json`.
    """
    if labels:
        _encode_names(tokenized, "label", labels, _beside(out, "labels"), np.int16)
    if tags:
        _encode_names(tokenized, "tags", tags, _beside(out, "tags"), np.uint8)
        np.save(_beside(out, "articles"), read_articles(tokenized))
    for feature, values in features.items():
        _encode_names(tokenized, FEATURE + feature, ["", *values], _beside(out, FEATURE + feature), np.uint16, other=0)
    return _encode_words(tokenized, out, vocabulary)


def _encode_words(tokenized: Path, out: Path, vocabulary: Vocabulary) -> UnknownSize:
    with (
        GrowingArray(_beside(out, "ids"), id_type(len(vocabulary))) as ids,
        GrowingArray(_beside(out, "offsets"), np.int64) as offsets,
        SpellingsWriter(out) as spellings,
    ):
        offsets.append(np.zeros(1))
        for piece in read_column(tokenized):
            words = vocabulary.encode(piece.strings)[piece.codes]
            offsets.append(ids.length + np.cumsum(piece.lengths))
            ids.append(words)
            spellings.append(piece.strings, piece.codes[words == UNK])
    return spellings.size


def _encode_names(
    tokenized: Path, column: str, names: Sequence[str], out: Path, dtype: type[np.integer[Any]], other: int = -1
) -> None:
    numbers = {name: number for number, name in enumerate(names)}
    with GrowingArray(out, dtype) as writer:
        for piece in read_column(tokenized, column):
            # The last entry stands for code -1, no label.
            ids = np.array([*(numbers.get(name, other) for name in piece.strings), other])
            writer.append(ids[piece.codes])


def feature_values(tokenized: Path, feature: str) -> list[str]:
    """Return the values of a feature in a split's Parquet file, by falling count, equal counts by code points."""
    counts = count_tokens(tokenized, FEATURE + feature)
    return sorted(counts, key=lambda value: (-counts[value], value))[: np.iinfo(np.uint16).max]


def iob2_tags(entities: Sequence[str]) -> list[str]:
    """Return the tags of some types of entities in the order of their ids: O, B-X, I-X, B-Y, I-Y, …."""
    return ["O", *(f"{prefix}-{entity}" for entity in entities for prefix in "BI")]


def _beside(out: Path, name: str) -> Path:
    return out.with_name(f"{out.name}.{name}.npy")
