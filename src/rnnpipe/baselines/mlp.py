"""The lecture's standard network, a multilayer perceptron: all words of a text side by side as one long input, one hidden layer.

Each position of the input has weights of its own, so what is learned of a word at one of them says nothing of the others.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.functional import cross_entropy, pad

from rnnpipe.batches.batch import IGNORED, classification_batch
from rnnpipe.batches.plans import batch_plan, sorted_plan
from rnnpipe.layers.embedding import OneHot, WordEmbedding
from rnnpipe.params import MlpRun
from rnnpipe.text.encoded import EncodedSplit
from rnnpipe.text.vocabulary import PAD


class Mlp(nn.Module):
    """Embedding of each word, all of them concatenated, a hidden layer of tanh, a linear output.

    Parameters
    ----------
    embedding : WordEmbedding or OneHot
        From ids to vectors.
    dimension : int
        Numbers in a word vector, E.
    length : int
        Words that the input holds, T.
    hidden : int
        Numbers in the hidden layer, H.
    labels : int
        C.
    """

    def __init__(self, embedding: WordEmbedding | OneHot, dimension: int, length: int, hidden: int, labels: int) -> None:
        super().__init__()
        self.embedding = embedding
        self.length = length
        self.hidden = nn.Linear(length * dimension, hidden)
        self.output = nn.Linear(hidden, labels)

    def forward(self, ids: Tensor) -> Tensor:
        """Return logits (B, C) for ids (B, t) with t ≤ T, filled up with `<pad>` at the end."""
        whole = pad(ids, (0, self.length - ids.shape[1]), value=PAD)  # (B, T)
        words = self.embedding(whole).flatten(1)  # (B, T*E)
        return self.output(torch.tanh(self.hidden(words)))  # type: ignore[no-any-return]


def build(settings: MlpRun, words: int, vectors: NDArray[np.float32] | None, labels: int, seed: int) -> Mlp:
    """Build the network of a run.

    Parameters
    ----------
    settings : MlpRun
        Its sizes.
    words : int
        Size V of the vocabulary.
    vectors : ndarray of shape (V, E), dtype=float32, or None
        The words' vectors to start from, which are trained further; None: one-hot vectors, which are not.
    labels : int
        C.
    seed : int
        Decides all other weights.
    """
    torch.manual_seed(seed)
    if vectors is None:
        return Mlp(OneHot(words), words, settings.length, settings.hidden, labels)
    embedding = WordEmbedding(words, vectors.shape[1])
    embedding.fill(torch.from_numpy(vectors))
    return Mlp(embedding, vectors.shape[1], settings.length, settings.hidden, labels)


def train(network: Mlp, split: EncodedSplit, settings: MlpRun, seed: int) -> None:
    """Train with Adam on the last T words of each labelled document."""
    optimizer = torch.optim.Adam(network.parameters(), lr=settings.learning_rate)
    network.train()
    for epoch in range(settings.epochs):
        for rows in batch_plan(split.lengths, settings.batch_size, seed, epoch):
            batch = classification_batch(split, rows, network.length)
            if not batch.total:
                continue
            optimizer.zero_grad()
            cross_entropy(network(batch.ids), batch.targets, ignore_index=IGNORED).backward()  # type: ignore[no-untyped-call]
            optimizer.step()
    network.eval()


@torch.inference_mode()
def probabilities(network: Mlp, split: EncodedSplit, batch_size: int = 256) -> NDArray[Any]:
    """Return the probability of each label, shape (documents, C), dtype=float32."""
    plan = sorted_plan(split.lengths, batch_size)
    batches = [network(classification_batch(split, rows, network.length).ids).softmax(dim=-1).numpy() for rows in plan]
    found: NDArray[Any] = np.concatenate(batches)[np.argsort(np.concatenate(plan))]
    return found
