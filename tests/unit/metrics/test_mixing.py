import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize

from rnnpipe.metrics.mixing import mixed, mixture_weights


def drawn(models: int, words: int, seed: int) -> np.ndarray:
    return np.log(np.random.default_rng(seed).beta(0.3, 2.0, size=(models, words)) + 1e-6)


@given(st.integers(2, 4), st.integers(30, 80), st.integers(0, 1000))
def test_the_weights_are_those_that_a_general_optimiser_finds(models: int, words: int, seed: int) -> None:
    log_probabilities = drawn(models, words, seed)
    found = mixture_weights(log_probabilities)
    assert found.sum() == pytest.approx(1.0)
    assert (found >= 0).all()

    def loss(numbers: np.ndarray) -> float:
        shares = np.exp(numbers - numbers.max())
        return -float(mixed(log_probabilities, shares / shares.sum()).sum())

    best = min(minimize(loss, start, method="Nelder-Mead", options={"maxiter": 5000, "fatol": 1e-9}).fun
               for start in (np.zeros(models), np.log(found + 1e-3)))  # fmt: skip
    assert -mixed(log_probabilities, found).sum() <= best + 1e-4
    assert mixed(log_probabilities, found).sum() >= log_probabilities.sum(axis=1).max() - 1e-4, "no worse than the best alone"


def test_the_mixture_is_the_weighted_mean_of_probabilities() -> None:
    log_probabilities, weights = drawn(3, 50, 1), np.array([0.2, 0.0, 0.8])
    assert np.exp(mixed(log_probabilities, weights)) == pytest.approx(weights @ np.exp(log_probabilities))


def test_a_model_that_is_never_better_gets_nothing() -> None:
    good = np.log(np.full(200, 0.5))
    assert mixture_weights(np.stack([good, good - 3.0])) == pytest.approx([1.0, 0.0], abs=1e-4)


def test_a_word_that_one_model_excludes_is_left_to_the_other() -> None:
    log_probabilities = np.log(
        np.array([[0.5, 0.25], [0.0, 0.5]]), where=[[True, True], [False, True]], out=np.full((2, 2), -np.inf)
    )
    weights = mixture_weights(log_probabilities)
    assert np.isfinite(mixed(log_probabilities, weights)).all()


def test_nothing_to_fit_by_leaves_equal_weights() -> None:
    assert mixture_weights(np.zeros((2, 0))).tolist() == [0.5, 0.5]
