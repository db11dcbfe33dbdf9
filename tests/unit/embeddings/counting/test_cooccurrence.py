import json
from collections import defaultdict
from collections.abc import Callable
from fractions import Fraction
from itertools import count
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.embeddings.counting import cooccurrence, rows
from rnnpipe.embeddings.counting.cooccurrence import ENTRY, count_shard, merge_counts, read_entries, read_vocabulary
from rnnpipe.embeddings.counting.kernels import add_rows, to_entries
from rnnpipe.embeddings.counting.rows import new_scratch
from rnnpipe.params import CooccurrenceSettings
from rnnpipe.text.encoded import EncodedSplit
from rnnpipe.text.plain import read_plain
from rnnpipe.text.vocabulary import RESERVED, Vocabulary

SIZE = 8
VOCABULARY = Vocabulary([*RESERVED, "ä", "b", "c", "d", "e"], [0] * SIZE)
DOCUMENTS = st.lists(st.lists(st.integers(1, SIZE - 1), max_size=12), max_size=6)
TEXT = [[3, 4, 5, 6, 7, 3, 4], [3, 1, 4]]

Pairs = dict[tuple[int, int], Fraction]
Folder = Callable[[], Path]


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    """Return a new empty folder at each call: hypothesis runs one test many times."""
    parent, numbers = tmp_path_factory.mktemp("counts"), count()

    def make() -> Path:
        path = parent / str(next(numbers))
        path.mkdir()
        return path

    return make


def merged(folder: Folder, splits, vocabulary=VOCABULARY, *, shards=1, threads=1, tokens=None, runs=None, **asked) -> Path:
    """Count in parts and add up; return the folder of the counts."""
    entry = CooccurrenceSettings(**asked)
    parts = [folder() for _ in range(shards)]
    for shard, part in enumerate(parts, start=1):
        count_shard(splits, vocabulary, entry, part, shard, shards, threads, tokens)
    out = folder()
    merge_counts(parts, out, entry, threads, runs)
    return out


def counted(folder: Folder, splits, vocabulary=VOCABULARY, **asked) -> np.ndarray:
    return np.concatenate(list(read_entries(merged(folder, splits, vocabulary, **asked))))


def contents(path: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in path.iterdir()}


def naive(documents: list[list[int]], window: int, symmetric: bool) -> Pairs:
    """Count every pair of places by the definition, without rounding."""
    counts: Pairs = defaultdict(Fraction)
    for document in documents:
        for right, word in enumerate(document):
            for left in range(max(0, right - window), right):
                other = document[left]
                if word >= len(RESERVED) and other >= len(RESERVED):
                    counts[word, other] += Fraction(1, right - left)
                    if symmetric:
                        counts[other, word] += Fraction(1, right - left)
    return counts


def same(entries: np.ndarray, expected: Pairs) -> None:
    assert [(int(entry["i"]), int(entry["j"])) for entry in entries] == sorted(expected)
    exact = np.array([np.float32(float(expected[pair])) for pair in sorted(expected)], dtype=np.float32)
    np.testing.assert_array_max_ulp(entries["x"], exact, maxulp=1)


def enough(documents: list[list[int]], window: int) -> bool:
    """Tell whether there is a pair, and a token for each word of VOCABULARY."""
    return sum(map(len, documents)) >= SIZE - len(RESERVED) and bool(naive(documents, window, False))


@settings(max_examples=60, deadline=None)
@given(documents=DOCUMENTS, window=st.integers(1, 15), symmetric=st.booleans())
def test_equals_a_double_loop(split_of, folder: Folder, documents: list[list[int]], window: int, symmetric: bool) -> None:
    assume(enough(documents, window))
    same(counted(folder, [split_of(documents)], window=window, symmetric=symmetric), naive(documents, window, symmetric))


@settings(max_examples=40, deadline=None)
@given(
    documents=DOCUMENTS,
    cut=st.integers(0, 6),
    window=st.integers(1, 15),
    shards=st.integers(1, 5),
    threads=st.integers(1, 3),
    tokens=st.integers(1, 40),
    runs=st.integers(2, 5),
    block=st.integers(1, 20),
)
def test_no_way_of_counting_changes_a_bit(
    split_of, folder: Folder, documents, cut, window, shards, threads, tokens, runs, block
) -> None:
    assume(enough(documents, window))
    splits = [split_of(documents[:cut]), split_of(documents[cut:])]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rows, "BLOCK_ENTRIES", block)
        apart = merged(folder, splits, window=window, shards=shards, threads=threads, tokens=tokens, runs=runs)
    assert contents(apart) == contents(merged(folder, [split_of(documents)], window=window))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    text=st.lists(st.lists(st.text(st.characters(codec="utf-8", exclude_categories=["Z", "Cc", "Cs"]), min_size=1), max_size=9)),
    window=st.integers(1, 4),
    symmetric=st.booleans(),
)
def test_text_of_any_script_equals_a_double_loop(folder: Folder, text, window: int, symmetric: bool) -> None:
    assume(naive([[len(RESERVED)] * len(document) for document in text], window, symmetric))
    assume(not any(word in RESERVED for document in text for word in document))
    path = folder() / "text"
    path.write_bytes("\n".join(" ".join(document) for document in text).encode())
    split, vocabulary = read_plain(path, folder())
    entries = counted(folder, [split], vocabulary, window=window, symmetric=symmetric)
    same(entries, naive([vocabulary.encode(document).tolist() for document in text], window, symmetric))


def test_mapped_files_are_counted_like_arrays(split_of, folder: Folder) -> None:
    documents = np.random.default_rng(1).integers(1, SIZE, (30, 50)).tolist()
    split, place = split_of(documents), folder()
    np.save(place / "ids.npy", split.ids)
    np.save(place / "offsets.npy", split.offsets)
    maps = [np.load(place / name, mmap_mode="r") for name in ("ids.npy", "offsets.npy")]
    mapped = EncodedSplit(maps[0], maps[1], None, None)
    expected = contents(merged(folder, [split], tokens=101))
    assert contents(merged(folder, [mapped], tokens=101)) == expected
    assert contents(merged(folder, [EncodedSplit(maps[0][50:], maps[1][:-1], None, None)], tokens=101)) == contents(
        merged(folder, [split_of(documents[1:])])
    )


def test_a_word_in_every_row_of_a_large_vocabulary(split_of, folder: Folder) -> None:
    """Rows longer than a block, and both ways of collecting a row."""
    words = 5000
    vocabulary = Vocabulary([*RESERVED, *map(str, range(words))], [0] * (words + 3))
    document = np.random.default_rng(1).permutation(np.repeat(np.arange(3, words + 3), 2))
    document[::3] = 3
    same(counted(folder, [split_of([document.tolist()])], vocabulary, window=3), naive([document.tolist()], 3, True))


def test_unknown_words_keep_their_place(split_of, folder: Folder) -> None:
    entries = counted(folder, [split_of([[3, 1, 4], [7, 0, 2]])], window=2)
    assert entries.tolist() == [(3, 4, 0.5), (4, 3, 0.5)]


def test_large_counts_are_rounded_once() -> None:
    units = np.array([[2**56 + 2**32 + 1], [2**62 - 1]])  # float64 would lose the 1 and round the first half to even
    out = np.empty(1, np.int64), np.empty(3, np.int32), np.empty(3, np.int64)
    parts = np.array([5, 6], np.int32), units.ravel()
    entries = np.empty(add_rows(np.array([[0, 2]]), parts, new_scratch(8), out), ENTRY)
    to_entries(4, (out[0], out[1][:2], out[2][:2]), entries)
    assert entries["i"].tolist() == [4, 4]
    assert entries["j"].tolist() == [5, 6]
    assert entries["x"].tolist() == [2.0**24 + 2, 2.0**30]


def test_files_come_back_whole(split_of, folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = counted(folder, [split_of(TEXT)], window=3)
    monkeypatch.setattr(cooccurrence, "SHARD_ENTRIES", 4)
    out = merged(folder, [split_of(TEXT)], window=3)
    assert read_vocabulary(out) == VOCABULARY
    entries = list(read_entries(out))
    assert np.concatenate(entries).tobytes() == whole.tobytes()
    assert [len(shard) for shard in entries] == [4] * (len(whole) // 4) + [len(whole) % 4][: len(whole) % 4]
    (out / "shard-00001.npy").unlink()
    with pytest.raises(RnnpipeError, match="not those of meta.json"):
        list(read_entries(out))
    (out / "shard-00000.npy").write_bytes(b"short")
    with pytest.raises(RnnpipeError, match="damaged shard"):
        list(read_entries(out))
    Vocabulary([*VOCABULARY.tokens[:-1], "other"], VOCABULARY.counts).save(out / "vocabulary.tsv")
    with pytest.raises(RnnpipeError, match="vocabulary.tsv is not that of meta.json"):
        read_vocabulary(out)


@pytest.mark.parametrize("documents", [[[3] for _ in range(9)], [[1, 3, 1, 0, 2]], [[1, 1, 1, 1, 1, 1]]])
def test_a_corpus_without_pairs_is_refused(split_of, folder: Folder, documents: list[list[int]]) -> None:
    with pytest.raises(RnnpipeError, match="no two words"):
        merged(folder, [split_of(documents)])


def test_meta_says_how_counts_were_made(split_of, folder: Folder) -> None:
    meta = json.loads((merged(folder, [split_of(TEXT)], window=3, symmetric=False) / "meta.json").read_text())
    expected = naive(TEXT, 3, False)
    sizes = {"vocabulary_size": SIZE, "vocabulary_sha256": VOCABULARY.sha256}
    assert meta == {"splits": ["train"], "window": 3, "symmetric": False, "entries": len(expected), **sizes}
