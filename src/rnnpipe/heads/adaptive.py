"""The adaptive softmax: frequent words by a softmax of their own, rare ones in clusters with short vectors."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.heads.head import Counts, Head, negative_losses

SHARES = (0.8, 0.95)
"""Of the running text, that the words before the first and before the second cutoff make up: about 2,000 and 10,000 words of
WikiText-2's 33,278."""


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
    factor : float, default=4.0
        How much shorter the vectors are from one cluster to the next; at least 1.

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
        factor: float = 4.0,
    ) -> None:
        super().__init__(inputs, outputs, counts)
        chosen = _chosen(counts, outputs) if cutoffs is None else list(cutoffs)
        if any(low >= high for low, high in pairwise([0, *chosen, outputs])):
            raise RnnpipeError(
                f"network.head.cutoffs: {chosen} do not rise from 1 to below the {outputs} outputs; mend them, or leave them out"
            )
        if factor < 1:
            raise RnnpipeError(f"network.head.factor: {factor} makes rare words' vectors longer; give 1 or more")
        self.edges = [*chosen, outputs]
        """First output of each cluster, then C; the shortlist is what stands before the first edge."""
        self.shortlist = nn.Linear(inputs, self.edges[0] + len(chosen), bias=False)
        widths = [max(1, int(inputs // factor ** (number + 1))) for number in range(len(chosen))]
        self.clusters = nn.ModuleList(
            nn.Sequential(nn.Linear(inputs, width, bias=False), nn.Linear(width, high - low, bias=False))
            for width, (low, high) in zip(widths, pairwise(self.edges), strict=True)
        )

    def losses(self, states: Tensor, targets: Tensor) -> Tensor:
        """Return -log p of each target, in nats: (N, H), (N,) -> (N,)."""
        of_cluster = torch.bucketize(targets, torch.tensor(self.edges[:-1], device=targets.device), right=True)  # 0: shortlist
        asked = targets.where(of_cluster == 0, self.edges[0] - 1 + of_cluster)
        losses = F.cross_entropy(self.shortlist(states), asked, reduction="none")
        for number, (cluster, low) in enumerate(zip(self.clusters, self.edges, strict=False), start=1):
            rows = (of_cluster == number).nonzero()[:, 0]
            inside = F.cross_entropy(cluster(states[rows]), targets[rows] - low, reduction="none")
            losses = losses.index_add(0, rows, inside.to(losses.dtype))
        return losses

    def target_log_probabilities(self, states: Tensor, targets: Tensor) -> Tensor:
        """Return log p of each target, for which only its own cluster is asked; see `Head`."""
        return negative_losses(self, states, targets)

    def log_probabilities(self, states: Tensor) -> Tensor:
        """Return log p of each output: (..., H) -> (..., C)."""
        first = self.shortlist(states).log_softmax(dim=-1)
        parts = [first[..., : self.edges[0]]]
        for place, cluster in enumerate(self.clusters, start=self.edges[0]):
            parts.append(cluster(states).log_softmax(dim=-1) + first[..., place, None])
        return torch.cat(parts, dim=-1)


def _chosen(counts: Counts | None, outputs: int) -> list[int]:
    """Return the cutoffs that cover `SHARES` of the text; fewer where outputs are few. Without counts the first 5 and 30 %."""
    if counts is None or not counts.any():
        found = [outputs // 20, 3 * outputs // 10]
    else:
        covered = np.cumsum(counts) / counts.sum()
        found = [int(place) + 1 for place in np.searchsorted(covered, SHARES)]
    return sorted({place for place in found if 0 < place < outputs})
