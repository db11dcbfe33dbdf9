"""The LSTM with exponential gates."""

import torch
from torch import Tensor
from torch.nn import functional as F

from rnnpipe.layers.cells.frame import RecurrentCell
from rnnpipe.layers.initialisation import open_forget_gate_


class SLSTMCell(RecurrentCell, name="slstm"):
    """`slstm` (Beck et al. 2024, "xLSTM", equations 8 to 17), one head; the cell alone, without convolution and projections.

    i~, f~, o~, z~ = W_i,f,o,z [h<t-1>, x<t>] + b_i,f,o,z
    m<t> = max(log σ(f~) + m<t-1>, i~)
    i<t> = exp(i~ - m<t>),  f<t> = exp(log σ(f~) + m<t-1> - m<t>)
    c<t> = f<t> * c<t-1> + i<t> * tanh(z~)
    n<t> = f<t> * n<t-1> + i<t>
    h<t> = σ(o~) * c<t> / n<t>

    c and n are both kept divided by e^m, without which they overflow; h does not depend on m. The rows of the matrices are those
    of i, of f, of o, then of z. The state is (h, c, n, m); in that of nothing read, n = 0, and there is no m to compare with.
    """

    gates = 4
    parts = 4

    def __init__(self, input_size: int, hidden_size: int) -> None:
        super().__init__(input_size, hidden_size)
        open_forget_gate_(self, hidden_size)

    def step(self, projected: Tensor, state: tuple[Tensor, ...], weights: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
        """Follow the equations of the class."""
        hidden, cell, norm, stabiliser = state
        # Exponentials in the state's precision, as autocast would take them.
        sums = torch.addmm(projected, hidden, weights[0]).to(cell.dtype)  # (B, 4*H)
        entry, forget, output, candidate = sums.chunk(4, dim=1)  # (B, H) each
        kept = torch.where(norm == 0, entry, F.logsigmoid(forget) + stabiliser)  # for each number: a row has no say in another's
        largest = torch.maximum(kept, entry).detach()  # a constant to the gradient: h does not depend on it
        entry, forget = (entry - largest).exp(), (kept - largest).exp()
        cell = torch.addcmul(forget * cell, entry, candidate.tanh())
        norm = torch.addcmul(entry, forget, norm)
        return output.sigmoid() * cell / norm, cell, norm, largest
