"""The real-gated linear recurrent unit."""

from typing import Any

import torch
from torch import Tensor, nn
from torch.autograd.function import once_differentiable
from torch.nn import functional as F

from rnnpipe.layers.cells.linear import LinearCell

SHARPNESS = 8.0
"""c of the paper."""
KEPT = (0.9, 0.999)
"""Bounds of e^-softplus(Λ) when training starts; its square is uniform between theirs, as in the authors' code."""
STEEPEST = 1000.0
"""Largest derivative of the square root, as in the authors' code; at 0 it has none."""


class RGLRUCell(LinearCell, name="rglru"):
    """`rglru` (De et al. 2024, "Griffin", equations 1 to 4).

    r<t> = σ(W_r x<t> + b_r)
    i<t> = σ(W_i x<t> + b_i)
    a<t> = exp(-8 r<t> softplus(Λ))
    h<t> = a<t> * h<t-1> + √(1 - a<t>²) * i<t> * (W_u x<t> + b_u)

    W_u is the linear layer before the unit in Griffin's block, which brings x to the width of the state; the gates read x itself.
    The rows of the matrices are those of r, of i, then of u.
    """

    gates = 3

    def __init__(self, input_size: int, hidden_size: int) -> None:
        super().__init__(input_size, hidden_size)
        lowest, highest = KEPT
        kept = torch.empty(hidden_size).uniform_(lowest**2, highest**2).sqrt()
        self.decay = nn.Parameter((1 / kept - 1).log())  # Λ, (H,): softplus(Λ) = -log kept

    def coefficients(self, projected: Tensor) -> tuple[Tensor, Tensor]:
        """Follow the equations of the class."""
        gates, values = projected.split_with_sizes([2 * self.hidden_size, self.hidden_size], dim=2)
        recurrence, entry = gates.sigmoid().chunk(2, dim=2)  # (T, B, H) each
        logarithm = recurrence * (-SHARPNESS * F.softplus(self.decay))
        square = -torch.expm1(2 * logarithm)  # 1 - a², exact where a is near 1
        added: Tensor = _BoundedRoot.apply(square)  # type: ignore[no-untyped-call]
        return logarithm.exp(), added * entry * values


class _BoundedRoot(torch.autograd.Function):
    """√x, with a derivative of `STEEPEST` at most."""

    @staticmethod
    def forward(ctx: Any, squares: Tensor) -> Tensor:
        roots = squares.sqrt()
        ctx.save_for_backward(roots)
        return roots

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> Tensor:
        (roots,) = ctx.saved_tensors
        steepness: Tensor = (0.5 / roots).clamp(max=STEEPEST)
        return gradient * steepness
