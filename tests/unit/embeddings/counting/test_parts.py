from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.embeddings.counting.cooccurrence import count_shard, merge_counts
from rnnpipe.params import CooccurrenceSettings
from rnnpipe.text.vocabulary import RESERVED, Vocabulary

SIZE = 8
VOCABULARY = Vocabulary([*RESERVED, "ä", "b", "c", "d", "e"], [0] * SIZE)
TEXT = [[3, 4, 5, 6, 7, 3, 4], [3, 1, 4]]


def counted(folder: Path, splits, shards: int = 1) -> list[Path]:
    """Count a corpus in parts; return their folders."""
    parts = [folder / str(shard) for shard in range(1, shards + 1)]
    for shard, part in enumerate(parts, start=1):
        part.mkdir()
        count_shard(splits, VOCABULARY, CooccurrenceSettings(), part, shard, shards)
    return parts


@pytest.mark.parametrize(
    ("documents", "asked", "message"),
    [
        ([], {}, "corpus is empty"),
        ([[], []], {}, "corpus is empty"),
        ([[3, 4, 5]], {}, "vocabulary has 5 words, the corpus only 3 tokens"),
        ([[3, 4, 5, 6, 7, 8]], {}, "an id is beyond the vocabulary's 8 words"),
        (TEXT, {"window": 0}, "window: 0 tokens"),
        (TEXT, {"memory_mb": 1}, "memory_mb: 1 is too little for 8 words; give"),
    ],
)
def test_what_cannot_be_counted_is_refused(tmp_path: Path, split_of, documents, asked, message: str) -> None:
    entry = CooccurrenceSettings().model_copy(update=asked)
    with pytest.raises(RnnpipeError, match=message):
        count_shard([split_of(documents)], VOCABULARY, entry, tmp_path)
    assert list(tmp_path.iterdir()) == []


def damage(part: Path, name: str, change: Callable[[bytes], bytes]) -> None:
    (part / name).write_bytes(change((part / name).read_bytes()))


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda part: (part / "run-00000.units.npy").unlink(), "units.npy: missing or damaged .*count_cooccurrence again"),
        (lambda part: damage(part, "run-00000.units.npy", lambda old: old[:-1]), "units.npy: missing or damaged"),
        (lambda part: damage(part, "run-00000.words.npy", lambda old: old[:99]), "words.npy: missing or damaged"),
        (lambda part: np.save(part / "run-00000.words.npy", np.zeros(3, np.int32)), "words.npy: 3 numbers, not"),
        (lambda part: (part / "meta.json").unlink(), "meta.json: no such file"),
        (lambda part: damage(part, "vocabulary.tsv", lambda old: old + b"new\t1\n"), "vocabulary_sha256"),
    ],
)
def test_a_damaged_part_is_refused(tmp_path: Path, split_of, spoil: Callable[[Path], None], message: str) -> None:
    (part,) = counted(tmp_path, [split_of(TEXT)])
    spoil(part)
    with pytest.raises(RnnpipeError, match=message):
        merge_counts([part], tmp_path, CooccurrenceSettings())
    assert list(tmp_path.iterdir()) == [part]


@pytest.mark.parametrize(
    ("asked", "shards", "message"),
    [
        ({"window": 9}, 2, "window 10, not 9"),
        ({"symmetric": False}, 2, "symmetric True, not False"),
        ({"splits": ("train", "more")}, 2, "splits"),
        ({}, 1, "shards 2, not 1"),
    ],
)
def test_parts_counted_otherwise_are_refused(tmp_path: Path, split_of, asked, shards: int, message: str) -> None:
    parts = counted(tmp_path, [split_of(TEXT)], 2)
    with pytest.raises(RnnpipeError, match=message):
        merge_counts(parts[:shards], tmp_path, CooccurrenceSettings(**asked))
    with pytest.raises(RnnpipeError, match="shard 2, not 1"):
        merge_counts(parts[::-1], tmp_path, CooccurrenceSettings())
