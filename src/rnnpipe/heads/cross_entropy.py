"""The product with a large matrix and the cross entropy behind it in one, on CPUs: no table of all scores is kept."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from functools import cache
from typing import Any

import torch
from torch import Tensor

from rnnpipe.common.errors import RnnpipeError

PRODUCTS = ("32", "bf16")

ROWS = 2**23 - 2**16
"""Scores of a chunk of rows, rows times C. Chosen by time: with fewer the gradient of the matrix is read and written more often;
what takes 32 MiB or more the allocator of Linux gives back at once, to take it anew page by page in the next step."""


def linear_cross_entropy(states: Tensor, weight: Tensor, bias: Tensor | None, targets: Tensor, bf16: bool = False) -> Tensor:
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
    bf16 : bool, default=False
        Multiply in bfloat16, with sums, the softmax and the loss in float32; for processors that `has_bf16`.
    """
    with torch.autocast("cpu", enabled=False):
        return _LinearCrossEntropy.apply(states.to(weight.dtype), weight, bias, targets, bf16)  # type: ignore[no-any-return,no-untyped-call]


@cache
def has_bf16() -> bool:
    """Tell whether the processor multiplies bfloat16 in instructions of its own; others are slower in it than in float32."""
    known = torch.cpu.get_capabilities()
    return any(known.get(name) for name in ("avx512_bf16", "amx_bf16", "bf16"))


def are_bf16(products: str) -> bool:
    """Read a head's `products`; an `RnnpipeError` if it is none of `PRODUCTS`."""
    if products not in PRODUCTS:
        raise RnnpipeError(f"network.head.products: {products!r} is not one of {', '.join(PRODUCTS)}")
    return products == "bf16"


def in_bf16(asked: bool) -> bool:
    """Tell whether to multiply in bfloat16: if the head or all of the training is asked to, on processors made for it."""
    return has_bf16() and (asked or torch.is_autocast_enabled("cpu"))


class _LinearCrossEntropy(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, states: Tensor, weight: Tensor, bias: Tensor | None, targets: Tensor, bf16: bool) -> Tensor:
        with _products_in("bf16") if bf16 else nullcontext():
            total, *gradients = _with_gradients(states, weight, bias, targets)
        ctx.save_for_backward(*gradients)
        return total

    @staticmethod
    @torch.autograd.function.once_differentiable
    def backward(ctx: Any, factor: Tensor) -> tuple[Tensor | None, ...]:
        gradients = (None if gradient is None else gradient * factor for gradient in ctx.saved_tensors)
        return (*gradients, None, None)


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


@contextmanager
def _products_in(precision: str) -> Iterator[None]:
    """Let oneDNN round the factors of products of float32 matrices; sums and results stay in float32."""
    backend: Any = torch.backends.mkldnn
    setting = backend.matmul
    before, setting.fp32_precision = setting.fp32_precision, precision
    try:
        yield
    finally:
        setting.fp32_precision = before
