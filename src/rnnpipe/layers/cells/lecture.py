"""The lecture's recurrent cells, written as on the slides.

Where torch.nn differs:

- `torch.nn.GRU` applies its reset gate after the matrix product, r * (W_hn h + b_hn), as cuDNN does; the lecture and Cho et al.
  (2014) apply the relevance gate before it, W_c (Γr * c<t-1>). These are two functions; torch's is the cell `gru_fused`.
- The update gate z of `torch.nn.GRU` says how much of the old state is kept: z is 1 - Γu.
- `torch.nn.RNN` and `torch.nn.LSTM` compute the lecture's functions with two biases, whose sum is the lecture's b.
"""

import torch
from torch import Tensor

from rnnpipe.layers.cells.frame import RecurrentCell


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
