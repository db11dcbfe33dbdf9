"""The hierarchical softmax: a way of yes-or-no questions to each word."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from rnnpipe.batches.batch import IGNORED
from rnnpipe.heads.head import Counts, Head
from rnnpipe.heads.huffman import huffman_tree
from rnnpipe.heads.negative_sampling import row_products


class HierarchicalSoftmax(Head):
    """A tree of yes-or-no questions: p(t | c) is the product of sigma(± theta_n · e_c) over the nodes n on the way to t.

    A target reads and updates about log V rows of theta. Slide "Problems with softmax classification"; Morin and Bengio 2005,
    with the Huffman tree of Mikolov et al. 2013.

    Parameters
    ----------
    inputs, outputs
        See `Head`. Theta has a row for each inner node, shape (C - 1, H), and begins at 0.
    counts : ndarray of shape (C,), dtype=int64
        For the tree.
    sparse : bool, default=False
        Whether theta's gradients hold only the rows that were read, for optimizers that can do with that.

    Raises
    ------
    RnnpipeError
        Fewer than two words.
    """

    def __init__(self, inputs: int, outputs: int, counts: Counts | None = None, *, sparse: bool = False) -> None:
        super().__init__(inputs, outputs, counts)
        if counts is None:
            raise ValueError("a hierarchical softmax needs counts for its tree")
        tree = huffman_tree(counts)
        self.register_buffer("_nodes", torch.from_numpy(tree.nodes), persistent=False)
        self.register_buffer("_lengths", torch.from_numpy(tree.lengths), persistent=False)
        signs = np.where(tree.codes, np.float32(1), np.float32(-1))
        self.register_buffer("_signs", torch.from_numpy(signs), persistent=False)
        self._nodes: Tensor
        self._lengths: Tensor
        self._signs: Tensor
        self.theta = nn.Embedding(outputs - 1, inputs, sparse=sparse, _weight=torch.zeros(outputs - 1, inputs))

    def losses(self, states: Tensor, targets: Tensor) -> Tensor:
        """Return -log p of each target, in nats: (N, H), (N,) -> (N,)."""
        lengths = self._lengths[targets]
        longest = int(lengths.max()) if len(lengths) else 0
        questions = row_products(self.theta(self._nodes[targets, :longest]), states)  # (N, L)
        inside = torch.arange(longest, device=states.device) < lengths[:, None]
        losses = F.softplus(-self._signs[targets, :longest] * questions)  # -log sigma(± theta_n · e_c)
        return (losses * inside).sum(dim=1)

    def target_log_probabilities(self, states: Tensor, targets: Tensor) -> Tensor:
        """Return log p of each target, 0 where it is `IGNORED`, for which only its own way is asked: (..., H), (...) -> (...)."""
        kept = targets != IGNORED
        return states.new_zeros(targets.shape).masked_scatter(kept, -self.losses(states[kept], targets[kept]))

    def log_probabilities(self, states: Tensor) -> Tensor:
        """Return log p of each word: (..., H) -> (..., C); every node is asked once."""
        questions = states @ self.theta.weight.T  # (..., C - 1)
        total = questions.new_zeros(*questions.shape[:-1], self.outputs)
        for depth in range(self._nodes.shape[1]):
            inside = depth < self._lengths
            asked = questions[..., self._nodes[:, depth]] * self._signs[:, depth]  # (..., C)
            total = total + F.logsigmoid(asked) * inside
        return total
