"""How the weights of a recurrent layer start."""

import torch
from torch import nn


def uniform_(layer: nn.Module, hidden_size: int) -> None:
    """`default`: draw all weights and biases from the uniform distribution in ±1/sqrt(H), as torch.nn does."""
    bound = hidden_size**-0.5
    for parameter in layer.parameters():
        nn.init.uniform_(parameter, -bound, bound)


def orthogonal_(layer: nn.Module, hidden_size: int) -> None:
    """`orthogonal`: make the recurrent matrix of each gate orthogonal (Saxe et al. 2014); all else stays as it is.

    Powers of an orthogonal matrix neither shrink nor grow a vector, so that a simple RNN starts with gradients that
    reach far back.
    """
    with torch.no_grad():
        for name, parameter in layer.named_parameters():
            if name.startswith("weight_hh"):
                for matrix in parameter.chunk(len(parameter) // hidden_size):
                    nn.init.orthogonal_(matrix)


def open_forget_gate_(lstm: nn.Module, hidden_size: int) -> None:
    """Set the bias of an LSTM's forget gate to 1, so that it starts by keeping its state (Jozefowicz et al. 2015).

    The forget gate is the second block of H rows, in torch.nn and in `rnnpipe.layers.cells`. Where there are two biases, as in
    torch.nn, one is 1 and the other 0.
    """
    forget = slice(hidden_size, 2 * hidden_size)
    biases = [parameter for name, parameter in lstm.named_parameters() if name.startswith("bias")]
    with torch.no_grad():
        for number, bias in enumerate(biases):
            bias[forget] = 1.0 if number == 0 else 0.0
