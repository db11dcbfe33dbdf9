"""One vector for a whole sequence, from the outputs (B, T, D*H) of a recurrent layer, which are zero behind a sequence's end.

A sequence of length 0 gives zeros in all three ways.
"""

import torch
from torch import Tensor


def last_pooling(outputs: Tensor, lengths: Tensor, directions: int) -> Tensor:
    """Return the forward half at the last token and, of two directions, the backward half at the first, (B, D*H)."""
    batch, steps, size = outputs.shape
    if steps == 0:
        return outputs.new_zeros(batch, size)
    rows = torch.arange(batch, device=outputs.device)
    last = outputs[rows, (lengths.to(outputs.device) - 1).clamp(min=0)]  # (B, D*H)
    if directions == 1:
        return last
    half = size // 2
    return torch.cat([last[:, :half], outputs[:, 0, half:]], dim=1)


def mean_pooling(outputs: Tensor, lengths: Tensor) -> Tensor:
    """Return the mean over the tokens of each sequence, (B, D*H)."""
    return outputs.sum(dim=1) / lengths.to(outputs).clamp(min=1).unsqueeze(1)


def max_pooling(outputs: Tensor, lengths: Tensor) -> Tensor:
    """Return the largest value of each unit over the tokens of each sequence, (B, D*H)."""
    batch, steps, size = outputs.shape
    if steps == 0:
        return outputs.new_zeros(batch, size)
    lengths = lengths.to(outputs.device).unsqueeze(1)  # (B, 1)
    padding = torch.arange(steps, device=outputs.device) >= lengths  # (B, T)
    largest = outputs.masked_fill(padding.unsqueeze(2), float("-inf")).amax(dim=1)  # (B, D*H)
    return largest.masked_fill(lengths == 0, 0.0)
