"""Compiled loops of GloVe. Constants and helpers stand in this file: numba's cache on disk looks at no other.

Rows of words are numbered class by class (`glove_entries.Classes`).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

# Neither NaN nor infinity is assumed away: the loss has to show them. `arcp` lets 1/sqrt be estimated and refined by one
# Newton step, which is as exact as float32 and much faster than a root and a division.
FAST = {"reassoc", "contract", "arcp"}


@njit(cache=True, nogil=True)
def count_blocks(entries: Any, blocks: int, counts: Any, seen: Any) -> bool:
    """Add to `counts` (blocks²,) how many entries each block has; mark in `seen` (V,) the words that have entries.

    Returns False at the first word that is not among the V.
    """
    for n in range(len(entries)):
        i, j = entries[n].i, entries[n].j
        if not (0 <= i < len(seen) and 0 <= j < len(seen)):
            return False
        counts[i % blocks * blocks + j % blocks] += 1
        seen[i] = True
        seen[j] = True
    return True


@njit(cache=True, nogil=True)
def place_entries(entries: Any, blocks: int, rows: int, free: Any, i_out: Any, j_out: Any, x_out: Any) -> None:
    """Move entries behind those that their block has; `free` (blocks²,) holds the next position of each block."""
    for n in range(len(entries)):
        i, j = entries[n].i, entries[n].j
        block = i % blocks * blocks + j % blocks
        position = free[block]
        free[block] = position + 1
        i_out[position] = i % blocks * rows + i // blocks
        j_out[position] = j % blocks * rows + j // blocks
        x_out[position] = entries[n].x


@njit(cache=True, nogil=True)
def weigh(x: Any, weight: Any, x_max: Any, alpha: Any) -> None:
    """Replace x by its logarithm, and put f(x) into `weight`. `x_max` and `alpha` are of the dtype of x."""
    one = x.dtype.type(1)
    for n in range(len(x)):
        weight[n] = one if x[n] >= x_max else (x[n] / x_max) ** alpha
        x[n] = np.log(x[n])


@njit(cache=True, nogil=True, fastmath=FAST, error_model="numpy")
def train_blocks(entries: Any, word: Any, context: Any, diagonal: int, rate: Any, losses: Any, first: int, last: int) -> None:
    """Train on the blocks (a, a + diagonal) for a in first ... last - 1; `losses[a]` is the sum of a block's losses.

    Updates both sides in place, entry by entry. `rate` is that of the vectors, and of their dtype.
    """
    blocks = len(losses)
    for a in range(first, last):
        block = a * blocks + (a + diagonal) % blocks
        loss = 0.0
        for n in range(entries.starts[block], entries.starts[block + 1]):
            i, j = entries.i[n], entries.j[n]
            e, w = word.vectors[i], context.vectors[j]
            e_sums, w_sums = word.vector_sums[i], context.vector_sums[j]
            error = word.biases[i] + context.biases[j] - entries.log_x[n]
            for k in range(len(e)):
                error += e[k] * w[k]
            slope = entries.weight[n] * error  # dJ/d(e · w)
            loss += 0.5 * slope * error
            step = rate * slope
            for k in range(len(e)):
                e_step, w_step = step * w[k], step * e[k]
                e[k] -= e_step / np.sqrt(e_sums[k])
                w[k] -= w_step / np.sqrt(w_sums[k])
                e_sums[k] += e_step * e_step
                w_sums[k] += w_step * w_step
            # Biases learn at rate 1, as in Stanford's program.
            word.biases[i] -= slope / np.sqrt(word.bias_sums[i])
            context.biases[j] -= slope / np.sqrt(context.bias_sums[j])
            word.bias_sums[i] += slope * slope
            context.bias_sums[j] += slope * slope
        losses[a] = loss
