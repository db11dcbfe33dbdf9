from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnpipe.common.arrays import GrowingArray, read_part, write_shards
from rnnpipe.common.errors import RnnpipeError

RECORD = np.dtype([("n", "<i4"), ("x", "<f8")])


@pytest.mark.parametrize("dtype", [np.uint16, np.int64, np.float32, RECORD])
def test_pieces_make_one_array(tmp_path: Path, dtype) -> None:
    whole = np.arange(1000).astype(dtype)
    with GrowingArray(tmp_path / "a.npy", dtype) as array:
        for piece in np.split(whole, [0, 1, 500, 998]):
            array.append(piece)
        assert array.length == 1000
    read = np.load(tmp_path / "a.npy", allow_pickle=False)
    assert read.dtype == whole.dtype
    assert read.tobytes() == whole.tobytes()
    np.save(tmp_path / "b.npy", whole)
    assert (tmp_path / "a.npy").read_bytes() == (tmp_path / "b.npy").read_bytes()


def test_pieces_are_converted(tmp_path: Path) -> None:
    with GrowingArray(tmp_path / "a.npy", np.uint16) as array:
        array.append(np.arange(10, dtype=np.int64)[::2])
    assert np.load(tmp_path / "a.npy").tolist() == [0, 2, 4, 6, 8]


@settings(max_examples=50, deadline=None)
@given(lengths=st.lists(st.integers(0, 9)), most=st.integers(1, 12))
def test_shards_are_full_but_the_last(tmp_path_factory, lengths: list[int], most: int) -> None:
    folder = tmp_path_factory.mktemp("shards")
    whole = np.arange(sum(lengths))
    assert write_shards(folder, np.split(whole, np.cumsum(lengths)[:-1]) if lengths else [], np.int64, most) == len(whole)
    shards = [np.load(path) for path in sorted(folder.iterdir())]
    assert np.array_equal(np.concatenate([np.empty(0, int), *shards]), whole)
    assert [len(shard) for shard in shards] == [min(most, len(whole) - first) for first in range(0, len(whole), most)]


def test_a_part_is_a_copy_of_array_or_file(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", np.arange(100, dtype=np.uint16))
    mapped = np.load(tmp_path / "a.npy", mmap_mode="r")
    for array in (mapped, mapped[10:], np.asarray(mapped)):
        part = read_part(array, 5, 9)
        assert part.tolist() == array[5:9].tolist()
        assert part.base is None
    with (tmp_path / "a.npy").open("r+b") as file:
        file.truncate(150)
    with pytest.raises(RnnpipeError, match="a.npy: became shorter"):
        read_part(mapped, 5, 99)
