"""What all recurrent cells have in common: their matrices, and the loop over the steps of a sequence.

The slides write W [a<t-1>, x<t>] + b for each gate. Here the matrix W is kept as its two halves, one for a<t-1> and one for x<t>,
and the matrices of all gates of a cell stand below each other, because the product with the inputs of all steps can then be taken
at once, before the loop over the steps. On a CPU the loop is as fast as `torch.nn.GRU`, and a backward pass written by hand was
measured to gain a tenth only, so there is none.
"""

from __future__ import annotations

from typing import ClassVar

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from rnnpipe.layers.initialisation import uniform_

CELLS: dict[str, type[RecurrentCell]] = {}
"""Name of a cell, as in `rnnpipe.params.network.CELLS` → its class."""


class RecurrentCell(nn.Module):
    """A cell and its loop over the steps of a sequence; the classes below it say how many matrices it has and what a step is.

    `class MyCell(RecurrentCell, name="my_cell")` is all that makes a cell known under a name; a class without a name is a kind
    of cells.

    Parameters
    ----------
    input_size : int
        Numbers in x<t>, E.
    hidden_size : int
        Numbers in the state, H.
    """

    gates: ClassVar[int]
    """Matrices of the cell, G: the candidate's and one for each gate."""
    parts: ClassVar[int] = 1
    """Tensors that make up the state, P. The first one is the output of the cell."""
    sees_state: ClassVar[bool] = True
    """Whether the gates see the state. False: there is no recurrent matrix `weight_hh`."""

    def __init_subclass__(cls, name: str | None = None, **more: object) -> None:
        super().__init_subclass__(**more)
        if name is not None:
            CELLS[name] = cls

    def __init__(self, input_size: int, hidden_size: int) -> None:
        super().__init__()
        self.weight_ih = nn.Parameter(torch.empty(self.gates * hidden_size, input_size))
        if self.sees_state:
            self.weight_hh = nn.Parameter(torch.empty(self.gates * hidden_size, hidden_size))
        self.bias = nn.Parameter(torch.empty(self.gates * hidden_size))
        self.hidden_size = hidden_size
        uniform_(self, hidden_size)

    def forward(self, inputs: Tensor, state: Tensor, lengths: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """Read sequences from their first step to their last.

        Parameters
        ----------
        inputs : Tensor of shape (T, B, E)
            T >= 1.
        state : Tensor of shape (P, B, H)
            State before the first step.
        lengths : Tensor of shape (B,), dtype=int64, optional
            Steps of each sequence, in [0, T], for the state at its own end; None: all have T.

        Returns
        -------
        tuple of Tensor
            Outputs of shape (T, B, H), and the state after each sequence's last step, of shape (P, B, H).
        """
        weights = self.recurrent_weights()
        parts = ended = state.unbind(0)
        outputs = []
        for step, projected in enumerate(self.project(inputs).unbind(0)):  # (B, G*H)
            parts = self.step(projected, parts, weights)
            outputs.append(parts[0])
            if lengths is not None:
                inside = (step < lengths).unsqueeze(1)
                ended = tuple(torch.where(inside, part, end) for part, end in zip(parts, ended, strict=True))
        return torch.stack(outputs), torch.stack(parts if lengths is None else ended)

    def project(self, inputs: Tensor) -> Tensor:
        """Return what can be computed of all inputs (T, B, E) before the first step: W_x x<t> + b of all gates, (T, B, G*H)."""
        return F.linear(inputs, self.weight_ih, self.bias)

    def recurrent_weights(self) -> tuple[Tensor, ...]:
        """Return the matrices that `step` multiplies the state by, transposed: each of shape (H, ...)."""
        return (self.weight_hh.t(),)

    def step(self, projected: Tensor, state: tuple[Tensor, ...], weights: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
        """Return the state after one step.

        Parameters
        ----------
        projected : Tensor of shape (B, G*H)
            What `project` returns, at this step.
        state : tuple of P Tensors of shape (B, H)
            State before the step.
        weights : tuple of Tensor
            What `recurrent_weights` returns.
        """
        raise NotImplementedError
