"""A distribution over sequences of tags, not over each tag by itself: the linear-chain conditional random field."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from rnnpipe.batches.batch import IGNORED
from rnnpipe.common.errors import RnnpipeError
from rnnpipe.heads.chain import best_labels, label_probabilities, marginals, negative_log_likelihood
from rnnpipe.heads.head import Counts, Head
from rnnpipe.heads.tag_schemes import SCHEMES, Scheme, allowed, borders, from_iob2, to_iob2


class Crf(Head):
    """p(y | s) ∝ exp(a[border, y_1] + Σ_t θ(y_t)·s_t + Σ_t a[y_t-1, y_t] + a[y_T, border]), for y that the scheme allows.

    Lafferty, McCallum & Pereira 2001; on a recurrent network Huang, Xu & Yu 2015. Targets and what `decode` returns are tags in
    IOB2; within the head they are labels of `scheme`. States are (B, T, H); a sentence's targets stand at the beginning of its
    row, `IGNORED` behind them. Sums are in float64.

    Parameters
    ----------
    inputs, outputs, counts
        As of every head; `outputs` are the 2K + 1 tags of K types.
    scheme : {"IOB1", "IOB2", "BIOES"}, default="BIOES"
        What the labels are, and which may follow which.

    Raises
    ------
    RnnpipeError
        `scheme` is none of these.
    """

    allowed: Tensor

    def __init__(self, inputs: int, outputs: int, counts: Counts | None = None, scheme: Scheme = "BIOES") -> None:
        super().__init__(inputs, outputs, counts)
        if scheme not in SCHEMES:
            raise RnnpipeError(f"network.head.scheme: {scheme!r} is not one of {', '.join(SCHEMES)}")
        self.scheme: Scheme = scheme
        may = allowed(scheme, outputs)
        may = F.pad(may, (0, 1, 0, 1))
        may[-1, :-1], may[:-1, -1] = may[0, :-1], may[:-1, 0]  # the border is to labels what O is
        self.register_buffer("allowed", may, persistent=False)
        self.theta = nn.Linear(inputs, len(may) - 1)
        self.transitions = nn.Parameter(torch.zeros(may.shape))
        """a; what is not allowed is not read."""

    def loss(self, states: Tensor, targets: Tensor) -> Tensor:
        """Return the sum of -log p of the sentences' tags, in nats: (B, T, H), (B, T) -> ()."""
        kept = targets != IGNORED
        lengths, labels = kept.sum(1), from_iob2(self.scheme, targets.where(kept, 0))
        return negative_log_likelihood(*self._scores(states), self.allowed, labels, lengths).sum().to(self.transitions.dtype)

    def decode(self, states: Tensor, lengths: Tensor) -> Tensor:
        """Return the likeliest of the tag sequences that the scheme allows: (B, T, H), (B,) -> (B, T), dtype=int64."""
        return to_iob2(self.scheme, self._best(states, lengths))

    def confident(self, states: Tensor, lengths: Tensor) -> tuple[Tensor, Tensor]:
        """Return what `decode` does, and the probability of each label, all sequences considered: both (B, T).

        Within a span it is that of a label behind the one before it, so that the product is the span's probability.
        """
        labels = self._best(states, lengths)
        tags = to_iob2(self.scheme, labels)
        begins, _, types = borders(tags)
        likely = label_probabilities(*self._scores(states), self.allowed, lengths, labels, ~begins & (types > 0))
        return tags, likely.to(self.transitions.dtype)

    def marginals(self, states: Tensor, lengths: Tensor) -> Tensor:
        """Return the probability of each label at each word, all sequences considered: (B, T, H), (B,) -> (B, T, L)."""
        return marginals(*self._scores(states), self.allowed, lengths).to(self.transitions.dtype)

    def _scores(self, states: Tensor) -> tuple[Tensor, Tensor]:
        return self.theta(states).double(), self.transitions.double()

    def _best(self, states: Tensor, lengths: Tensor) -> Tensor:
        return best_labels(*self._scores(states), self.allowed, lengths)
