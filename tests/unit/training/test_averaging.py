from typing import Any

import pytest
import torch
from torch import Tensor, nn

from rnnpipe.training.averaging import Averaging


def followed(
    optimizer: type[torch.optim.Optimizer], behind: int | None, steps: int, **options: Any
) -> tuple[Any, Any, list[Tensor]]:
    """Follow drawn gradients; return the averaging, the optimizer and the weights after each step."""
    model = nn.Linear(3, 2, bias=False)
    nn.init.ones_(model.weight)
    averaging, made = Averaging(model, behind), optimizer(model.parameters(), **options)  # type: ignore[arg-type]
    generator, after = torch.Generator().manual_seed(1), []
    for step in range(1, steps + 1):
        model.weight.grad = torch.randn(2, 3, generator=generator)
        made.step()
        averaging.add(step)
        after.append(model.weight.detach().clone())
    return averaging, made, after


@pytest.mark.parametrize("behind", [0, 3, 9])
def test_the_averages_are_the_plain_mean_of_the_later_steps(behind: int) -> None:
    averaging, _, after = followed(torch.optim.SGD, behind, 10, lr=0.1)
    torch.testing.assert_close(averaging.evaluated.weight, torch.stack(after[behind:]).mean(0))
    assert torch.equal(averaging.model.weight, after[-1]), "training goes on from its own weights"


@pytest.mark.parametrize("behind", [0, 3, 9])
def test_the_averages_are_those_of_torch_s_asgd(behind: int) -> None:
    """Its `t0` is the step before the first average; without decay of rate and weights it is SGD whose weights are averaged."""
    averaging, _, after = followed(torch.optim.SGD, behind, 10, lr=0.1, weight_decay=0.01)
    _, asgd, same = followed(torch.optim.ASGD, None, 10, lr=0.1, weight_decay=0.01, lambd=0.0, alpha=0.0, t0=behind - 1)
    torch.testing.assert_close(after[-1], same[-1])
    (state,) = asgd.state.values()
    torch.testing.assert_close(averaging.evaluated.weight.detach(), state["ax"])


@pytest.mark.parametrize("behind", [None, 10])
def test_before_their_step_there_are_none(behind: int | None) -> None:
    averaging, _, _ = followed(torch.optim.SGD, behind, 10, lr=0.1)
    assert averaging.evaluated is averaging.model
    assert averaging.state_dict() is None


def test_the_averages_go_on_where_they_were() -> None:
    averaging, _, _ = followed(torch.optim.SGD, 3, 10, lr=0.1)
    resumed = Averaging(averaging.model, 3)
    resumed.load_state_dict(averaging.state_dict())
    for made in (averaging, resumed):
        made.add(11)
    assert torch.equal(averaging.evaluated.weight, resumed.evaluated.weight)
    assert not resumed.evaluated.training
