"""The encoded corpus on disk: ids of all words in one memory-mapped array a split, whatever the size of the corpus."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypedDict

import numpy as np
from numpy.typing import NDArray

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.common.files import read_json
from rnnpipe.text.vocabulary import Vocabulary


class SplitSize(TypedDict):
    """How large a split is."""

    documents: int
    tokens: int


class EncodedMeta(TypedDict):
    """`meta.json` of an encoded corpus."""

    format: str
    """`text`, `labelled` or `columns`."""
    vocabulary_sha256: str
    vocabulary_size: int
    """Including `<pad>`, `<unk>`, `<eos>`."""
    labels: list[str]
    """The place of a label is its id; empty unless the format is `labelled`."""
    tags: list[str]
    """`O` first, then IOB2 tags; the place is the id; empty unless the format is `columns`."""
    splits: dict[str, SplitSize]


@dataclass(frozen=True)
class EncodedSplit:
    """The documents of one split, one after the other. No `<eos>` is stored: language models add their own."""

    ids: NDArray[np.unsignedinteger[Any]]
    """Shape (N,), uint16 where the vocabulary fits, else uint32; a read-only memory map."""
    offsets: NDArray[np.int64]
    """Shape (documents + 1,): document i is ids[offsets[i]:offsets[i + 1]]; a document may be empty."""
    labels: NDArray[np.int16] | None
    """Shape (documents,): id of each document's label, -1 for none; None unless the format is `labelled`."""
    tags: NDArray[np.uint8] | None
    """Shape (N,): id of each token's tag; None unless the format is `columns`."""

    def __len__(self) -> int:
        return len(self.offsets) - 1

    @property
    def lengths(self) -> NDArray[np.int64]:
        """Tokens of each document, shape (documents,)."""
        return np.diff(self.offsets)

    def document(self, index: int) -> NDArray[np.unsignedinteger[Any]]:
        """Return the ids of one document, shape (T,)."""
        return self.ids[self.offsets[index] : self.offsets[index + 1]]

    def document_tags(self, index: int) -> NDArray[np.uint8]:
        """Return the ids of one document's tags, shape (T,)."""
        if self.tags is None:
            raise ValueError("a corpus without tags")
        return self.tags[self.offsets[index] : self.offsets[index + 1]]


@dataclass(frozen=True)
class EncodedCorpus:
    """An encoded corpus opened for reading; splits are mapped into memory, not read."""

    directory: Path
    """Holds `meta.json`, `vocabulary.tsv`, `tokenizer.json` and the arrays."""
    meta: EncodedMeta
    vocabulary: Vocabulary

    @classmethod
    def open(cls, directory: Path) -> EncodedCorpus:
        """Open what the stage `encode` wrote.

        Raises
        ------
        RnnpipeError
            Something is missing, or the vocabulary is not the one that the ids were made with.
        """
        meta: EncodedMeta = read_json(directory / "meta.json")
        vocabulary = Vocabulary.from_file(directory / "vocabulary.tsv")
        if vocabulary.sha256 != meta["vocabulary_sha256"]:
            raise RnnpipeError(f"{directory}/vocabulary.tsv: not the vocabulary of meta.json; run the stage encode again")
        return cls(directory, meta, vocabulary)

    @property
    def tokenizer_path(self) -> Path:
        """The tokenizer's JSON file, to be kept with every model."""
        return self.directory / "tokenizer.json"

    def split(self, name: str) -> EncodedSplit:
        """Map one split into memory.

        Raises
        ------
        RnnpipeError
            The corpus has no such split, or an array of it is missing or damaged.
        """
        if name not in self.meta["splits"]:
            known = ", ".join(self.meta["splits"])
            raise RnnpipeError(f"{self.directory}: no split {name!r}, but {known}; name it in the corpus' splits or hold_out")
        size, kind = self.meta["splits"][name], self.meta["format"]
        ids = self._array(f"{name}.ids.npy", size["tokens"])
        offsets = self._array(f"{name}.offsets.npy", size["documents"] + 1)
        labels = self._array(f"{name}.labels.npy", size["documents"]) if kind == "labelled" else None
        tags = self._array(f"{name}.tags.npy", size["tokens"]) if kind == "columns" else None
        return EncodedSplit(ids, offsets, labels, tags)

    def _array(self, name: str, length: int) -> NDArray[Any]:
        path = self.directory / name
        try:
            # An empty array cannot be mapped.
            array: NDArray[Any] = np.load(path, mmap_mode="r" if length else None, allow_pickle=False)
        except (OSError, EOFError, ValueError) as error:
            raise RnnpipeError(f"{path}: missing or damaged ({error}); run the stage encode again") from None
        if array.shape != (length,):
            raise RnnpipeError(f"{path}: {array.shape[0]} entries where meta.json says {length}; run the stage encode again")
        return array
