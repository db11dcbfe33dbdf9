from typing import Any

import pytest
import torch
from torch import Tensor, nn

from rnnpipe.params import Optimizer
from rnnpipe.training.optimizers import configured, scaled_rates


def stepped(settings: Optimizer, gradients: Tensor, factor: float = 1.0) -> Tensor:
    """Return a weight of ones after a step along each gradient."""
    model = nn.Linear(3, 1, bias=False)
    nn.init.ones_(model.weight)
    made = configured(settings, model, len(gradients))
    optimizer, schedule = (
        (made, None) if settings.schedule == "constant" else (made["optimizer"], made["lr_scheduler"]["scheduler"])
    )
    for gradient in gradients:
        model.weight.grad = gradient[None].clone()
        with scaled_rates(optimizer, factor):
            optimizer.step()
        if schedule:
            schedule.step()
    return model.weight.detach()[0]


GRADIENTS = torch.tensor([[1.0, -2.0, 0.5], [0.1, 0.2, 0.3]])


def test_gradient_steps_by_hand() -> None:
    expected = torch.ones(3)
    for gradient in GRADIENTS:
        expected = expected - 0.5 * (gradient + 0.1 * expected)
    torch.testing.assert_close(stepped(Optimizer(kind="sgd", learning_rate=0.5, weight_decay=0.1), GRADIENTS), expected)


@pytest.mark.parametrize("kind", ["sgd", "adamw"])
def test_a_scaled_rate_is_that_rate(kind: Any) -> None:
    one, other = Optimizer(kind=kind, learning_rate=0.5), Optimizer(kind=kind, learning_rate=0.1)
    torch.testing.assert_close(stepped(one, GRADIENTS, 0.2), stepped(other, GRADIENTS))


def test_the_schedule_does_not_see_a_scale() -> None:
    settings = Optimizer(kind="sgd", learning_rate=0.5, schedule="one_cycle")
    whole, half = stepped(settings, GRADIENTS), stepped(settings, GRADIENTS, 0.5)
    torch.testing.assert_close(half - 1, (whole - 1) / 2)


def test_gradient_steps_have_no_momentum_in_a_cycle() -> None:
    made = configured(Optimizer(kind="sgd", learning_rate=0.5, schedule="one_cycle"), nn.Linear(1, 1), 10)
    (group,) = made["optimizer"].param_groups
    assert group["momentum"] == 0
    made["optimizer"].step()
    made["lr_scheduler"]["scheduler"].step()
    assert group["momentum"] == 0


@pytest.mark.parametrize(("warm_up", "peak"), [(0.1, 9), (0.5, 49)])
def test_the_rate_is_highest_where_the_warm_up_ends(warm_up: float, peak: int) -> None:
    settings = Optimizer(kind="adamw", learning_rate=0.5, schedule="one_cycle", warm_up=warm_up)
    made = configured(settings, nn.Linear(1, 1), 100)
    rates = []
    for _ in range(100):
        rates.append(made["optimizer"].param_groups[0]["lr"])
        made["optimizer"].step()
        made["lr_scheduler"]["scheduler"].step()
    assert rates.index(max(rates)) == peak
    assert max(rates) == pytest.approx(0.5)
