import numpy as np
import pytest
from scipy.stats import spearmanr

from rnnpipe.embeddings.intrinsic.similarity import similarity


def test_equals_scipy_on_the_covered_pairs(vectors_of) -> None:
    rng = np.random.default_rng(1)
    words = [f"w{number}" for number in range(30)]
    vectors = vectors_of({word: rng.normal(size=4) for word in words})
    pairs = [(words[n], words[n + 1], float(rng.integers(0, 6))) for n in range(0, 30, 2)]
    found = similarity(vectors, [*pairs, ("w1", "missing", 3.0)])
    cosines = [vectors.cosine(first, second) for first, second, _ in pairs]
    assert found.spearman == pytest.approx(spearmanr(cosines, [score for _, _, score in pairs]).statistic)
    assert (found.pairs, found.covered) == (16, 93.75)


def test_vectors_that_order_nothing_have_correlation_zero(vectors_of) -> None:
    vectors = vectors_of({"a": (1.0, 0, 0), "b": (0, 1.0, 0), "c": (0, 0, 1.0)})
    assert similarity(vectors, [("a", "b", 1.0), ("b", "c", 2.0)]).spearman == 0


def test_one_pair_is_no_order(vectors_of) -> None:
    vectors = vectors_of({"a": (1.0, 0), "b": (0, 1.0)})
    assert similarity(vectors, [("a", "b", 1.0)]).spearman is None
    assert similarity(vectors, []).covered == 0
