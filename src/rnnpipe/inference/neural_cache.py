"""The neural cache: a language model that remembers what followed the states that it was in (Grave et al. 2017)."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

QUERIES = 256
"""Words asked for together; with a window of 2,000 their scores are 2.3 MB, which a processor's cache holds."""


class NeuralCache:
    """The last words of a text, each with the state h that was to predict it.

    p(w) is proportional to the sum over those i of them that are w of exp(theta · h_t · h_i) (equation 2 of the paper). What
    stands beyond the window is forgotten. Products of matrices over the whole window, for many words at a time.

    Parameters
    ----------
    window : int
        Words remembered, at least 1.
    thetas : sequence of float
        Several at once, since the products are the same.
    """

    def __init__(self, window: int, thetas: Sequence[float]) -> None:
        self.window = window
        self.thetas = thetas
        self._states: Tensor | None = None  # (M, H), M at most `window`
        self._words: Tensor | None = None  # (M,)

    def read(self, states: Tensor, words: Tensor) -> Tensor:
        """Return the log-probability of each word by those before it alone, and remember them.

        Parameters
        ----------
        states : Tensor of shape (T, H)
            What the model's head reads to predict each word.
        words : Tensor of shape (T,), dtype=int64

        Returns
        -------
        Tensor of shape (thetas, T)
            In nats; -inf for a word that is not remembered, NaN where nothing is.
        """
        pairs = zip(torch.split(states, QUERIES), torch.split(words, QUERIES), strict=True)
        return torch.cat([states.new_zeros(len(self.thetas), 0), *(self._read(*pair) for pair in pairs)], dim=1)

    def _read(self, states: Tensor, words: Tensor) -> Tensor:
        keys = states if self._states is None else torch.cat([self._states, states])  # (M + Q, H)
        known = words if self._words is None else torch.cat([self._words, words])  # (M + Q,)
        before, asked = len(keys) - len(states), torch.arange(len(states), device=states.device)
        back = before + asked[:, None] - torch.arange(len(keys), device=states.device)  # (Q, M + Q): words back
        products = (states @ keys.T).masked_fill((back < 1) | (back > self.window), -torch.inf)
        same = known == words[:, None]
        found = [(theta * products).softmax(dim=1).mul_(same).sum(dim=1).log() for theta in self.thetas]
        self._states, self._words = keys[-self.window :], known[-self.window :]
        return torch.stack(found)
