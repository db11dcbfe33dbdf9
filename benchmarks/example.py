"""The step of PyTorch's example `word_language_model`: an LSTM with a softmax over all words, and plain gradient descent."""

import sys
import time
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

CLIP, LEARNING_RATE = 0.25, 20.0
"""Defaults of the example's command line."""


class WordLanguageModel(nn.Module):
    """What the example trains, for where the example itself is not at hand: the same layers, the same function."""

    def __init__(self, words: int, size: int, layers: int, dropout: float) -> None:
        super().__init__()
        self.size, self.layers = size, layers
        self.dropout = nn.Dropout(dropout)
        self.embedding = nn.Embedding(words, size)
        self.lstm = nn.LSTM(size, size, layers, dropout=dropout)
        self.linear = nn.Linear(size, words)

    def init_hidden(self, rows: int) -> tuple[Tensor, Tensor]:
        """Return the state of nothing read."""
        return torch.zeros(self.layers, rows, self.size), torch.zeros(self.layers, rows, self.size)

    def forward(self, ids: Tensor, hidden: tuple[Tensor, Tensor]) -> tuple[Tensor, tuple[Tensor, Tensor]]:
        """Return log-probabilities (T * B, V) of ids (T, B), and the state."""
        outputs, hidden = self.lstm(self.dropout(self.embedding(ids)), hidden)
        scores = self.linear(self.dropout(outputs))
        return F.log_softmax(scores.flatten(0, 1), dim=1), hidden


def network(folder: Path | None, words: int, size: int, layers: int, dropout: float) -> Any:
    """Return the example's network: from its folder if that is given, else the one above."""
    if folder is None:
        return WordLanguageModel(words, size, layers, dropout)
    sys.path.insert(0, str(folder))
    from model import RNNModel  # type: ignore[import-not-found]

    return RNNModel("LSTM", words, size, size, layers, dropout, False)


def seconds_per_step(model: Any, stream: Tensor, bptt: int) -> float:
    """Train on a stream (N, B) of ids by windows of `bptt` words, as the example does."""
    model.train()
    hidden = model.init_hidden(stream.shape[1])
    starts = range(0, len(stream) - 1, bptt)
    total, began = 0.0, time.perf_counter()
    for start in starts:
        targets = stream[start + 1 : start + 1 + bptt].reshape(-1)
        model.zero_grad()
        hidden = tuple(part.detach() for part in hidden)
        found, hidden = model(stream[start : start + bptt][: len(targets) // stream.shape[1]], hidden)
        loss = F.nll_loss(found, targets)
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(model.parameters(), CLIP)
        for weight in model.parameters():
            weight.data.add_(weight.grad, alpha=-LEARNING_RATE)
        total += loss.item()
    return (time.perf_counter() - began) / len(starts)
