"""Three output layers that predict a word, with one interface: losses of (hidden, targets).

Each holds a matrix theta. `FullSoftmax` reads and updates all V rows of it for each target, `HierarchicalSoftmax` the nodes
on the way to the target, about log V, and `NegativeSampling` J + 1 rows.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from rnnpipe.embeddings.huffman import huffman_tree

SoftmaxKind = Literal["full", "hierarchical", "negative"]


class FullSoftmax(nn.Module):
    """p(t | c) = exp(theta_t · e_c) / sum over j of exp(theta_j · e_c) (slide "The Skip-Gram model").

    Parameters
    ----------
    words : int
        V.
    hidden : int
        H, length of e_c. Theta, of shape (V, H), begins at 0: all words are equally likely.
    """

    def __init__(self, words: int, hidden: int) -> None:
        super().__init__()
        self.theta = nn.Embedding(words, hidden, _weight=torch.zeros(words, hidden))

    def forward(self, hidden: Tensor, targets: Tensor) -> Tensor:
        """Return -log p(t | c) of each example, in nats: (B, H), (B,) -> (B,)."""
        return functional.cross_entropy(hidden @ self.theta.weight.T, targets, reduction="none")


class HierarchicalSoftmax(nn.Module):
    """A tree of yes-or-no questions: p(t | c) is the product of sigma(± theta_n · e_c) over the nodes n on the way to t.

    Slide "Problems with softmax classification"; Morin and Bengio 2005, with the Huffman tree of Mikolov et al. 2013.

    Parameters
    ----------
    counts : ndarray of shape (V,), dtype=int64
        Of the words, for the tree.
    hidden : int
        H. Theta has a row for each inner node, shape (V - 1, H), and begins at 0.

    Raises
    ------
    RnnpipeError
        Fewer than two words.
    """

    def __init__(self, counts: NDArray[np.int64], hidden: int) -> None:
        super().__init__()
        tree = huffman_tree(counts)
        self._nodes, self._lengths = torch.from_numpy(tree.nodes), torch.from_numpy(tree.lengths)
        self._signs = torch.from_numpy(np.where(tree.codes, np.float32(1), np.float32(-1)))
        self.theta = nn.Embedding(len(counts) - 1, hidden, sparse=True, _weight=torch.zeros(len(counts) - 1, hidden))

    def forward(self, hidden: Tensor, targets: Tensor) -> Tensor:
        """Return -log p(t | c) of each example, in nats: (B, H), (B,) -> (B,)."""
        lengths = self._lengths[targets]
        longest = int(lengths.max())
        questions = _products(self.theta(self._nodes[targets, :longest]), hidden)  # (B, L)
        inside = torch.arange(longest) < lengths[:, None]
        losses = functional.softplus(-self._signs[targets, :longest] * questions)  # -log sigma(± theta_n · e_c)
        return (losses * inside).sum(dim=1)


class NegativeSampling(nn.Module):
    """J + 1 logistic regressions sigma(theta_j · e_c): the target against J drawn words (Mikolov et al. 2013; slide).

    The target itself may be drawn, as on the slide. What is learned is no distribution over words.

    Parameters
    ----------
    counts : ndarray of shape (V,), dtype=int64
        Of the words.
    hidden : int
        H. Theta, of shape (V, H), begins at 0.
    negative : int
        J.
    exponent : float
        Word w is drawn with P(w) = count(w) ** exponent / sum of all; 3/4 on the slide.
    seed : int
        Of the draws.
    """

    def __init__(self, counts: NDArray[np.int64], hidden: int, negative: int, exponent: float, seed: int) -> None:
        super().__init__()
        self._negative = negative
        self._cumulated = np.cumsum(negative_shares(counts, exponent))
        self._cumulated[-1] = 1.0  # rounding must not leave a number above it
        self._rng = np.random.default_rng(seed)
        self.theta = nn.Embedding(len(counts), hidden, sparse=True, _weight=torch.zeros(len(counts), hidden))

    def draw(self, examples: int) -> NDArray[np.int64]:
        """Draw negative words, shape (examples, J)."""
        return np.searchsorted(self._cumulated, self._rng.random((examples, self._negative)), side="right")

    def forward(self, hidden: Tensor, targets: Tensor) -> Tensor:
        """Return the summed loss of the J + 1 regressions for each example, in nats: (B, H), (B,) -> (B,)."""
        return self.losses(hidden, targets, torch.from_numpy(self.draw(len(targets))))

    def losses(self, hidden: Tensor, targets: Tensor, negatives: Tensor) -> Tensor:
        """Return -log sigma(theta_t · e_c) - sum over j of log sigma(-theta_j · e_c): (B, H), (B,), (B, J) -> (B,)."""
        products = _products(self.theta(torch.cat([targets[:, None], negatives], dim=1)), hidden)  # (B, J + 1)
        return functional.softplus(-products[:, 0]) + functional.softplus(products[:, 1:]).sum(dim=1)


Softmax = FullSoftmax | HierarchicalSoftmax | NegativeSampling


def negative_shares(counts: NDArray[np.int64], exponent: float) -> NDArray[np.float64]:
    """Return P(w) = count(w) ** exponent / sum of all, shape (V,)."""
    weights: NDArray[np.float64] = counts.astype(np.float64) ** exponent
    weights /= weights.sum()
    return weights


def build_softmax(
    kind: SoftmaxKind, counts: NDArray[np.int64], hidden: int, negative: int = 5, exponent: float = 0.75, seed: int = 0
) -> Softmax:
    """Return the output layer of this kind; `negative`, `exponent` and `seed` are for negative sampling alone."""
    if kind == "full":
        return FullSoftmax(len(counts), hidden)
    if kind == "hierarchical":
        return HierarchicalSoftmax(counts, hidden)
    return NegativeSampling(counts, hidden, negative, exponent, seed)


def _products(rows: Tensor, hidden: Tensor) -> Tensor:
    """Return the inner products of each example's rows with its hidden vector: (B, R, H), (B, H) -> (B, R).

    A product and a sum: twice as fast on a CPU as the batched product of matrices with one column.
    """
    return (rows * hidden[:, None]).sum(dim=2)
