"""What all heads have in common."""

from __future__ import annotations

import inspect
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from rnnpipe.batches.batch import IGNORED

Counts = NDArray[np.int64]
"""How often each output stands in the training text, shape (C,)."""

LARGE = 2**22
"""Scores of outputs, rows times C, above which they are worked on in chunks: 16 MiB in float32."""


class Head(nn.Module):
    """A distribution over C outputs on hidden states of H numbers.

    A head that scores each state by itself defines `losses` and `log_probabilities`; one that looks at whole sequences has none
    of these and overrides `loss`, `decode` and `confident`, which get the states as the model gives them: (B, T, H).

    Parameters
    ----------
    inputs : int
        H.
    outputs : int
        C.
    counts : ndarray of shape (C,), dtype=int64, optional
        For heads that treat frequent outputs in another way; None where outputs are not words.
    **options
        What the run's `network.head` says beside `kind`.
    """

    def __init__(self, inputs: int, outputs: int, counts: Counts | None = None) -> None:
        super().__init__()
        self.inputs = inputs
        self.outputs = outputs

    def losses(self, states: Tensor, targets: Tensor) -> Tensor:
        """Return the loss of each target, in nats: (N, H), (N,) -> (N,)."""
        raise NotImplementedError

    def log_probabilities(self, states: Tensor) -> Tensor:
        """Return the log-probability of each output: (..., H) -> (..., C)."""
        raise NotImplementedError

    def target_log_probabilities(self, states: Tensor, targets: Tensor) -> Tensor:
        """Return the log-probability of each target, 0 where it is `IGNORED`, in nats: (..., H), (...) -> (...).

        Of all outputs at most `LARGE` log-probabilities, or one row, are held at a time.
        """
        kept = targets != IGNORED
        wanted, rows = targets.where(kept, 0).unsqueeze(-1), max(1, LARGE // self.outputs)
        if targets.numel() <= rows:
            return self.log_probabilities(states).gather(-1, wanted)[..., 0].where(kept, 0.0)
        chunks = zip(*(torch.split(one.flatten(0, -2), rows) for one in (states, wanted)), strict=True)
        found = torch.cat([self.log_probabilities(some).gather(1, own) for some, own in chunks])
        return found.view_as(targets).where(kept, 0.0)

    def loss(self, states: Tensor, targets: Tensor) -> Tensor:
        """Return the sum of the losses of all targets that are not `IGNORED`, in nats: (..., H), (...) -> ()."""
        kept = targets != IGNORED
        return self.losses(states[kept], targets[kept]).sum()

    def decode(self, states: Tensor, lengths: Tensor) -> Tensor:
        """Return the likeliest output of each state: (..., H), lengths (B,) -> (...), dtype=int64."""
        return self.log_probabilities(states).argmax(dim=-1)

    def confident(self, states: Tensor, lengths: Tensor) -> tuple[Tensor, Tensor]:
        """Return what `decode` does, and how probable it is: both (...). A span is as probable as the product over its words."""
        likely, outputs = self.log_probabilities(states).max(dim=-1)
        return outputs, likely.exp()


def negative_losses(head: Head, states: Tensor, targets: Tensor) -> Tensor:
    """Return `Head.target_log_probabilities` of a head whose losses are -log p and read little for one target."""
    kept = targets != IGNORED
    losses = head.losses(states[kept], targets[kept])
    return losses.new_zeros(targets.shape).masked_scatter(kept, -losses)


def options_of(head: type[Head]) -> dict[str, Any]:
    """Return the options that a kind of head takes in `network.head`, with their defaults; what is keyword-only is for code."""
    parameters = list(inspect.signature(head).parameters.values())[3:]
    return {parameter.name: parameter.default for parameter in parameters if parameter.kind is parameter.POSITIONAL_OR_KEYWORD}
