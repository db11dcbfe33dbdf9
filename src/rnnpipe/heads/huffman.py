"""The Huffman tree of a vocabulary: frequent words near the root (Huffman 1952; slide "Hierarchical softmax")."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rnnpipe.common.errors import RnnpipeError


@dataclass(frozen=True)
class HuffmanTree:
    """The way from the root to each of V words; the tree has V - 1 inner nodes, the root is the last one, V - 2."""

    nodes: NDArray[np.int64]
    """Shape (V, L): inner nodes from the root down, 0 behind the end."""
    codes: NDArray[np.bool_]
    """Shape (V, L): which way is taken at each node, false behind the end."""
    lengths: NDArray[np.int64]
    """Shape (V,): nodes on the way, at most L."""


def huffman_tree(counts: NDArray[np.int64]) -> HuffmanTree:
    """Build the tree with the least total length of the codes, sum of count times length.

    Parameters
    ----------
    counts : ndarray of shape (V,), dtype=int64
        Of each word, at least 0; two words or more. Equal counts give equal trees.

    Raises
    ------
    RnnpipeError
        Fewer than two words.
    """
    if len(counts) < 2:
        raise RnnpipeError(f"a Huffman tree of {len(counts)} words; hierarchical softmax needs at least 2")
    parents, codes = _merge(counts)
    words, root = len(counts), 2 * len(counts) - 2
    depths = np.zeros(root + 1, dtype=np.int64)
    for node in range(root - 1, -1, -1):  # a parent comes after its children, so from the root down
        depths[node] = depths[parents[node]] + 1
    lengths = depths[:words]
    tree = HuffmanTree(
        np.zeros((words, lengths.max()), dtype=np.int64), np.zeros((words, lengths.max()), dtype=np.bool_), lengths
    )
    rows, nodes = np.arange(words), np.arange(words)
    while len(rows):  # all words climb one node at a time
        place = depths[nodes] - 1
        tree.codes[rows, place] = codes[nodes]
        nodes = parents[nodes]
        tree.nodes[rows, place] = nodes - words
        rows, nodes = rows[nodes != root], nodes[nodes != root]
    return tree


def _merge(counts: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Join the two rarest nodes until one is left; return parent and code of each node, words first, in order of joining.

    Joined nodes come into being by rising count, so the rarest is always at the head of the sorted words or of the joined nodes.
    """
    words = len(counts)
    order = np.argsort(counts, kind="stable")
    waiting = [(int(counts[word]), int(word)) for word in order]
    joined: list[tuple[int, int]] = []
    parents, codes = np.zeros(2 * words - 1, dtype=np.int64), np.zeros(2 * words - 1, dtype=np.bool_)
    word, inner = 0, 0
    for parent in range(words, 2 * words - 1):
        total = 0
        for code in (False, True):
            if inner == len(joined) or (word < words and waiting[word][0] <= joined[inner][0]):
                count, node = waiting[word]
                word += 1
            else:
                count, node = joined[inner]
                inner += 1
            parents[node], codes[node] = parent, code
            total += count
        joined.append((total, parent))
    return parents, codes
