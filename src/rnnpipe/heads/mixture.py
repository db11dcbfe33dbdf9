"""The mixture of softmaxes."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.utils.checkpoint import checkpoint

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.heads.head import Counts, Head

NUMBERS = {"cpu": 2**25, "cuda": 2**31}
"""Device → logits held at a time: 128 MiB (on others too) and 8 GiB in float32. This changes the memory and not the result."""


class Mixture(Head):
    """p(t | c) = sum over k of π_k · softmax(θ · e_k + b)_t, with π = softmax(W_π c) and e_k = tanh(W_k c + b_k).

    One softmax gives a matrix of log-probabilities whose rank is at most the width of its states, below that of language; a sum
    of several does not (Yang et al. 2018, "Breaking the softmax bottleneck", section 2.4). All share the matrix θ.

    Parameters
    ----------
    inputs, outputs, counts
        See `Head`; counts do not matter.
    softmaxes : int, default=10
        K, at least 1; 15 in the paper. Time and memory grow with it.
    bottleneck : int, optional
        Numbers in each e_k, the width of θ and so of word vectors that it is tied to; None: as many as inputs.

    Raises
    ------
    RnnpipeError
        K or the bottleneck is below 1.
    """

    def __init__(
        self, inputs: int, outputs: int, counts: Counts | None = None, softmaxes: int = 10, bottleneck: int | None = None
    ) -> None:
        super().__init__(inputs, outputs, counts)
        for name, value in (("softmaxes", softmaxes), ("bottleneck", 1 if bottleneck is None else bottleneck)):
            if value < 1:
                raise RnnpipeError(f"network.head.{name}: {value} is below 1; Yang et al. (2018) have 15 softmaxes")
        self.softmaxes = softmaxes
        width = inputs if bottleneck is None else bottleneck
        self.prior = nn.Linear(inputs, softmaxes, bias=False)
        self.latent = nn.Linear(inputs, softmaxes * width)
        self.theta = nn.Linear(width, outputs)

    def losses(self, states: Tensor, targets: Tensor) -> Tensor:
        """Return -log p of each target, in nats: (N, H), (N,) -> (N,).

        The logits of a chunk of states are made, and in training made again for their gradient, while no others are held.
        """
        rows = max(1, NUMBERS.get(states.device.type, NUMBERS["cpu"]) // (self.softmaxes * self.outputs))
        if len(states) <= rows:
            return self._losses(states, targets)
        chunks = zip(torch.split(states, rows), torch.split(targets, rows), strict=True)
        found = [checkpoint(self._losses, *chunk, use_reentrant=False, preserve_rng_state=False) for chunk in chunks]
        return torch.cat(found)

    def _losses(self, states: Tensor, targets: Tensor) -> Tensor:
        logits = full(self.theta(self._latent(states))).flatten(0, 1)  # (N*K, C)
        losses = F.cross_entropy(logits, targets.repeat_interleave(self.softmaxes), reduction="none")
        return -(self._log_prior(states) - losses.view(len(states), self.softmaxes)).logsumexp(dim=-1)

    def log_probabilities(self, states: Tensor) -> Tensor:
        """Return log p of each output, in float32 at least: (..., H) -> (..., C); one softmax is added after the other."""
        prior, latent = self._log_prior(states), self._latent(states)
        parts = (full(self.theta(latent[..., k, :])).log_softmax(dim=-1) + prior[..., k, None] for k in range(self.softmaxes))
        total = next(parts)
        for part in parts:
            total = torch.logaddexp(total, part)
        return total

    def _log_prior(self, states: Tensor) -> Tensor:
        return full(self.prior(states)).log_softmax(dim=-1)  # (..., K)

    def _latent(self, states: Tensor) -> Tensor:
        return self.latent(states).tanh().unflatten(-1, (self.softmaxes, -1))  # type: ignore[no-any-return]  # (..., K, width)


def full(values: Tensor) -> Tensor:
    """Return values in float32 where they have fewer digits: sums over a vocabulary need them."""
    return values.to(torch.promote_types(values.dtype, torch.float32))
