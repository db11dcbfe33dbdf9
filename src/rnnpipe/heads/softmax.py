"""The softmax over all outputs."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from rnnpipe.batches.batch import IGNORED
from rnnpipe.heads.cross_entropy import linear_cross_entropy
from rnnpipe.heads.head import LARGE, Counts, Head


class Softmax(Head):
    """p(t | c) = exp(theta_t · e_c + b_t) / sum over j of exp(theta_j · e_c + b_j) (slide "The Skip-Gram model").

    Parameters
    ----------
    inputs, outputs, counts
        See `Head`; counts do not matter.
    bias : bool, default=True
        Whether there is a b; the slide has none.
    """

    def __init__(self, inputs: int, outputs: int, counts: Counts | None = None, bias: bool = True) -> None:
        super().__init__(inputs, outputs, counts)
        self.theta = nn.Linear(inputs, outputs, bias)

    def losses(self, states: Tensor, targets: Tensor) -> Tensor:
        """Return -log p of each target, in nats: (N, H), (N,) -> (N,)."""
        return F.cross_entropy(self.theta(states), targets, reduction="none")

    def loss(self, states: Tensor, targets: Tensor) -> Tensor:
        """Return the sum over all targets that are not `IGNORED`, in nats: (..., H), (...) -> ()."""
        if states.device.type == "cpu" and targets.numel() * self.outputs > LARGE:
            if not torch.is_grad_enabled():
                return -self.target_log_probabilities(states, targets).sum()
            kept = targets != IGNORED
            return linear_cross_entropy(states[kept], self.theta.weight, self.theta.bias, targets[kept])
        logits = self.theta(states).flatten(0, -2)
        return F.cross_entropy(logits, targets.flatten(), ignore_index=IGNORED, reduction="sum")

    def log_probabilities(self, states: Tensor) -> Tensor:
        """Return log p of each output: (..., H) -> (..., C)."""
        return self.theta(states).log_softmax(dim=-1)  # type: ignore[no-any-return]

    def decode(self, states: Tensor, lengths: Tensor) -> Tensor:
        """Return the likeliest output of each state, which needs no sum over all: (..., H) -> (...)."""
        return self.theta(states).argmax(dim=-1)  # type: ignore[no-any-return]
