"""The output layers of the lecture's window network: heads whose theta begins at 0, without a bias, as on the slides."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray
from torch import nn

from rnnpipe.heads.hierarchical import HierarchicalSoftmax
from rnnpipe.heads.negative_sampling import NegativeSampling
from rnnpipe.heads.softmax import Softmax

SoftmaxKind = Literal["full", "hierarchical", "negative"]
OutputLayer = Softmax | HierarchicalSoftmax | NegativeSampling


def build_softmax(
    kind: SoftmaxKind, counts: NDArray[np.int64], hidden: int, negative: int = 5, exponent: float = 0.75, seed: int = 0
) -> OutputLayer:
    """Return the output layer of this kind; `negative`, `exponent` and `seed` are for negative sampling alone."""
    words = len(counts)
    if kind == "full":
        softmax = Softmax(hidden, words, bias=False)
        nn.init.zeros_(softmax.theta.weight)
        return softmax
    if kind == "hierarchical":
        return HierarchicalSoftmax(hidden, words, counts, sparse=True)
    return NegativeSampling(hidden, words, counts, negative, exponent, sparse=True, seed=seed)
