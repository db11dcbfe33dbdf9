import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnpipe.embeddings.counting.cooccurrence import ENTRY
from rnnpipe.embeddings.glove.entries import FEWEST_CLASSES, ROWS_OF_A_CLASS, Classes, arrange


@settings(deadline=None)
@given(words=st.one_of(st.integers(1, 1000), st.integers(60_000, 140_000)))
def test_each_word_has_a_row_of_its_own_among_those_of_its_class(words: int) -> None:
    classes = Classes(words)
    assert classes.number >= FEWEST_CLASSES
    assert classes.rows <= ROWS_OF_A_CLASS
    rows = classes.row_of
    assert len(np.unique(rows)) == words
    np.testing.assert_array_equal(rows // classes.rows, np.arange(words) % classes.number)


@pytest.mark.parametrize(("words", "number"), [(1, 64), (65_536, 64), (65_537, 128), (400_000, 512)])
def test_number_of_classes(words: int, number: int) -> None:
    assert Classes(words).number == number


@settings(deadline=None)
@given(data=st.data(), words=st.integers(1, 300), alpha=st.sampled_from([0.0, 0.75, 1.0]), cuts=st.integers(1, 4))
def test_entries_are_those_counted_by_blocks_in_the_order_they_came(data, words: int, alpha: float, cuts: int) -> None:
    word = st.integers(0, words - 1)
    cells = data.draw(st.lists(st.tuples(word, word), min_size=1, max_size=60, unique=True))
    counts = np.array([(i, j, 0.1 + 3 * n) for n, (i, j) in enumerate(cells)], dtype=ENTRY)
    classes = Classes(words)
    entries, seen = arrange(lambda: np.array_split(counts, cuts), classes, 10.0, alpha, np.float64)

    block = counts["i"] % classes.number * classes.number + counts["j"] % classes.number
    expected = counts[np.argsort(block, kind="stable")]
    np.testing.assert_array_equal(entries.i, classes.row_of[expected["i"]])
    np.testing.assert_array_equal(entries.j, classes.row_of[expected["j"]])
    x = expected["x"].astype(np.float64)
    np.testing.assert_allclose(entries.log_x, np.log(x), rtol=1e-14)
    np.testing.assert_allclose(entries.weight, np.minimum(1, (x / 10.0) ** alpha), rtol=1e-14)
    np.testing.assert_array_equal(np.diff(entries.starts), np.bincount(block, minlength=classes.number**2))
    np.testing.assert_array_equal(np.flatnonzero(seen), np.unique([*counts["i"], *counts["j"]]))
