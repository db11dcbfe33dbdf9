import numpy as np
import pytest

from rnnpipe.embeddings.intrinsic.probe import RIDGE, held_out_accuracy, majority_share


def test_a_linear_feature_is_found_and_a_random_one_is_not() -> None:
    rng = np.random.default_rng(1)
    vectors = rng.normal(size=(60, 8)).astype(np.float32)
    linear = np.sign(vectors[:, 0] + 0.2 * vectors[:, 1])
    assert held_out_accuracy(vectors, linear) > 85
    assert held_out_accuracy(vectors, rng.choice([-1.0, 1.0], 60)) < 70


def test_each_word_is_really_held_out() -> None:
    """The closed form equals leaving out each word and fitting again, on the same centre and scale."""
    rng = np.random.default_rng(2)
    vectors = rng.normal(size=(20, 5))
    values = np.sign(vectors[:, 0] + rng.normal(size=20))
    centred = vectors - vectors.mean(axis=0)
    centred /= np.sqrt(np.mean(np.sum(centred**2, axis=1)))
    right = 0
    for word in range(20):
        rest = np.arange(20) != word
        design = np.column_stack([centred[rest], np.ones(19)])
        penalty = RIDGE * np.diag([1.0] * 5 + [0.0])
        fitted = np.linalg.solve(design.T @ design + penalty, design.T @ values[rest])
        right += (centred[word] @ fitted[:-1] + fitted[-1] > 0) == (values[word] > 0)
    assert held_out_accuracy(vectors, values) == pytest.approx(5 * right)


def test_one_hot_vectors_say_nothing() -> None:
    values = np.array([-1.0] * 5 + [0.0] * 10 + [1.0] * 5)
    assert held_out_accuracy(np.eye(20), values) <= majority_share(values) == 50


def test_equal_vectors_are_no_error() -> None:
    assert held_out_accuracy(np.ones((4, 3)), np.array([0.0, 0.0, 0.0, 1.0])) == 75
