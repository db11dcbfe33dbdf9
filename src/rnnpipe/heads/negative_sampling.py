"""Negative sampling: the true word against a few drawn ones."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F

from rnnpipe.heads.head import Counts, Head


class NegativeSampling(Head):
    """J + 1 logistic regressions sigma(theta_j · e_c): the target against J drawn words (Mikolov et al. 2013; slide).

    The target itself may be drawn, as on the slide. The loss is no likelihood; but where it is lowest, theta_w · e_c is
    log p(w | c) - log (J q(w)) with the probability q(w) of being drawn (Levy & Goldberg 2014, section 3.1), and this is how
    `log_probabilities` reads it.

    Parameters
    ----------
    inputs, outputs
        See `Head`. Theta, of shape (C, H), begins at 0.
    counts : ndarray of shape (C,), dtype=int64
        A word that never stands in the training text is never drawn.
    negative : int, default=5
        J.
    exponent : float, default=0.75
        Word w is drawn with q(w) = count(w) ** exponent / sum of all; 3/4 on the slide.
    sparse : bool, default=False
        Whether theta's gradients hold only the rows that were read, for optimizers that can do with that.
    seed : int, optional
        Of a generator of its own; None: draws come from torch's generator, which a training seeds at each step.
    """

    def __init__(
        self,
        inputs: int,
        outputs: int,
        counts: Counts | None = None,
        negative: int = 5,
        exponent: float = 0.75,
        *,
        sparse: bool = False,
        seed: int | None = None,
    ) -> None:
        super().__init__(inputs, outputs, counts)
        if counts is None:
            raise ValueError("negative sampling needs counts to draw by")
        self.negative = negative
        shares = negative_shares(counts, exponent)
        self._cumulated = np.cumsum(shares)
        self._cumulated[-1] = 1.0  # rounding must not leave a number above it
        self.register_buffer("_log_shares", torch.from_numpy(shares).log().float(), persistent=False)
        self._log_shares: Tensor
        self._generator = None if seed is None else np.random.default_rng(seed)
        self.theta = nn.Embedding(outputs, inputs, sparse=sparse, _weight=torch.zeros(outputs, inputs))

    def draw(self, examples: int) -> NDArray[np.int64]:
        """Draw negative words, shape (examples, J)."""
        shape = (examples, self.negative)
        uniform = torch.rand(shape, dtype=torch.float64).numpy() if self._generator is None else self._generator.random(shape)
        return np.searchsorted(self._cumulated, uniform, side="right")

    def losses(self, states: Tensor, targets: Tensor) -> Tensor:
        """Return the summed loss of the J + 1 regressions of each target, in nats: (N, H), (N,) -> (N,)."""
        return self.regressions(states, targets, torch.from_numpy(self.draw(len(targets))).to(targets.device))

    def regressions(self, states: Tensor, targets: Tensor, negatives: Tensor) -> Tensor:
        """Return -log sigma(theta_t · e_c) - sum over j of log sigma(-theta_j · e_c): (N, H), (N,), (N, J) -> (N,)."""
        products = row_products(self.theta(torch.cat([targets[:, None], negatives], dim=1)), states)  # (N, J + 1)
        return F.softplus(-products[:, 0]) + F.softplus(products[:, 1:]).sum(dim=1)

    def log_probabilities(self, states: Tensor) -> Tensor:
        """Return log p of each word as the lowest loss would have it: (..., H) -> (..., C)."""
        return (states @ self.theta.weight.T + self._log_shares).log_softmax(dim=-1)


def negative_shares(counts: Counts, exponent: float) -> NDArray[np.float64]:
    """Return q(w) = count(w) ** exponent / sum of all, shape (C,); 0 for a word that never stands in the text."""
    weights: NDArray[np.float64] = np.where(counts > 0, counts.astype(np.float64) ** exponent, 0.0)
    weights /= weights.sum()
    return weights


def row_products(rows: Tensor, states: Tensor) -> Tensor:
    """Return the inner products of each state with its own rows: (N, R, H), (N, H) -> (N, R).

    A product and a sum: twice as fast on a CPU as the batched product of matrices with one column.
    """
    return (rows * states[:, None]).sum(dim=2)
