import numpy as np
import pytest

from rnnpipe.metrics.agreement import PairAccuracy, pair_accuracy_by_distance, standard_error, total_accuracy
from rnnpipe.text.pairs import EncodedPair

SLEEPS, SLEEP, RUNS, RUN, UNKNOWN = 3, 4, 5, 6, 1
GIVEN = {SLEEPS: -1.0, SLEEP: -2.0, RUNS: -2.0, RUN: -2.0, UNKNOWN: -9.0}


def score(prefixes, continuations):
    assert [prefix.tolist() for prefix in prefixes] == [[7, 8]] * len(prefixes)
    return np.array([sum(GIVEN[word] for word in words.tolist()) for words in continuations])


def ids(*words: int) -> np.ndarray:
    return np.array(words, dtype=np.int64)


def pair(distance: int, good: int, bad: int) -> EncodedPair:
    return EncodedPair(distance, ids(7, 8), ids(good), ids(bad))


@pytest.mark.parametrize("batch_size", [1, 2, 256])
def test_rows_by_distance(batch_size: int) -> None:
    pairs = [pair(20, SLEEP, SLEEPS), pair(3, SLEEPS, SLEEP), pair(20, SLEEPS, SLEEP), pair(3, RUN, RUNS)]
    rows = pair_accuracy_by_distance(pairs, score, batch_size)
    assert rows == [PairAccuracy(3, 2, 75.0), PairAccuracy(20, 2, 50.0)]


def test_two_unknown_words_are_a_tie_whatever_the_model_says() -> None:
    noise = iter(np.random.default_rng(0).normal(size=100))

    def unsteady(prefixes, continuations):
        return np.array([next(noise) for _ in continuations])

    assert pair_accuracy_by_distance([pair(1, UNKNOWN, UNKNOWN)], unsteady) == [PairAccuracy(1, 1, 50.0)]


def test_a_continuation_may_be_several_words() -> None:
    longer = EncodedPair(2, ids(7, 8), ids(SLEEPS, SLEEPS), ids(SLEEP))
    assert pair_accuracy_by_distance([longer, pair(2, RUN, SLEEPS)], score) == [PairAccuracy(2, 2, 25.0)]


def test_totals_weigh_pairs_not_distances() -> None:
    rows = [PairAccuracy(0, 30, 100.0), PairAccuracy(20, 10, 0.0)]
    assert total_accuracy(rows) == 75.0
    assert total_accuracy(rows, shortest=20) == 0.0
    assert np.isnan(total_accuracy(rows, shortest=21))


def test_standard_error_of_a_share_in_percent() -> None:
    assert standard_error(50.0, 100) == pytest.approx(5.0)
    assert standard_error(100.0, 100) == 0.0


def test_no_pairs_no_rows() -> None:
    assert pair_accuracy_by_distance([], score) == []
