"""What a network has made of the same word elsewhere in an article."""

from __future__ import annotations

import torch
from torch import Tensor, nn


class DocumentMemory(nn.Module):
    """Beside each state what the states are at the other places of its word: their mean, their maximum, and how many there are.

    A name is clear in one sentence and not in another ("Blackburn" in a table of results). Luo et al. (2020, "Hierarchical
    contextualized representation for named entity recognition") attend to a memory of them; here mean and maximum go through
    one layer.

    Parameters
    ----------
    inputs : int
        Numbers in a state, H.
    hidden : int
        Numbers that the memory of a word is made to, M.
    """

    def __init__(self, inputs: int, hidden: int) -> None:
        super().__init__()
        self.layer = nn.Linear(2 * inputs + 1, hidden)

    def forward(self, states: Tensor, groups: Tensor) -> Tensor:
        """Return states with their memory, (B, T, H + M).

        Parameters
        ----------
        states : Tensor of shape (B, T, H)
        groups : Tensor of shape (B, T), dtype=int64
            Number of each place's word in its article, from 0; words of one number are the same. -1: none, behind a sentence's
            end.
        """
        memory = states.new_zeros(*states.shape[:2], self.layer.out_features)
        inside = groups >= 0
        if inside.any():
            memory = memory.masked_scatter(inside.unsqueeze(2), self._memory(states[inside], groups[inside]).to(memory.dtype))
        return torch.cat([states, memory], dim=2)

    def _memory(self, states: Tensor, groups: Tensor) -> Tensor:
        """Return the memory (N, M) of words with states (N, H) and groups (N,)."""
        others = number_of_others(groups)
        mean, largest = mean_of_others(states, groups, others), max_of_others(states, groups, others)
        read = torch.cat([mean, largest, others.to(states).log1p()], dim=1)
        return self.layer(read).tanh()  # type: ignore[no-any-return]


def number_of_others(groups: Tensor) -> Tensor:
    """Return how many others there are in each one's group: (N,) -> (N, 1)."""
    return torch.bincount(groups)[groups].unsqueeze(1) - 1


def mean_of_others(states: Tensor, groups: Tensor, others: Tensor) -> Tensor:
    """Return the mean of the other states of each one's group, zero where it is alone: (N, H), (N,), (N, 1) -> (N, H)."""
    number = int(groups.max()) + 1
    sums = states.new_zeros(number, states.shape[1]).index_add(0, groups, states)
    return torch.where(others > 0, (sums[groups] - states) / others.clamp(min=1), 0.0)


def max_of_others(states: Tensor, groups: Tensor, others: Tensor) -> Tensor:
    """Return the largest number of the others of each one's group, zero where it is alone: (N, H), (N,), (N, 1) -> (N, H)."""
    shape = int(groups.max()) + 1, states.shape[1]
    index = groups.unsqueeze(1).expand_as(states)
    largest = states.new_full(shape, -torch.inf).scatter_reduce(0, index, states, "amax")  # (G, H)
    is_largest = states == largest[groups]
    holders = torch.zeros(shape, dtype=torch.int64, device=states.device).index_add(0, groups, is_largest.long())
    below = states.masked_fill(is_largest, -torch.inf)
    second = states.new_full(shape, -torch.inf).scatter_reduce(0, index, below, "amax")
    found = torch.where(is_largest & (holders[groups] == 1), second[groups], largest[groups])
    return torch.where(others > 0, found, 0.0)
