"""Dropout of whole words."""

import torch
from torch import Tensor, nn
from torch.nn import functional as F


class EmbeddingDropout(nn.Module):
    """Leave words out in training: a word that is dropped is dropped wherever it stands in the batch.

    Gal & Ghahramani (2016), section 4.2; drawn once for each batch as in AWD-LSTM (Merity et al. 2018, section 4.3).

    Parameters
    ----------
    probability : float in [0, 1)
        Dropout probability of a word of the vocabulary; the vectors of the others grow by 1 / (1 - probability).
    vocabulary_size : int
        V.
    """

    def __init__(self, probability: float, vocabulary_size: int) -> None:
        super().__init__()
        self.probability = probability
        self.vocabulary_size = vocabulary_size

    def forward(self, vectors: Tensor, ids: Tensor) -> Tensor:
        """Return the vectors (..., E) of the ids (...) with those of dropped words zero."""
        if not self.training or self.probability == 0.0:
            return vectors
        kept = F.dropout(
            torch.ones(self.vocabulary_size, device=vectors.device), self.probability
        )  # (V,): 0 or 1 / (1 - probability)
        return vectors * kept[ids].unsqueeze(-1)
