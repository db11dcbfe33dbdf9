"""What one training pair costs in each of the three softmax layers (slide "Problems with softmax classification")."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import get_args

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from rnnpipe.common.seeds import derive_seed
from rnnpipe.embeddings.adagrad import RowAdagrad
from rnnpipe.embeddings.softmax import OutputLayer, SoftmaxKind, build_softmax

PAIRS = 100
"""Pairs that a mean is taken over. Chosen: its standard error is below half a row for the depth of a Huffman tree."""


@dataclass(frozen=True)
class Cost:
    """Mean cost of one training pair."""

    softmax: SoftmaxKind
    vocabulary: int
    """V."""
    rows_per_pair: float
    """Rows of theta that the pair reads and updates."""
    multiplications_per_pair: float
    """Three for each number of these rows: the product with the hidden vector, and the gradients of both factors."""


def measure_costs(vocabulary_sizes: Sequence[int], dimension: int, seed: int) -> list[Cost]:
    """Measure each layer on vocabularies whose counts follow Zipf's law.

    Theta holds random numbers: while it is 0, the gradients of a target that is drawn as its own negative cancel.

    Parameters
    ----------
    vocabulary_sizes : sequence of int
        Values of V, at least 2 each.
    dimension : int
        Numbers in a row of theta.
    seed : int
        Of the pairs and the negatives.
    """
    costs = []
    for kind in get_args(SoftmaxKind):
        for size in vocabulary_sizes:
            counts = zipf_counts(size)
            layer = build_softmax(kind, counts, dimension, seed=derive_seed(seed, kind, size, "negatives"))
            torch.nn.init.normal_(layer.theta.weight, std=0.1, generator=torch.Generator().manual_seed(seed))
            rows = rows_per_pair(layer, *_pairs(counts, PAIRS, dimension, derive_seed(seed, kind, size, "pairs")))
            costs.append(Cost(kind, size, rows, 3 * rows * dimension))
    return costs


def rows_per_pair(layer: OutputLayer, hidden: Tensor, targets: Tensor) -> float:
    """Return the mean number of rows of theta that have a gradient other than 0, one pair after the other.

    Parameters
    ----------
    layer : OutputLayer
    hidden : Tensor of shape (N, H)
    targets : Tensor of shape (N,), dtype=int64
    """
    rows = 0
    for pair in range(len(targets)):
        layer.zero_grad()
        layer.losses(hidden[pair : pair + 1], targets[pair : pair + 1]).sum().backward()  # type: ignore[no-untyped-call]
        gradient = layer.theta.weight.grad
        assert gradient is not None
        values = gradient.coalesce().values() if gradient.is_sparse else gradient
        rows += int((values != 0).any(dim=1).sum())
    return rows / len(targets)


def cost_metrics(costs: Sequence[Cost]) -> dict[str, dict[str, float]]:
    """Return softmax → V → rows for each pair."""
    metrics: dict[str, dict[str, float]] = {}
    for cost in costs:
        metrics.setdefault(cost.softmax, {})[str(cost.vocabulary)] = cost.rows_per_pair
    return metrics


def pairs_per_second(
    kind: SoftmaxKind, vocabulary_size: int, dimension: int = 100, batch_size: int = 256, seconds: float = 2.0, seed: int = 1
) -> float:
    """Train a layer on pairs drawn by Zipf's law and return how many it takes in a second; for benchmarks alone.

    Parameters
    ----------
    kind : {"full", "hierarchical", "negative"}
        Negative sampling with J = 5 and exponent 3/4.
    vocabulary_size : int
        V.
    dimension : int, default=100
    batch_size : int, default=256
    seconds : float, default=2.0
        Least time to measure, in seconds; one batch more comes first, to warm up.
    seed : int, default=1
    """
    counts = zipf_counts(vocabulary_size)
    layer = build_softmax(kind, counts, dimension, seed=derive_seed(seed, "negatives"))
    optimizer = RowAdagrad(layer.parameters(), lr=0.05)
    hidden, targets = _pairs(counts, 64 * batch_size, dimension, seed)
    batches = list(zip(torch.split(hidden, batch_size), torch.split(targets, batch_size), strict=True))
    step, start = 0, 0.0
    while step < 2 or time.perf_counter() - start < seconds:
        optimizer.zero_grad()
        layer.losses(*batches[step % len(batches)]).sum().backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        step += 1
        start = time.perf_counter() if step == 1 else start
    return (step - 1) * batch_size / (time.perf_counter() - start)


def zipf_counts(words: int) -> NDArray[np.int64]:
    """Return counts by Zipf's law, word w (from 1) with a share of 1 / w; the rarest has 100."""
    return np.round(100 * words / np.arange(1, words + 1)).astype(np.int64)


def _pairs(counts: NDArray[np.int64], pairs: int, dimension: int, seed: int) -> tuple[Tensor, Tensor]:
    """Draw hidden vectors from normal numbers, and targets by count."""
    rng = np.random.default_rng(seed)
    hidden = rng.normal(size=(pairs, dimension)).astype(np.float32)
    targets = rng.choice(len(counts), size=pairs, p=counts / counts.sum())
    return torch.from_numpy(hidden), torch.from_numpy(targets)
