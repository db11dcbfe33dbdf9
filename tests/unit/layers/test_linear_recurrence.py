"""The loop and the scan are one function, with one gradient."""

import pytest
import torch
from torch import Tensor

from rnnpipe.layers import linear_recurrence as recurrence
from rnnpipe.layers.linear_recurrence import by_doubling, by_steps, linear_recurrence

LENGTHS = [1, 2, 3, 7, 8, 100]


def example(steps: int, dtype: torch.dtype = torch.float64, batch: int = 3, size: int = 4) -> tuple[Tensor, Tensor, Tensor]:
    torch.manual_seed(steps)
    factors, terms = torch.rand(steps, batch, size, dtype=dtype), torch.randn(steps, batch, size, dtype=dtype)
    return factors, terms, torch.randn(batch, size, dtype=dtype)


@pytest.mark.parametrize("steps", LENGTHS)
@pytest.mark.parametrize("way", [by_steps, by_doubling])
def test_both_ways_are_the_recurrence_written_out(way, steps: int) -> None:
    factors, terms, state = example(steps)
    found = way(factors, terms, state)
    for step in range(steps):
        state = factors[step] * state + terms[step]
        torch.testing.assert_close(found[step], state, rtol=0, atol=1e-13)


@pytest.mark.parametrize("steps", [1, 2, 5])
@pytest.mark.parametrize("way", [by_steps, by_doubling])
def test_the_gradient_is_that_of_small_differences(way, steps: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recurrence, "_read", way)
    inputs = tuple(value.requires_grad_() for value in example(steps, batch=2, size=2))
    assert torch.autograd.gradcheck(linear_recurrence, inputs)


@pytest.mark.parametrize("way", [by_steps, by_doubling])
def test_a_state_of_zero_has_a_gradient(way, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recurrence, "_read", way)
    factors, terms, _ = example(5)
    zero = torch.zeros(3, 4, dtype=torch.float64, requires_grad=True)
    linear_recurrence(factors, 0 * terms, zero).sum().backward()
    assert zero.grad.isfinite().all()
    assert (zero.grad > 0).all()


@pytest.mark.parametrize("way", [by_steps, by_doubling])
def test_the_error_does_not_grow_with_the_length(way) -> None:
    """A scan of logarithms is off by 6e-3 at this length."""
    factors, terms, state = example(20_000, torch.float32, batch=1)
    factors = 1 - 0.01 * factors
    exact = by_steps(factors.double(), terms.double(), state.double())
    found = way(factors, terms, state).double()
    assert float((found - exact).abs().max() / exact.abs().max()) < 2e-5
