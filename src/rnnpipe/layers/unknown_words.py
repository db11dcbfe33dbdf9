"""Words that are read as unknown ones in training, so that the vector of `<unk>` is trained."""

import torch
from torch import Tensor, nn


class UnknownWords(nn.Module):
    """Read a word as `<unk>` in training now and then.

    Where every word of the training text has a vector of its own, that of `<unk>` would stay as it began, and be all that a
    network knows of new words. Words that stand there once are made unknown half of the time by Lample et al. (2016, section
    4.3).

    Parameters
    ----------
    probabilities : Tensor of shape (V,)
        Of each word, to be read as unknown, in [0, 1).
    unknown : int
        Id of `<unk>`.
    """

    def __init__(self, probabilities: Tensor, unknown: int) -> None:
        super().__init__()
        self.unknown = unknown
        self.register_buffer("probabilities", probabilities, persistent=False)
        self.probabilities: Tensor

    def forward(self, ids: Tensor) -> Tensor:
        """Return ids (...) with some of them `<unk>`."""
        if not self.training:
            return ids
        return ids.masked_fill(torch.rand(ids.shape, device=ids.device) < self.probabilities[ids], self.unknown)
