"""The mean of a model's weights over the later steps of a training (averaged SGD)."""

from __future__ import annotations

from typing import Any

import torch
from torch.optim.swa_utils import AveragedModel

from rnnpipe.models.model import Model


class Averaging:
    """Averages a model's weights, once a planned step is behind (Polyak & Juditsky 1992; AWD-LSTM's ASGD, planned beforehand).

    Steps from then on jump about a minimum, and their mean lies closer to it than any of them. AWD-LSTM begins when validation
    stops improving, which wastes epochs and makes the result hang on chance.

    Parameters
    ----------
    model : Model
        The one that is trained; it goes on from its own weights.
    behind : int, optional
        The weights after step `behind` + 1 are the first of the mean; None: there is none.
    """

    def __init__(self, model: Model, behind: int | None) -> None:
        self.model = model
        self.behind = behind
        self._averaged: AveragedModel | None = None

    @property
    def evaluated(self) -> Model:
        """The model that is validated and kept: with the averages if there are any, else the trained one."""
        return self.model if self._averaged is None else self._averaged.module  # type: ignore[return-value]

    def add(self, step: int) -> None:
        """Add the weights after a step, counted from 1."""
        if self.behind is not None and step > self.behind:
            if self._averaged is None:
                self._begin()
            assert self._averaged is not None
            self._averaged.update_parameters(self.model)

    def to(self, device: torch.device) -> None:
        """Move the averages."""
        if self._averaged is not None:
            self._averaged.to(device)

    def state_dict(self) -> dict[str, Any] | None:
        """Return the averages and of how many steps they are; None while there are none."""
        return None if self._averaged is None else self._averaged.state_dict()

    def load_state_dict(self, state: dict[str, Any] | None) -> None:
        """Take up what `state_dict` returned."""
        if state is not None:
            self._begin()
            assert self._averaged is not None
            self._averaged.load_state_dict(state)

    def _begin(self) -> None:
        self._averaged = AveragedModel(self.model).eval()
