"""What large and fast changing states cost in training (Merity et al. 2017, "Revisiting activation regularization").

Both are sums over words, as the loss of a batch is: divided by the batch's words they stand beside its mean loss, whatever
number of processes share it. The paper's are means, the second one over the T - 1 changes of T words.
"""

from __future__ import annotations

from torch import Tensor


def activation(dropped: Tensor, kept: Tensor) -> Tensor:
    """Return AR: the sum over words that are `kept` (B, T) of the mean square of their states (B, T, H) after dropout -> ()."""
    return dropped[kept].float().square().mean(dim=-1).sum()


def temporal_activation(outputs: Tensor, kept: Tensor) -> Tensor:
    """Return TAR: the sum over all words that are `kept` (B, T), but each row's first, of the mean square of the change -> ().

    `outputs` (B, T, H) are those of the last layer before dropout.
    """
    changes = outputs[:, 1:] - outputs[:, :-1]  # (B, T - 1, H)
    return changes[kept[:, 1:]].float().square().mean(dim=-1).sum()
