"""Training of language models."""

from __future__ import annotations

import math
from typing import Any

from torch import Tensor, nn

from rnnpipe.modules.sequence import Optimization, Part, SequenceModule
from rnnpipe.text.batches import Batch


class LanguageModelModule(SequenceModule):
    """Next-word prediction.

    Parameters
    ----------
    network : nn.Module
        (ids (B, T), lengths (B,), state) → (logits (B, T, V), state).
    optimization : Optimization
        Settings of the optimizer.
    carried : bool
        Whether each batch begins in the state that the one before ended in (a stream). The gradient stops there, and each
        epoch begins anew; training and validation have a state each.
    """

    def __init__(self, network: nn.Module, optimization: Optimization, carried: bool = False) -> None:
        super().__init__(network, optimization)
        self.carried = carried
        self._states: dict[Part, Any] = {"train": None, "val": None}

    def on_train_epoch_start(self) -> None:
        """Begin the stream from a zero state."""
        self._states["train"] = None

    def on_validation_epoch_start(self) -> None:
        """Begin the stream from a zero state; that of training is kept apart."""
        self._states["val"] = None

    def logits(self, batch: Batch, part: Part) -> Tensor:  # noqa: D102
        logits: Tensor
        logits, state = self.network(batch.ids, batch.lengths, self._states[part])
        if self.carried:
            self._states[part] = detached(state)
        return logits

    def right(self, logits: Tensor, targets: Tensor) -> Tensor:
        """Count nothing: a maximum over the vocabulary takes time, and the accuracy is not shown."""
        return logits.new_zeros(())

    def scores(self, loss: float, accuracy: float) -> dict[str, float]:
        """Perplexity: e to the mean loss of a token, `<eos>` included."""
        return {"perplexity": math.exp(min(loss, 700.0))}


def detached(state: Any) -> Any:
    """Return a state (a tensor, or tensors nested in tuples and lists) that no gradient flows through."""
    if isinstance(state, Tensor):
        return state.detach()
    return None if state is None else type(state)(detached(part) for part in state)
