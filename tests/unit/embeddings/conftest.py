"""Tiny corpora and vectors."""

from collections.abc import Callable, Sequence

import numpy as np
import pytest

from rnnpipe.embeddings.vectors import WordVectors, complete
from rnnpipe.text.encoded import EncodedSplit
from rnnpipe.text.vocabulary import RESERVED, Vocabulary

SplitOf = Callable[[Sequence[Sequence[int]]], EncodedSplit]
VectorsOf = Callable[[dict[str, Sequence[float]]], WordVectors]


@pytest.fixture(scope="session")
def split_of() -> SplitOf:
    """Make a split of documents given as lists of ids."""

    def make(documents: Sequence[Sequence[int]]) -> EncodedSplit:
        offsets = np.cumsum([0, *map(len, documents)], dtype=np.int64)
        ids = np.array([word for document in documents for word in document], dtype=np.uint16)
        return EncodedSplit(ids, offsets)

    return make


@pytest.fixture(scope="session")
def vectors_of() -> VectorsOf:
    """Make word vectors from word → numbers."""

    def make(vectors: dict[str, Sequence[float]]) -> WordVectors:
        counts = range(len(vectors), 0, -1)
        vocabulary = Vocabulary([*RESERVED, *vectors], [0, 0, 0, *counts])
        return WordVectors(complete(np.array(list(vectors.values()), dtype=np.float32)), vocabulary, {"kind": "glove"})

    return make
