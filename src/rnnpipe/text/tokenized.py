"""The tokenized corpus on disk: one Parquet file a split, written and read in row groups of bounded size."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray
from tokenizers import Tokenizer

from rnnpipe.text.meta import Format
from rnnpipe.text.tokenizer import BatchTokenizer

GROUP_CHARACTERS = 2_000_000
"""Characters of text in a row group; chosen: some 60 MB of work in memory, and dictionaries that stay worth their bytes."""
FEATURE = "feature."
"""How the column of a feature is called: this and the feature's name."""
_LISTS = {"tokens": pa.list_(pa.string()), "starts": pa.list_(pa.int32()), "ends": pa.list_(pa.int32())}
SCHEMAS: dict[Format, pa.Schema] = {
    "text": pa.schema(_LISTS),
    "labelled": pa.schema({**_LISTS, "label": pa.string()}),
    "columns": pa.schema({**_LISTS, "tags": pa.list_(pa.string()), "article": pa.int32()}),
}
"""A document is a row: its tokens, where they stand in its text (characters), its label (null: none) or its tags (IOB2) and the
number of its article; of a corpus with features a list of strings for each of them too."""


class TokenizedWriter:
    """Tokenizes the documents of one split and writes them; to be used in a `with` block."""

    def __init__(self, path: Path, tokenizer: Tokenizer, corpus_format: Format, features: Sequence[str] = ()) -> None:
        self.documents = 0
        self.tokens = 0
        self._schema = SCHEMAS[corpus_format]
        for feature in features:
            self._schema = self._schema.append(pa.field(FEATURE + feature, pa.list_(pa.string())))
        self._tokenizer = BatchTokenizer(tokenizer)
        dictionaries = [_path(field) for field in self._schema if _leaf(field.type) == pa.string()]
        self._file = pq.ParquetWriter(path, self._schema, compression="zstd", use_dictionary=dictionaries)
        self._start_group()

    def _start_group(self) -> None:
        self._characters = 0
        self._texts: list[str] = []
        self._labels: list[str | None] = []
        self._words: list[Sequence[str]] = []
        self._tags: list[Sequence[str]] = []
        self._articles: list[int] = []
        self._features: list[list[str]] = [[] for name in self._schema.names if name.startswith(FEATURE)]

    def add_text(self, text: str, label: str | None = None) -> None:
        """Add a document of running text, to be cut into words."""
        self._texts.append(text)
        self._labels.append(label)
        self._count(len(text))

    def add_words(
        self, words: Sequence[str], tags: Sequence[str], article: int = 0, features: Sequence[Sequence[str]] = ()
    ) -> None:
        """Add a sentence that is cut into words already, with the values of each feature at its words."""
        self._words.append(words)
        self._tags.append(tags)
        self._articles.append(article)
        for all_values, values in zip(self._features, features, strict=True):
            all_values.extend(values)
        self._count(sum(map(len, words)))

    def _count(self, characters: int) -> None:
        # A document weighs something even without a character, so that a group has no more than some 100,000.
        self._characters += characters + 20
        if self._characters >= GROUP_CHARACTERS:
            self._flush()

    def _flush(self) -> None:
        if self._words:
            lengths = np.array([len(words) for words in self._words], dtype=np.int32)
            words = list(chain.from_iterable(self._words))
            tokens, spans = self._tokenizer.normalise(words), joined_spans(words, lengths)
        else:
            tokens, spans, lengths = self._tokenizer.tokenize(self._texts)
        offsets = pa.array(np.concatenate(([0], np.cumsum(lengths))), pa.int32())
        columns: dict[str, Sequence[Any] | NDArray[Any]] = {"tokens": tokens, "starts": spans[:, 0], "ends": spans[:, 1]}
        if "tags" in self._schema.names:
            columns["tags"] = list(chain.from_iterable(self._tags))
            names = [name for name in self._schema.names if name.startswith(FEATURE)]
            columns |= dict(zip(names, self._features, strict=True))
        of_documents = {"label": self._labels, "article": self._articles}
        arrays = [
            pa.ListArray.from_arrays(offsets, pa.array(columns[field.name], field.type.value_type))
            if field.name in columns
            else pa.array(of_documents[field.name], field.type)
            for field in self._schema
        ]
        self._file.write_table(pa.table(arrays, schema=self._schema), row_group_size=max(1, len(lengths)))
        self.documents += len(lengths)
        self.tokens += len(tokens)
        self._start_group()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        try:
            if kind is None and self._characters:
                self._flush()
        finally:
            self._file.close()


def _leaf(kind: pa.DataType) -> pa.DataType:
    return kind.value_type if pa.types.is_list(kind) else kind


def _path(field: pa.Field) -> str:
    """Return the path of a column inside a Parquet file."""
    return f"{field.name}.list.element" if pa.types.is_list(field.type) else field.name


def joined_spans(words: Sequence[str], lengths: NDArray[np.int32]) -> NDArray[np.int32]:
    """Return where words stand in their sentences when joined by one space.

    Parameters
    ----------
    words : sequence of str, length N
        The words of all sentences, one after the other.
    lengths : ndarray of shape (sentences,), dtype=int32
        Words of each sentence, at least one.

    Returns
    -------
    ndarray of shape (N, 2), dtype=int32
        Start and end of each word in characters.
    """
    sizes = np.array([len(word) for word in words], dtype=np.int64)
    starts = np.cumsum(sizes + 1) - (sizes + 1)
    first = np.cumsum(lengths) - lengths
    starts -= np.repeat(starts[first], lengths)
    return np.stack([starts, starts + sizes], axis=1).astype(np.int32)


@dataclass(frozen=True)
class CodedColumn:
    """One column of some documents: positions in the list of the strings that occur among them."""

    strings: list[str]
    """The distinct tokens, tags or labels."""
    codes: NDArray[np.int64]
    """Place of each one among the strings, document after document, shape (N,); no label is -1."""
    lengths: NDArray[np.int64]
    """How many of the codes belong to each document, shape (documents,)."""


def read_column(path: Path, column: str = "tokens") -> Iterator[CodedColumn]:
    """Yield one column of strings of a split, in pieces of bounded size."""
    leaf = _path(pq.read_schema(path).field(column))
    with pq.ParquetFile(path, read_dictionary=[leaf]) as file:
        for number in range(file.num_row_groups):
            for values in file.read_row_group(number, columns=[column]).column(column).chunks:
                in_lists = pa.types.is_list(values.type)
                lengths = np.diff(values.offsets.to_numpy()) if in_lists else np.ones(len(values))
                flat = values.flatten() if in_lists else values
                codes = flat.indices.fill_null(-1).to_numpy()
                yield CodedColumn(flat.dictionary.to_pylist(), codes.astype(np.int64), lengths.astype(np.int64))


def read_articles(path: Path) -> NDArray[np.int32]:
    """Return the number of each sentence's article, shape (documents,)."""
    return pq.read_table(path, columns=["article"]).column("article").to_numpy()  # type: ignore[no-any-return]


def count_tokens(path: Path, column: str = "tokens") -> dict[str, int]:
    """Return how often each token of a split occurs, or each value of another column of strings."""
    counts: dict[str, int] = {}
    for piece in read_column(path, column):
        occurrences = np.bincount(piece.codes, minlength=len(piece.strings)).tolist()
        for token, occurrence in zip(piece.strings, occurrences, strict=True):
            counts[token] = counts.get(token, 0) + occurrence
    return counts
