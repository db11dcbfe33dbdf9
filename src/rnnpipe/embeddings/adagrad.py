"""AdaGrad with one sum of squares a row: for matrices of which a step touches few rows.

torch.optim.Adagrad keeps a sum for each number and sorts and merges the rows of a sparse gradient first; at 4 to 8 context words
of 100 numbers this makes the training of the window network two to three times as slow.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import torch
from torch import Tensor, nn

_EPSILON = 1e-10
"""As torch.optim.Adagrad: a row without any gradient yet stays where it is."""


class RowAdagrad(torch.optim.Optimizer):
    """Step of row r: -learning rate · g_r / sqrt(sum over all steps of the mean of g_r²) (after Duchi et al. 2011).

    Where a sparse gradient names a row several times, each time counts as a gradient of its own in the sum.

    Parameters
    ----------
    params : iterable of nn.Parameter
        Matrices of shape (R, H), with dense or sparse gradients.
    lr : float
        Learning rate: about how far each number of a row goes in the first step.
    """

    def __init__(self, params: Iterable[nn.Parameter], lr: float) -> None:
        super().__init__(params, {"lr": lr})
        for group in self.param_groups:
            for matrix in group["params"]:
                self.state[matrix]["sum"] = torch.zeros(len(matrix), dtype=matrix.dtype)

    @torch.no_grad()
    def step(self, closure: Callable[[], Any] | None = None) -> None:  # type: ignore[override]
        """Update all rows that have a gradient; overwrites the gradients."""
        for group in self.param_groups:
            for matrix in group["params"]:
                if matrix.grad is not None:
                    _update(matrix, self.state[matrix]["sum"], group["lr"])


def _update(matrix: nn.Parameter, sums: Tensor, rate: float) -> None:
    gradient: Any = matrix.grad
    if not gradient.is_sparse:
        sums += _mean_square(gradient)
        matrix.add_(gradient / (sums.sqrt() + _EPSILON)[:, None], alpha=-rate)
        return
    rows, values = gradient._indices()[0], gradient._values()  # (N,), (N, H)
    sums.index_add_(0, rows, _mean_square(values))
    values /= (sums[rows].sqrt() + _EPSILON)[:, None]
    matrix.index_add_(0, rows, values, alpha=-rate)


def _mean_square(rows: Tensor) -> Tensor:
    """Return the mean of the squares of each row: (N, H) -> (N,)."""
    lengths: Tensor = torch.linalg.vector_norm(rows, dim=1)
    return lengths.square() / rows.shape[1]
