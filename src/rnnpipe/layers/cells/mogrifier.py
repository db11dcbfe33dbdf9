"""The LSTM whose input and state gate each other before the step."""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from rnnpipe.layers.cells.lecture import LSTMCell
from rnnpipe.layers.initialisation import open_forget_gate_

ROUNDS = 5
"""r of the paper, its best."""


class MogrifierCell(LSTMCell, name="mogrifier"):
    """`mogrifier` (Melis et al. 2020, "Mogrifier LSTM", equations 1 and 2), five rounds, matrices of full rank.

    x = 2σ(Q¹ a<t-1>) * x<t>
    a = 2σ(R² x) * a<t-1>
    x = 2σ(Q³ a) * x
    a = 2σ(R⁴ x) * a
    x = 2σ(Q⁵ a) * x
    a<t>, c<t> = LSTM(x, a, c<t-1>)

    Parameters
    ----------
    input_size : int
        Numbers in x<t>, E.
    hidden_size : int
        Numbers in the state, H.
    """

    def __init__(self, input_size: int, hidden_size: int) -> None:
        super().__init__(input_size, hidden_size)
        bound = hidden_size**-0.5
        shapes = [(input_size, hidden_size) if number % 2 else (hidden_size, input_size) for number in range(1, ROUNDS + 1)]
        self.rounds = nn.ParameterList(torch.empty(shape).uniform_(-bound, bound) for shape in shapes)  # Q¹, R², Q³, R⁴, Q⁵
        open_forget_gate_(self, hidden_size)

    def project(self, inputs: Tensor) -> Tensor:
        """Return the inputs as they are: what becomes of them hangs on the state."""
        return inputs

    def recurrent_weights(self) -> tuple[Tensor, ...]:
        """Return the LSTM's matrix, (H, 4H), then those of the rounds, (H, E) and (E, H) in turn, all transposed."""
        return (self.weight_hh.t(), *(matrix.t() for matrix in self.rounds))

    def step(self, projected: Tensor, state: tuple[Tensor, ...], weights: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
        """Follow the equations of the class; `projected` is x<t> itself, (B, E)."""
        inputs, hidden = projected, state[0]
        for number, matrix in enumerate(weights[1:]):
            if number % 2:
                hidden = 2 * (inputs @ matrix).sigmoid() * hidden
            else:
                inputs = 2 * (hidden @ matrix).sigmoid() * inputs
        return super().step(F.linear(inputs, self.weight_ih, self.bias), (hidden, state[1]), weights[:1])
