"""A vector for each word from its letters, which words that no vocabulary holds have too."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from rnnpipe.layers.pooling import last_pooling, max_pooling
from rnnpipe.layers.recurrent import Recurrent

BYTES = 257
"""Padding, and the 256 bytes that UTF-8 is made of, each plus one."""


class CharacterCnn(nn.Module):
    """Filters over the letters, of each the largest value, and tanh (Ma & Hovy 2016, section 2.1; Kim et al. 2016).

    Parameters
    ----------
    dimension : int
        Numbers in the vector of a byte.
    hidden : int
        Filters, and numbers in a word's vector.
    width : int, default=3
        Bytes that a filter sees; a word is widened on both sides so that its first and last letter stand in the middle once.
    """

    def __init__(self, dimension: int, hidden: int, width: int = 3) -> None:
        super().__init__()
        self.output_size = hidden
        self.letters = nn.Embedding(BYTES, dimension, padding_idx=0)
        self.filters = nn.Conv1d(dimension, hidden, width, padding=width // 2)

    def forward(self, letters: Tensor) -> Tensor:
        """Return the vectors (W, H) of words given by their bytes (W, L), each plus one; 0 behind a word's end, L may be 0."""
        if letters.shape[1] == 0:
            return self.filters.weight.new_zeros(len(letters), self.output_size)
        scores = self.filters(self.letters(letters).transpose(1, 2)).transpose(1, 2)  # (W, L or L + 1, H)
        return max_pooling(scores, lengths_of(letters)).tanh()


class CharacterLstm(nn.Module):
    """What an LSTM in each direction ends with (Lample et al. 2016, section 4.1); parameters as of `CharacterCnn`."""

    def __init__(self, dimension: int, hidden: int) -> None:
        super().__init__()
        self.output_size = 2 * hidden
        self.letters = nn.Embedding(BYTES, dimension, padding_idx=0)
        self.recurrent = Recurrent("lstm", dimension, [hidden], bidirectional=True)

    def forward(self, letters: Tensor) -> Tensor:
        """Return the vectors (W, 2 * H) of words given by their bytes (W, L); see `CharacterCnn.forward`."""
        lengths = lengths_of(letters)
        outputs, _ = self.recurrent(self.letters(letters), lengths)
        return last_pooling(outputs, lengths, directions=2)


def lengths_of(letters: Tensor) -> Tensor:
    """Return the bytes of each word, (W,), given (W, L)."""
    return (letters > 0).sum(dim=1) if letters.shape[1] else torch.zeros(len(letters), dtype=torch.int64, device=letters.device)
