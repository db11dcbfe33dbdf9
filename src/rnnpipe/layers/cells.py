"""The lecture's recurrent cells, one class each, written as on the slides.

The slides write W [a<t-1>, x<t>] + b for each gate. Here the matrix W is kept as its two halves, one for a<t-1> and one for x<t>,
and the matrices of all gates of a cell stand below each other, because the product with the inputs of all steps can then be taken
at once, before the loop over the steps. On a CPU the loop is as fast as `torch.nn.GRU`, and a backward pass written by hand was
measured to gain a tenth only, so there is none.

Where torch.nn differs:

- `torch.nn.GRU` applies its reset gate after the matrix product, r * (W_hn h + b_hn), as cuDNN does; the lecture and Cho et al.
  (2014) apply the relevance gate before it, W_c (Γr * c<t-1>). These are two functions; torch's is the cell `gru_fused`.
- The update gate z of `torch.nn.GRU` says how much of the old state is kept: z is 1 - Γu.
- `torch.nn.RNN` and `torch.nn.LSTM` compute the lecture's functions with two biases, whose sum is the lecture's b.
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
    """A cell and its loop over the steps of a sequence; the classes below say how many matrices it has and what a step is.

    `class MyCell(RecurrentCell, name="my_cell")` is all that makes a cell known under a name.

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

    def __init_subclass__(cls, name: str, **more: object) -> None:
        super().__init_subclass__(**more)
        CELLS[name] = cls

    def __init__(self, input_size: int, hidden_size: int) -> None:
        super().__init__()
        self.weight_ih = nn.Parameter(torch.empty(self.gates * hidden_size, input_size))
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
        for step, projected in enumerate(F.linear(inputs, self.weight_ih, self.bias).unbind(0)):  # (B, G*H)
            parts = self.step(projected, parts, weights)
            outputs.append(parts[0])
            if lengths is not None:
                inside = (step < lengths).unsqueeze(1)
                ended = tuple(torch.where(inside, part, end) for part, end in zip(parts, ended, strict=True))
        return torch.stack(outputs), torch.stack(parts if lengths is None else ended)

    def recurrent_weights(self) -> tuple[Tensor, ...]:
        """Return the matrices that `step` multiplies the state by, transposed: each of shape (H, ...)."""
        return (self.weight_hh.t(),)

    def step(self, projected: Tensor, state: tuple[Tensor, ...], weights: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
        """Return the state after one step.

        Parameters
        ----------
        projected : Tensor of shape (B, G*H)
            W_x x<t> + b of all gates.
        state : tuple of P Tensors of shape (B, H)
            State before the step.
        weights : tuple of Tensor
            What `recurrent_weights` returns.
        """
        raise NotImplementedError


class SimpleCell(RecurrentCell, name="rnn"):
    """`rnn`: a<t> = tanh(W_a [a<t-1>, x<t>] + b_a)."""

    gates = 1

    def step(self, projected: Tensor, state: tuple[Tensor, ...], weights: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
        """Follow the equation of the class."""
        return (torch.addmm(projected, state[0], weights[0]).tanh(),)


class SimplifiedGRUCell(RecurrentCell, name="gru_simple"):
    """`gru_simple`, the lecture's first form of the GRU, with an update gate only.

    c~<t> = tanh(W_c [c<t-1>, x<t>] + b_c)
    Γu    = σ(W_u [c<t-1>, x<t>] + b_u)
    c<t>  = Γu * c~<t> + (1 - Γu) * c<t-1>

    The rows of the matrices are those of Γu, then of c~.
    """

    gates = 2

    def step(self, projected: Tensor, state: tuple[Tensor, ...], weights: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
        """Follow the equations of the class."""
        update, candidate = torch.addmm(projected, state[0], weights[0]).chunk(2, dim=1)  # (B, H) each
        return (between(state[0], candidate.tanh(), update.sigmoid()),)


class GRUCell(RecurrentCell, name="gru"):
    """`gru`, with update and relevance gate (Cho et al. 2014).

    Γr    = σ(W_r [c<t-1>, x<t>] + b_r)
    Γu    = σ(W_u [c<t-1>, x<t>] + b_u)
    c~<t> = tanh(W_c [Γr * c<t-1>, x<t>] + b_c)
    c<t>  = Γu * c~<t> + (1 - Γu) * c<t-1>

    The rows of the matrices are those of Γu, then of Γr, then of c~.
    """

    gates = 3

    def recurrent_weights(self) -> tuple[Tensor, ...]:
        """Return the matrix of both gates, (H, 2H), and that of the candidate, (H, H), both transposed."""
        gates, candidate = self.weight_hh.split_with_sizes([2 * self.hidden_size, self.hidden_size])
        return gates.t(), candidate.t()

    def step(self, projected: Tensor, state: tuple[Tensor, ...], weights: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
        """Follow the equations of the class."""
        for_gates, for_candidate = projected.split_with_sizes([2 * self.hidden_size, self.hidden_size], dim=1)
        update, relevance = torch.addmm(for_gates, state[0], weights[0]).sigmoid().chunk(2, dim=1)  # (B, H) each
        candidate = torch.addmm(for_candidate, relevance * state[0], weights[1]).tanh()  # (B, H)
        return (between(state[0], candidate, update),)


class LSTMCell(RecurrentCell, name="lstm"):
    """`lstm` (Hochreiter & Schmidhuber 1997, with the forget gate of Gers et al. 2000).

    Γu, Γf, Γo = σ(W_u,f,o [a<t-1>, x<t>] + b_u,f,o)
    c~<t>      = tanh(W_c [a<t-1>, x<t>] + b_c)
    c<t>       = Γu * c~<t> + Γf * c<t-1>
    a<t>       = Γo * tanh(c<t>)

    The rows of the matrices are those of Γu, Γf, Γo, then of c~. The state is (a, c).
    """

    gates = 4
    parts = 2

    def step(self, projected: Tensor, state: tuple[Tensor, ...], weights: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
        """Follow the equations of the class."""
        sums = torch.addmm(projected, state[0], weights[0])  # (B, 4*H)
        gates, candidate = sums.split_with_sizes([3 * self.hidden_size, self.hidden_size], dim=1)
        update, forget, output = gates.sigmoid().chunk(3, dim=1)  # (B, H) each
        memory = torch.addcmul(forget * state[1], update, candidate.tanh())  # (B, H)
        return output * memory.tanh(), memory


def between(memory: Tensor, candidate: Tensor, update: Tensor) -> Tensor:
    """Return Γu * c~<t> + (1 - Γu) * c<t-1> in the memory's precision: in bfloat16 small updates would add up to nothing."""
    return torch.lerp(memory, candidate.to(memory.dtype), update.to(memory.dtype))
