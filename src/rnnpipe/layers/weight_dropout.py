"""Dropout of a recurrent layer's own matrices: weight drop, or DropConnect (Merity et al. 2018, section 2).

What is dropped is a number of the matrix and not of the state, so one mask serves all steps of a batch, and the kernels that run
all steps at once (oneDNN, cuDNN) stay in use: they are handed the matrix with its holes. The gradient reaches the whole matrix.
"""

from __future__ import annotations

from typing import Any

from torch import Tensor, nn
from torch.func import functional_call
from torch.nn import functional as F

from rnnpipe.common.errors import RnnpipeError

HIDDEN_TO_HIDDEN = "weight_hh"
"""How the names of the matrices begin that a layer multiplies its state by."""


def with_dropped_weights(layer: nn.Module, probability: float, *inputs: Any) -> Any:
    """Call a layer once with numbers of its hidden-to-hidden matrices dropped, with `probability` in (0, 1), the others grown.

    Torch's layers see that their weights are other tensors and hand these to their kernel; what `layer` keeps is untouched.
    """
    matrices = {name: F.dropout(weight, probability) for name, weight in hidden_to_hidden(layer).items()}
    return functional_call(layer, matrices, inputs)


def hidden_to_hidden(layer: nn.Module) -> dict[str, Tensor]:
    """Return the matrices that a layer multiplies its state by, by name."""
    return {name: weight for name, weight in layer.named_parameters() if name.startswith(HIDDEN_TO_HIDDEN)}


def require_droppable(cell: str, layer: nn.Module) -> None:
    """Refuse weight dropout of a cell whose gates do not see the state."""
    if not hidden_to_hidden(layer):
        raise RnnpipeError(f"network.weight_dropout: cell {cell!r} has no hidden-to-hidden matrix to drop from; leave it out")
