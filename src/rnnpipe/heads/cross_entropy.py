"""The product with a large matrix and the cross entropy behind it in one, on CPUs: no table of all scores is kept."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

ROWS = 2**23 - 2**16
"""Scores of a chunk of rows, rows times C. Chosen by time: with fewer the gradient of the matrix is read and written more often;
what takes 32 MiB or more the allocator of Linux gives back at once, to take it anew page by page in the next step."""


def linear_cross_entropy(states: Tensor, weight: Tensor, bias: Tensor | None, targets: Tensor) -> Tensor:
    """Return the sum of -log softmax(W s + b) at the targets, in nats.

    The gradients are made in the forward pass, a chunk of rows at a time, while the scores are at hand; the backward pass only
    multiplies them by a number. What is kept is as large as the gradients, whatever the number of rows.

    Parameters
    ----------
    states : Tensor of shape (N, H), dtype=float32 or float64
    weight : Tensor of shape (C, H)
        W.
    bias : Tensor of shape (C,), optional
        b; None: there is none.
    targets : Tensor of shape (N,), dtype=int64
        In [0, C).
    """
    return _LinearCrossEntropy.apply(states, weight, bias, targets)  # type: ignore[no-any-return,no-untyped-call]


class _LinearCrossEntropy(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, states: Tensor, weight: Tensor, bias: Tensor | None, targets: Tensor) -> Tensor:
        total, *gradients = _with_gradients(states, weight, bias, targets)
        ctx.save_for_backward(*gradients)
        return total

    @staticmethod
    @torch.autograd.function.once_differentiable
    def backward(ctx: Any, factor: Tensor) -> tuple[Tensor | None, ...]:
        gradients = (None if gradient is None else gradient * factor for gradient in ctx.saved_tensors)
        return (*gradients, None)


def _with_gradients(
    states: Tensor, weight: Tensor, bias: Tensor | None, targets: Tensor
) -> tuple[Tensor, Tensor, Tensor, Tensor | None]:
    """Return the loss and its gradients: (), (N, H), (C, H), (C,)."""
    total, by_states = weight.new_zeros(()), torch.empty_like(states)
    by_weight = torch.empty_like(weight) if len(states) else torch.zeros_like(weight)
    by_bias = None if bias is None else torch.zeros_like(bias)
    rows = max(1, min(ROWS // len(weight), len(states)))
    space = weight.new_empty(rows, len(weight))  # the same for all chunks: new memory of this size costs as much as a softmax
    chunks = zip(*(torch.split(one, rows) for one in (states, targets, by_states)), strict=True)
    for number, (own, wanted, result) in enumerate(chunks):
        scores = space[: len(own)]  # (R, C)
        if bias is None:
            torch.mm(own, weight.T, out=scores)
        else:
            torch.addmm(bias, own, weight.T, out=scores)
        total += _to_gradient(scores, wanted.unsqueeze(1))
        torch.mm(scores, weight, out=result)
        by_weight.addmm_(scores.T, own, beta=min(number, 1))  # the first chunk's product is not added to what was there
        if by_bias is not None:
            by_bias += scores.sum(0)
    return total, by_states, by_weight, by_bias


def _to_gradient(scores: Tensor, targets: Tensor) -> Tensor:
    """Return the loss of scores (R, C) at targets (R, 1), and put the gradient in their place: softmax, less 1 at the target."""
    torch.log_softmax(scores, 1, out=scores)
    loss = -scores.gather(1, targets).sum()
    scores.exp_().scatter_add_(1, targets, scores.new_full(targets.shape, -1))
    return loss
