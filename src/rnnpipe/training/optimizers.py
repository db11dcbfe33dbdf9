"""The optimizer of a training and its schedule."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import nn

from rnnpipe.params import Optimizer


def configured(settings: Optimizer, model: nn.Module, steps: int) -> Any:
    """Return what Lightning's `configure_optimizers` returns.

    Parameters
    ----------
    settings : Optimizer
    model : nn.Module
        All its weights that are not frozen are trained.
    steps : int
        Steps of the whole training, which the one-cycle schedule is stretched over.
    """
    weights = [weight for weight in model.parameters() if weight.requires_grad]
    kind: Any = {"adamw": torch.optim.AdamW, "sgd": torch.optim.SGD}[settings.kind]
    optimizer = kind(weights, lr=settings.learning_rate, weight_decay=settings.weight_decay, fused=True)
    if settings.schedule == "constant":
        return optimizer
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer,
        settings.learning_rate,
        total_steps=steps,
        pct_start=settings.warm_up,
        cycle_momentum=settings.kind == "adamw",  # gradient steps have no momentum that could follow the rate
    )
    return {"optimizer": optimizer, "lr_scheduler": {"scheduler": schedule, "interval": "step"}}


@contextmanager
def scaled_rates(optimizer: Any, factor: float) -> Iterator[None]:
    """Multiply the optimizer's learning rates for one step; its schedule does not see it."""
    rates = [group["lr"] for group in optimizer.param_groups]
    for group, rate in zip(optimizer.param_groups, rates, strict=True):
        group["lr"] = rate * factor
    yield
    for group, rate in zip(optimizer.param_groups, rates, strict=True):
        group["lr"] = rate
