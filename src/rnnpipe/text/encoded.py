"""The encoded corpus on disk: ids of all words in one memory-mapped array a split, whatever the size of the corpus.

All that stands behind it reads it alone: the spelling of unknown words, minimal pairs, what a grammar knows and the questions
about word vectors are here beside the ids, so that nothing goes back to `data/raw`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnpipe.common.arrays import open_array
from rnnpipe.common.errors import RnnpipeError
from rnnpipe.common.files import read_json
from rnnpipe.text.extent import characters_of
from rnnpipe.text.knowledge import QUESTIONS, TRUTH
from rnnpipe.text.meta import EncodedMeta
from rnnpipe.text.pairs import EncodedPair, open_pairs
from rnnpipe.text.spellings import Spellings
from rnnpipe.text.tokenized import FEATURE
from rnnpipe.text.vocabulary import UNK, Vocabulary


@dataclass(frozen=True)
class EncodedSplit:
    """The documents of one split, one after the other. No `<eos>` is stored: language models add their own."""

    ids: NDArray[np.unsignedinteger[Any]]
    """Shape (N,), uint16 where the vocabulary fits, else uint32; a read-only memory map."""
    offsets: NDArray[np.int64]
    """Shape (documents + 1,): document i is ids[offsets[i]:offsets[i + 1]]; a document may be empty."""
    labels: NDArray[np.int16] | None = None
    """Shape (documents,): id of each document's label, -1 for none; None unless the format is `labelled`."""
    tags: NDArray[np.uint8] | None = None
    """Shape (N,): id of each token's tag; None unless the format is `columns`."""
    spellings: Spellings | None = None
    """How each `<unk>` among the ids is spelled; None: nobody knows."""
    articles: NDArray[np.int32] | None = None
    """Shape (documents,): number of each sentence's article, all 0 without any; None unless the format is `columns`."""
    features: Mapping[str, NDArray[np.uint16]] = field(default_factory=dict)
    """What else is said of each token, each of shape (N,), 0 for a value that the train split lacks."""
    states: NDArray[np.float16] | None = None
    """Shape (N, C): of language models at each token, see `rnnpipe.inference.contextual`."""

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

    def backward(self) -> EncodedSplit:
        """Return the text from its end to its beginning, the last word of the last document first: ids and borders alone."""
        return EncodedSplit(self.ids[::-1], len(self.ids) - self.offsets[::-1])

    def words(self, index: int, tokens: Sequence[str]) -> list[str]:
        """Return the words of one document as the tokenizer cut them out, those outside the vocabulary too.

        Parameters
        ----------
        index : int
            In 0 … len(self) - 1.
        tokens : sequence of str
            The vocabulary's: id → word.
        """
        words = [tokens[number] for number in self.document(index).tolist()]
        if self.spellings is not None:
            first, last = np.searchsorted(self._unknown, self.offsets[index : index + 2])
            for occurrence in range(first, last):
                words[self._unknown[occurrence] - self.offsets[index]] = self.spellings[occurrence]
        return words

    def all_words(self, tokens: Sequence[str]) -> Iterator[list[str]]:
        """Yield the words of each document as `words` does; much faster than one by one."""
        spelled = iter(self.spellings) if self.spellings is not None else None
        for start, end in pairwise(self.offsets.tolist()):
            ids = self.ids[start:end].tolist()
            yield [tokens[number] if number != UNK or spelled is None else next(spelled) for number in ids]

    @cached_property
    def _unknown(self) -> NDArray[np.int64]:
        """Position of each `<unk>` among the ids."""
        return np.flatnonzero(self.ids == UNK)


@dataclass(frozen=True)
class EncodedCorpus:
    """An encoded corpus opened for reading; splits are mapped into memory, not read."""

    directory: Path
    """Holds `meta.json`, `vocabulary.tsv`, `tokenizer.json`, the arrays, and what is known beside the text."""
    meta: EncodedMeta
    vocabulary: Vocabulary
    context: Path | None = None
    """Folder of an embedding (`rnnpipe.embeddings.vectors.CONTEXT`) with the states of language models at this corpus' words."""

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

    @property
    def questions(self) -> Path:
        """Folder of the questions about word vectors (`knowledge.QUESTIONS`); not there if the corpus comes with none."""
        return self.directory / QUESTIONS

    @cached_property
    def truth(self) -> dict[str, Any]:
        """What the grammar knows of its corpus, in its own tokens, and its settings under `grammar`; empty without a grammar."""
        path = self.directory / TRUTH
        return dict(read_json(path)) if path.is_file() else {}

    @cached_property
    def pairs(self) -> list[EncodedPair]:
        """The minimal pairs that the corpus comes with, in the order of their file."""
        return open_pairs(self.directory, self.meta["pairs"])

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
        articles = self._array(f"{name}.articles.npy", size["documents"]) if kind == "columns" else None
        features = {feature: self._array(f"{name}.{FEATURE}{feature}.npy", size["tokens"]) for feature in self.meta["features"]}
        spellings = Spellings.open(self.directory / name, self.meta["unknown"][name])
        states = None
        if self.context is not None:
            states = open_array(self.context / f"{name}.npy", size["tokens"], "embed_context", dimensions=2)
        return EncodedSplit(ids, offsets, labels, tags, spellings, articles, features, states)

    def words(self, name: str) -> Iterator[list[str]]:
        """Yield the words of each document of a split, spelled as the tokenizer cut them out of the text."""
        return self.split(name).all_words(self.vocabulary.tokens)

    def characters(self, name: str) -> int:
        """Return the characters of a split's text, the end of each document included: "ab" are 3, whatever its words are."""
        return characters_of(self.split(name), self.vocabulary.tokens, self.meta["joined_by"])

    def _array(self, name: str, length: int) -> NDArray[Any]:
        return open_array(self.directory / name, length, "encode")
