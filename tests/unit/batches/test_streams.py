import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from rnnpipe.batches.batch import IGNORED
from rnnpipe.batches.streams import StreamWindows, stream
from rnnpipe.text.encoded import EncodedSplit
from rnnpipe.text.vocabulary import EOS


def test_a_stream_ends_each_document() -> None:
    ids = np.array([5, 6, 7], dtype=np.uint16)
    words = stream(EncodedSplit(ids, np.array([0, 2, 2, 3]), None, None))
    assert words.tolist() == [5, 6, EOS, EOS, 7, EOS]
    assert words.dtype == np.uint16


def test_windows_by_hand() -> None:
    windows = StreamWindows(np.arange(10, 17, dtype=np.uint16), batch_size=2, bptt=3)
    assert len(windows) == 2
    first, second = windows.window(0), windows.window(1)
    assert first.ids.tolist() == [[EOS, 10, 11], [EOS, 14, 15]]
    assert first.targets.tolist() == [[10, 11, 12], [14, 15, 16]]
    assert second.ids[0].tolist() == [12]
    assert second.targets.tolist() == [[13], [IGNORED]]
    assert (first.total, second.total) == (6, 1)
    assert second.lengths.tolist() == [1, 1]


@given(st.integers(1, 60), st.integers(1, 7), st.integers(1, 9))
def test_each_word_is_predicted_once_and_inputs_stand_one_place_before(words: int, batch_size: int, bptt: int) -> None:
    windows = StreamWindows(np.arange(3, words + 3, dtype=np.uint16), batch_size, bptt)
    batches = [windows.window(index) for index in range(len(windows))]
    targets = np.concatenate([batch.targets.numpy() for batch in batches], axis=1)  # (B, row length)
    inputs = np.concatenate([batch.ids.numpy() for batch in batches], axis=1)
    read = targets[targets != IGNORED]
    assert read.tolist() == list(range(3, words + 3))
    assert sum(batch.total for batch in batches) == words
    before = np.arange(2, words + 2)
    before[:: windows.row_length] = EOS
    assert inputs[targets != IGNORED].tolist() == before.tolist()


@given(st.integers(1, 400), st.integers(1, 7), st.integers(1, 30), st.floats(0.01, 0.99), st.integers(0, 9), st.integers(0, 3))
def test_drawn_windows_predict_each_word_once(
    words: int, batch_size: int, bptt: int, share: float, seed: int, epoch: int
) -> None:
    windows = StreamWindows(np.arange(3, words + 3, dtype=np.uint16), batch_size, bptt)
    drawn = windows.drawn(share * bptt, seed, epoch)
    assert drawn == windows.drawn(share * bptt, seed, epoch)
    assert len(drawn) == len(windows.drawn(share * bptt, seed + 1, epoch + 1)), "a training knows its number of steps"
    assert [start for start, _ in drawn] == [0, *(end for _, end in drawn[:-1])]
    batches = [windows.between(*edges) for edges in drawn]
    assert all(batch.ids.shape[1] >= 1 for batch in batches)
    targets = np.concatenate([batch.targets.numpy() for batch in batches], axis=1)
    assert targets[targets != IGNORED].tolist() == list(range(3, words + 3))


def test_drawn_lengths_are_about_bptt_and_rarely_its_half() -> None:
    windows = StreamWindows(np.zeros(700_000, dtype=np.uint16), batch_size=1, bptt=70)
    lengths = np.array([end - start for start, end in windows.drawn(5.0, seed=1, epoch=0)])
    halved = lengths < 52
    assert 0.04 < halved.mean() < 0.06
    assert abs(lengths[~halved].mean() - 70) < 0.5
    assert abs(lengths[halved].mean() - 35) < 1
    assert abs(lengths[~halved].std() - 5) < 0.3
    assert windows.drawn(5.0, 1, 0) != windows.drawn(5.0, 1, 1)
    assert windows.drawn(5.0, 1, 0) != windows.drawn(5.0, 2, 0)
