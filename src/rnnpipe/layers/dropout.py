"""Dropout of states."""

from __future__ import annotations

from torch import Tensor, nn
from torch.nn import functional as F


class Dropout(nn.Module):
    """Leave numbers out in training, each on its own or the same ones at all steps.

    On its own: Srivastava et al. (2014). The same at all steps of a sequence, or of a window of a stream: variational dropout
    (Gal & Ghahramani 2016, section 4.1), the "locked" dropout of AWD-LSTM (Merity et al. 2018, section 4.2).

    Parameters
    ----------
    probability : float in [0, 1), default=0.0
        Of a number; the others grow by 1 / (1 - probability).
    variational : bool, default=False
        One mask for all steps.
    """

    def __init__(self, probability: float = 0.0, variational: bool = False) -> None:
        super().__init__()
        self.probability = probability
        self.variational = variational

    def forward(self, values: Tensor, steps: int | None = None) -> Tensor:
        """Return values with numbers dropped; `steps` is the dimension of the steps, None where there is one state for a text."""
        if not self.training or self.probability == 0.0:
            return values
        if not self.variational or steps is None:
            return F.dropout(values, self.probability)
        shape = [1 if dimension == steps else size for dimension, size in enumerate(values.shape)]
        return values * F.dropout(values.new_ones(shape), self.probability)
