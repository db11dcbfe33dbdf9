"""The optimizer of a training and its schedule."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor, nn

from rnnpipe.layers.embedding import WordEmbedding
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
    rows = [weight for embedding in sparse_embeddings(model) for weight in embedding.parameters()]
    others = [weight for weight in model.parameters() if weight.requires_grad and all(weight is not row for row in rows)]
    kind: Any = {"adamw": torch.optim.AdamW, "sgd": torch.optim.SGD}[settings.kind]
    groups = [{"params": others}, *([{"params": rows, "fused": False}] if rows else [])]
    optimizer = kind(groups, lr=settings.learning_rate, weight_decay=settings.weight_decay, fused=True)
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


def make_sparse(settings: Optimizer, model: nn.Module, alone: bool) -> None:
    """Let the gradient of word vectors hold the rows of a batch's words alone, where each step leaves all other rows as they are.

    AdamW moves every row at every step, weight decay too; a tied matrix has a gradient in all rows; and processes that add up
    their gradients (not `alone`) would have to agree on the rows.
    """
    held = [weight for part in model.modules() for weight in part.parameters(recurse=False)]
    for embedding in (part for part in model.modules() if isinstance(part, WordEmbedding)):
        own = embedding.weight.requires_grad and sum(weight is embedding.weight for weight in held) == 1
        embedding.sparse = settings.kind == "sgd" and settings.weight_decay == 0 and alone and own


def sparse_embeddings(model: nn.Module) -> list[WordEmbedding]:
    """Return what has sparse gradients."""
    return [part for part in model.modules() if isinstance(part, WordEmbedding) and part.sparse]


def clip_gradients(weights: Iterable[Tensor], bound: float) -> Tensor:
    """Scale gradients down to a norm of all of them together, and return the norm before, as torch's `clip_grad_norm_` does.

    That does not take sparse gradients.
    """
    values = []
    for weight in weights:
        if weight.grad is not None:
            weight.grad = weight.grad.coalesce() if weight.grad.is_sparse else weight.grad
            values.append(weight.grad.values() if weight.grad.is_sparse else weight.grad)
    norm = torch.nn.utils.get_total_norm(values)
    torch._foreach_mul_(values, (bound / (norm + 1e-6)).clamp(max=1.0))
    return norm


@contextmanager
def scaled_rates(optimizer: Any, factor: float) -> Iterator[None]:
    """Multiply the optimizer's learning rates for one step; its schedule does not see it."""
    rates = [group["lr"] for group in optimizer.param_groups]
    for group, rate in zip(optimizer.param_groups, rates, strict=True):
        group["lr"] = rate * factor
    yield
    for group, rate in zip(optimizer.param_groups, rates, strict=True):
        group["lr"] = rate
