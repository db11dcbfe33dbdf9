"""The adaptive softmax: frequent words by a softmax of their own, rare ones in clusters with short vectors."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from rnnpipe.batches.batch import IGNORED
from rnnpipe.common.errors import RnnpipeError
from rnnpipe.heads.cross_entropy import linear_cross_entropy
from rnnpipe.heads.head import LARGE, Counts, Head, negative_losses

SHARES = (0.8, 0.95)
"""Of the running text, that the words before the first and before the second cutoff make up: about 2,000 and 10,000 words of
WikiText-2's 33,278."""


class Part(NamedTuple):
    """A softmax over some of the outputs: the shortlist with a place for each cluster, or what is in a cluster."""

    projection: nn.Module
    """To the numbers that it multiplies."""
    weight: Tensor
    bias: Tensor | None


class AdaptiveSoftmax(Head):
    """p(t | c) = p(t | shortlist, c) of a frequent word, else p(cluster | c) · p(t | cluster, c) (Grave et al. 2017, section 4).

    A state is multiplied by the matrix of the shortlist, which has a row for each cluster too, and by that of a cluster only if
    the target is in there, after a projection to fewer numbers: H / factor in the first cluster, H / factor² in the second.

    Outputs are to be in order of falling frequency, as the ids of a `Vocabulary` are behind its three reserved ones; another
    order costs time and nothing else. `<unk>` and `<eos>`, ids 1 and 2, are in the shortlist, as such frequent words should be.

    Parameters
    ----------
    inputs, outputs
        See `Head`.
    counts : ndarray of shape (C,), dtype=int64, optional
        For the cutoffs that are not given.
    cutoffs : list of int, optional
        Number of the first output of each cluster: 0 < first < second < … < C. None: where 80 % and 95 % of the text are covered
        by the outputs before.
    factor : float, optional, default=4.0
        How much shorter the vectors are from one cluster to the next; at least 1. None: all are as long as a state, without
        projections, and rows of one matrix θ with b, so that word vectors can be tied to it.

    Raises
    ------
    RnnpipeError
        Cutoffs that do not rise within the vocabulary, or a factor below 1.
    """

    def __init__(
        self,
        inputs: int,
        outputs: int,
        counts: Counts | None = None,
        cutoffs: Sequence[int] | None = None,
        factor: float | None = 4.0,
    ) -> None:
        super().__init__(inputs, outputs, counts)
        chosen = _chosen(counts, outputs) if cutoffs is None else list(cutoffs)
        if any(low >= high for low, high in pairwise([0, *chosen, outputs])):
            raise RnnpipeError(
                f"network.head.cutoffs: {chosen} do not rise from 1 to below the {outputs} outputs; mend them, or leave them out"
            )
        if factor is not None and factor < 1:
            raise RnnpipeError(f"network.head.factor: {factor} makes rare words' vectors longer; give 1 or more")
        self.edges = [*chosen, outputs]
        """First output of each cluster, then C; the shortlist is what stands before the first edge."""
        self.tail_sizes = [high - low for low, high in pairwise(self.edges)]
        self.factor = factor
        if factor is None:
            self.places = nn.Linear(inputs, len(chosen))
            self.theta = nn.Linear(inputs, outputs)
            return
        self.shortlist = nn.Linear(inputs, self.edges[0] + len(chosen), bias=False)
        widths = [max(1, int(inputs // factor ** (number + 1))) for number in range(len(chosen))]
        self.clusters = nn.ModuleList(
            nn.Sequential(nn.Linear(inputs, width, bias=False), nn.Linear(width, size, bias=False))
            for width, size in zip(widths, self.tail_sizes, strict=True)
        )

    def _parts(self) -> list[Part]:
        """Return the shortlist's softmax, then each cluster's."""
        if self.factor is not None:
            projected = (Part(cluster[0], cluster[1].weight, None) for cluster in self.clusters)  # type: ignore[index]
            return [Part(nn.Identity(), self.shortlist.weight, None), *projected]
        sizes = [self.edges[0], *self.tail_sizes]
        (rows, *tails), (bias, *biases) = torch.split(self.theta.weight, sizes), torch.split(self.theta.bias, sizes)
        first = torch.cat([rows, self.places.weight]), torch.cat([bias, self.places.bias])
        return [Part(nn.Identity(), *one) for one in (first, *zip(tails, biases, strict=True))]

    def _asked(self, targets: Tensor) -> list[tuple[Tensor, Tensor]]:
        """Return which of the targets (N,) each part is asked for, and which of its outputs: the shortlist is asked for all."""
        of_cluster = torch.bucketize(targets, torch.tensor(self.edges[:-1], device=targets.device), right=True)  # 0: shortlist
        everyone = torch.arange(len(targets), device=targets.device)
        asked = [(everyone, targets.where(of_cluster == 0, self.edges[0] - 1 + of_cluster))]
        for number, low in enumerate(self.edges[:-1], start=1):
            rows = (of_cluster == number).nonzero()[:, 0]
            asked.append((rows, targets[rows] - low))
        return asked

    def losses(self, states: Tensor, targets: Tensor) -> Tensor:
        """Return -log p of each target, in nats: (N, H), (N,) -> (N,)."""
        losses = states.new_zeros(len(targets))
        for part, (rows, wanted) in zip(self._parts(), self._asked(targets), strict=True):
            inside = F.cross_entropy(_scores(part, states[rows]), wanted, reduction="none")
            losses = losses.to(inside.dtype).index_add(0, rows, inside)
        return losses

    def loss(self, states: Tensor, targets: Tensor) -> Tensor:
        """Return the sum over all targets that are not `IGNORED`, in nats: (..., H), (...) -> ()."""
        kept = targets != IGNORED
        own, wanted = states[kept], targets[kept]
        is_large = len(wanted) * self.edges[0] > LARGE
        if states.device.type != "cpu" or not is_large or not torch.is_grad_enabled():
            return self.losses(own, wanted).sum()
        total = own.new_zeros(())
        for part, (rows, inside) in zip(self._parts(), self._asked(wanted), strict=True):
            reduced = part.projection(own[rows])
            total = total + linear_cross_entropy(reduced, part.weight, part.bias, inside)
        return total

    def target_log_probabilities(self, states: Tensor, targets: Tensor) -> Tensor:
        """Return log p of each target, for which only its own cluster is asked; see `Head`."""
        return negative_losses(self, states, targets)

    def log_probabilities(self, states: Tensor) -> Tensor:
        """Return log p of each output: (..., H) -> (..., C)."""
        shortlist, *clusters = self._parts()
        first = _scores(shortlist, states).log_softmax(dim=-1)
        found = [first[..., : self.edges[0]]]
        for place, cluster in enumerate(clusters, start=self.edges[0]):
            found.append(_scores(cluster, states).log_softmax(dim=-1) + first[..., place, None])
        return torch.cat(found, dim=-1)


def _scores(part: Part, states: Tensor) -> Tensor:
    return F.linear(part.projection(states), part.weight, part.bias)


def _chosen(counts: Counts | None, outputs: int) -> list[int]:
    """Return the cutoffs that cover `SHARES` of the text; fewer where outputs are few. Without counts the first 5 and 30 %."""
    if counts is None or not counts.any():
        found = [outputs // 20, 3 * outputs // 10]
    else:
        covered = np.cumsum(counts) / counts.sum()
        found = [int(place) + 1 for place in np.searchsorted(covered, SHARES)]
    return sorted({place for place in found if 0 < place < outputs})
