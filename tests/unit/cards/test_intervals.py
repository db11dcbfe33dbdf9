import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from rnnpipe.cards.intervals import bootstrap, wilson


@given(st.integers(1, 10**6), st.floats(0, 1))
def test_wilson_is_that_of_scipy(count: int, share: float) -> None:
    correct = round(share * count)
    expected = binomtest(correct, count).proportion_ci(0.95, method="wilson")
    assert wilson(100 * correct / count, count) == pytest.approx((100 * expected.low, 100 * expected.high), abs=1e-6)


def test_the_count_survives_the_rounding_of_a_written_percentage() -> None:
    assert wilson(97.6667, 3000) == wilson(100 * 2930 / 3000, 3000)


def test_the_bootstrap_of_a_share_is_near_wilsons() -> None:
    counts = np.array([3000, 1000])
    found = bootstrap(counts, lambda drawn: 100 * drawn[0] / drawn.sum())
    assert found == pytest.approx(wilson(75.0, 4000), abs=0.2)


def test_the_bootstrap_draws_the_same_each_time() -> None:
    counts = np.array([5, 3, 2])
    assert bootstrap(counts, np.std) == bootstrap(counts, np.std)


def test_of_texts_of_one_kind_the_figure_is_sure() -> None:
    assert bootstrap(np.array([7]), lambda drawn: float(drawn[0])) == (7.0, 7.0)
