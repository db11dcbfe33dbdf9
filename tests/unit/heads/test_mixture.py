"""The mixture of softmaxes against its equation, in chunks and far out."""

import numpy as np
import pytest
import torch
from torch import Tensor

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.heads import mixture
from rnnpipe.heads.mixture import Mixture

WORDS, WIDTH = 11, 6


def made(**options: int) -> Mixture:
    torch.manual_seed(1)
    return Mixture(WIDTH, WORDS, None, **options)


def states(rows: int = 7, scale: float = 1.0) -> Tensor:
    return scale * torch.randn(rows, WIDTH, generator=torch.Generator().manual_seed(2))


@pytest.mark.parametrize("options", [{}, {"softmaxes": 1}, {"softmaxes": 3, "bottleneck": 4}])
def test_the_equation_in_float64(options: dict[str, int]) -> None:
    """P = sum over k of π_k softmax(θ tanh(W_k h + b_k) + b), as in Yang et al. (2018), section 2.4, word by word."""
    head, inputs = made(**options).double(), states().double()
    weights = {name: weight.detach().numpy() for name, weight in head.named_parameters()}
    for state, found in zip(inputs.numpy(), head.log_probabilities(inputs).tolist(), strict=True):
        shares = np.exp(weights["prior.weight"] @ state)
        latent = np.tanh(weights["latent.weight"] @ state + weights["latent.bias"]).reshape(head.softmaxes, -1)
        scores = np.exp(latent @ weights["theta.weight"].T + weights["theta.bias"])  # (K, C)
        expected = (shares / shares.sum()) @ (scores / scores.sum(axis=1, keepdims=True))
        assert found == pytest.approx(np.log(expected).tolist(), abs=1e-12)
    targets = torch.arange(7)
    torch.testing.assert_close(head.losses(inputs, targets), -head.log_probabilities(inputs)[targets, targets])


def test_a_single_softmax_is_a_softmax() -> None:
    head = made(softmaxes=1)
    expected = head.theta(head.latent(states()).tanh()).log_softmax(-1)
    torch.testing.assert_close(head.log_probabilities(states()), expected)


def test_several_softmaxes_have_a_rank_that_one_cannot_have() -> None:
    """What the mixture is for: log-probabilities of many states span more than the width of a state and one."""
    ranks = []
    for softmaxes in (1, 3):
        head = made(softmaxes=softmaxes, bottleneck=2).double()
        with torch.no_grad():
            found = head.log_probabilities(states(50, 5.0).double())
        ranks.append(int(torch.linalg.matrix_rank(found, rtol=1e-9)))
    assert ranks[0] <= 2 + 2
    assert ranks[1] == WORDS


def test_chunks_change_memory_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    targets = torch.arange(7)

    def loss_and_gradients() -> list[Tensor]:
        head, inputs = made(softmaxes=3), states().requires_grad_()
        loss = head.losses(inputs, targets)
        loss.sum().backward()
        assert inputs.grad is not None
        return [loss.detach(), inputs.grad, *(weight.grad for weight in head.parameters() if weight.grad is not None)]

    whole, largest = loss_and_gradients(), []
    inner = Mixture._losses
    monkeypatch.setitem(mixture.NUMBERS, "cpu", 2 * 3 * WORDS)
    monkeypatch.setattr(Mixture, "_losses", lambda self, *chunk: (largest.append(len(chunk[0])), inner(self, *chunk))[1])
    for found, expected in zip(loss_and_gradients(), whole, strict=True):
        torch.testing.assert_close(found, expected)
    assert max(largest) == 2


def test_far_out_the_log_probabilities_are_numbers() -> None:
    head = made()
    with torch.no_grad():
        head.theta.weight.mul_(1e4)
        head.prior.weight.mul_(1e4)
    inputs = states(scale=10.0).requires_grad_()
    losses = head.losses(inputs, torch.arange(7))
    losses.sum().backward()
    assert losses.isfinite().all()
    assert inputs.grad is not None
    assert inputs.grad.isfinite().all()
    assert head.log_probabilities(inputs).isfinite().all()


def test_bfloat16_states_are_summed_in_float32() -> None:
    head = made()
    with torch.autocast("cpu", torch.bfloat16):
        found = head.log_probabilities(states())
        losses = head.losses(states(), torch.arange(7))
    assert found.dtype == losses.dtype == torch.float32
    torch.testing.assert_close(found.exp().sum(-1), torch.ones(7))
    torch.testing.assert_close(losses, -found[torch.arange(7), torch.arange(7)], rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("options", [{"softmaxes": 0}, {"bottleneck": -1}])
def test_sizes_below_one_are_told(options: dict[str, int]) -> None:
    (name,) = options
    with pytest.raises(RnnpipeError, match=f"^network.head.{name}: {options[name]} is below 1"):
        made(**options)
