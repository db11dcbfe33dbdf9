"""The recurrence h<t> = a<t> * h<t-1> + b<t>, all of whose a and b are known before the first step.

On a CPU it is a loop over the steps, on a GPU a scan in log2(T) rounds (Hillis & Steele 1986). Both stay in real space: a scan of
logarithms (Heinsen 2023) has no state of zero, and its error grows with the length.
"""

from typing import Any

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable


def linear_recurrence(factors: Tensor, terms: Tensor, state: Tensor) -> Tensor:
    """Return h<1> … h<T>, shape (T, B, H).

    Parameters
    ----------
    factors, terms : Tensor of shape (T, B, H)
        a<t> and b<t>, of one dtype. T >= 1.
    state : Tensor of shape (B, H)
        h<0>.
    """
    states: Tensor = _Recurrence.apply(factors, terms, state)  # type: ignore[no-untyped-call]
    return states


def by_steps(factors: Tensor, terms: Tensor, state: Tensor, back: bool = False) -> Tensor:
    """Take one step after the other, T small operations; `back`: from the last step to the first."""
    states = torch.empty_like(terms)
    order = slice(None, None, -1 if back else 1)
    for factor, term, after in zip(*(steps.unbind(0)[order] for steps in (factors, terms, states)), strict=True):
        state = torch.addcmul(term, factor, state, out=after)
    return states


def by_doubling(factors: Tensor, terms: Tensor, state: Tensor, back: bool = False) -> Tensor:
    """Join each step with those 1, 2, 4 … before it, all steps at once: few large operations, log2(T) times the work."""
    if back:
        return by_doubling(factors.flip(0), terms.flip(0), state).flip(0)
    states = torch.cat([torch.addcmul(terms[:1], factors[:1], state), terms[1:]])
    distance = 1
    while distance < len(terms):
        # h<t> = (a<t> … a<t-d+1>) h<t-d> + what was added in between
        states = torch.cat([states[:distance], torch.addcmul(states[distance:], factors[distance:], states[:-distance])])
        factors = torch.cat([factors[:distance], factors[distance:] * factors[:-distance]])
        distance *= 2
    return states


class _Recurrence(torch.autograd.Function):
    """With G<t> = dL/dh<t> + a<t+1> * G<t+1>, the same recurrence from the end: dL/db<t> = G<t>, dL/da<t> = G<t> * h<t-1>."""

    @staticmethod
    def forward(ctx: Any, factors: Tensor, terms: Tensor, state: Tensor) -> Tensor:
        states = _read(factors, terms, state)
        ctx.save_for_backward(factors, states, state)
        return states

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        factors, states, state = ctx.saved_tensors
        following = factors.roll(-1, 0)  # behind the last step the first one, which meets a flow of zero
        flow = _read(following, gradient, torch.zeros_like(state), back=True)
        by_factor = torch.empty_like(factors)
        torch.mul(flow[0], state, out=by_factor[0])
        torch.mul(flow[1:], states[:-1], out=by_factor[1:])
        return by_factor, flow, flow[0] * factors[0]


def _read(factors: Tensor, terms: Tensor, state: Tensor, back: bool = False) -> Tensor:
    return (by_doubling if terms.is_cuda else by_steps)(factors, terms, state, back)
