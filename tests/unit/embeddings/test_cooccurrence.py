from collections import defaultdict
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.embeddings import cooccurrence
from rnnpipe.embeddings.cooccurrence import ENTRY, count_pairs, document_stream, load_cooccurrence, save_cooccurrence
from rnnpipe.text.vocabulary import RESERVED, Vocabulary

SIZE = 8
VOCABULARY = Vocabulary([*RESERVED, "ä", "b", "c", "d", "e"], [0] * SIZE)
DOCUMENTS = st.lists(st.lists(st.integers(1, SIZE - 1), max_size=12), max_size=6)


def counted(splits, window: int, symmetric: bool = True) -> np.ndarray:
    rows = count_pairs(document_stream(splits), SIZE, window, symmetric)
    return np.concatenate([np.empty(0, ENTRY), *rows])


def naive(documents: list[list[int]], window: int, symmetric: bool) -> dict[tuple[int, int], Fraction]:
    """Count every pair of places by the definition, without rounding."""
    counts: dict[tuple[int, int], Fraction] = defaultdict(Fraction)
    for document in documents:
        for right, word in enumerate(document):
            for left in range(max(0, right - window), right):
                other = document[left]
                if word >= len(RESERVED) and other >= len(RESERVED):
                    counts[word, other] += Fraction(1, right - left)
                    if symmetric:
                        counts[other, word] += Fraction(1, right - left)
    return counts


@settings(max_examples=150, deadline=None)
@given(documents=DOCUMENTS, window=st.integers(1, 15), symmetric=st.booleans())
def test_equals_a_double_loop(split_of, documents: list[list[int]], window: int, symmetric: bool) -> None:
    entries = counted([split_of(documents)], window, symmetric)
    expected = naive(documents, window, symmetric)
    assert [(int(entry["i"]), int(entry["j"])) for entry in entries] == sorted(expected)
    exact = np.array([np.float32(float(expected[pair])) for pair in sorted(expected)], dtype=np.float32)
    np.testing.assert_array_max_ulp(entries["x"], exact, maxulp=1)


@settings(max_examples=30, deadline=None)
@given(documents=DOCUMENTS, cut=st.integers(0, 6))
def test_splits_are_counted_together(split_of, documents: list[list[int]], cut: int) -> None:
    together = counted([split_of(documents)], 4)
    apart = counted([split_of(documents[:cut]), split_of(documents[cut:])], 4)
    assert together.tobytes() == apart.tobytes()


def test_unknown_words_keep_their_place(split_of) -> None:
    entries = counted([split_of([[3, 1, 4]])], window=2)
    assert entries.tolist() == [(3, 4, 0.5), (4, 3, 0.5)]


def test_order_of_documents_changes_no_bit(split_of) -> None:
    rng = np.random.default_rng(1)
    documents = [rng.integers(1, SIZE, 50).tolist() for _ in range(40)]
    assert counted([split_of(documents)], 10).tobytes() == counted([split_of(documents[::-1])], 10).tobytes()


def test_files_come_back_whole(tmp_path: Path, split_of, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cooccurrence, "SHARD_ENTRIES", 4)
    stream = document_stream([split_of([[3, 4, 5, 6, 7, 3, 4]])])
    entries = save_cooccurrence(tmp_path, count_pairs(stream, SIZE, 3, True), VOCABULARY, 3, True)
    loaded = load_cooccurrence(tmp_path)
    assert len(list(tmp_path.glob("shard-*.npy"))) > 1
    assert loaded.vocabulary == VOCABULARY
    assert len(loaded.entries) == entries
    assert loaded.entries.tobytes() == counted([split_of([[3, 4, 5, 6, 7, 3, 4]])], 3).tobytes()
    (tmp_path / "shard-00001.npy").unlink()
    with pytest.raises(RnnpipeError, match="not those of meta.json"):
        load_cooccurrence(tmp_path)
    (tmp_path / "shard-00000.npy").write_bytes(b"short")
    with pytest.raises(RnnpipeError, match="damaged shard"):
        load_cooccurrence(tmp_path)


@pytest.mark.parametrize("documents", [[], [[3]], [[1, 3, 1]], [[3], [4]]])
def test_a_corpus_without_pairs_is_refused(tmp_path: Path, split_of, documents: list[list[int]]) -> None:
    stream = document_stream([split_of(documents)])
    with pytest.raises(RnnpipeError, match="no two words"):
        save_cooccurrence(tmp_path, count_pairs(stream, SIZE, 5, True), VOCABULARY, 5, True)
