"""Cells whose gates see the input alone: linear in the state, so that all gates are computed before the first step."""

from __future__ import annotations

import torch
from torch import Tensor

from rnnpipe.layers.cells.frame import RecurrentCell
from rnnpipe.layers.linear_recurrence import linear_recurrence


class LinearCell(RecurrentCell):
    """h<t> = a<t> * h<t-1> + b<t>, where the classes below it say what a<t> and b<t> are. There is no recurrent matrix.

    Such a cell is fast, on a GPU in the length of the sequence too, but its state cannot decide what becomes of it: it is
    no finite automaton (Merrill et al. 2024).
    """

    sees_state = False

    def forward(self, inputs: Tensor, state: Tensor, lengths: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """Read (T, B, E) from state (1, B, H); see `RecurrentCell.forward`."""
        # In the state's precision: in bfloat16 small updates would add up to nothing.
        factors, terms = self.coefficients(self.project(inputs).to(state.dtype))
        outputs = linear_recurrence(factors, terms, state[0])
        if lengths is None:
            return outputs, outputs[-1:]
        last = outputs[(lengths - 1).clamp(min=0), torch.arange(outputs.shape[1], device=outputs.device)]  # (B, H)
        return outputs, torch.where((lengths > 0).unsqueeze(1), last, state)

    def coefficients(self, projected: Tensor) -> tuple[Tensor, Tensor]:
        """Return a and b of all steps, each (T, B, H), from W x<t> + b of all gates, (T, B, G*H)."""
        raise NotImplementedError
