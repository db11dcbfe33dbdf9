"""The network of the slide "Learn embedding matrix using NN": E, and a softmax layer that predicts a word from its context.

The rows of E of the C context words, one after the other, are the hidden vector of length C · K; theta has a row of the same
length for each word. Where the document ends before the context does, the row is zero. Trained with AdaGrad, which needs no
other learning rate for another context, another batch size or rare words; the rate falls linearly to 0 over all epochs, as in
Google's word2vec.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.common.seeds import derive_seed
from rnnpipe.embeddings.adagrad import RowAdagrad
from rnnpipe.embeddings.contexts import PADDING, POSITIONS, Stream, epoch_examples, read_stream
from rnnpipe.embeddings.softmax import OutputLayer, build_softmax
from rnnpipe.embeddings.vectors import Matrix, complete, subset
from rnnpipe.params import WindowRun
from rnnpipe.text.encoded import EncodedSplit
from rnnpipe.text.vocabulary import Vocabulary

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class WindowFit:
    """Trained vectors of the words that occur."""

    vocabulary: Vocabulary
    vectors: Matrix
    """E, shape (V, K)."""
    losses: list[float]
    """Mean loss of an example in each epoch, in nats, each taken before its own update."""


class WindowNetwork(nn.Module):
    """The embedding matrix E under a softmax layer.

    Parameters
    ----------
    words : int
        W; E has a zero row for padding before theirs. It begins uniform in ±1/(2K), as in Google's word2vec.
    dimension : int
        K.
    softmax : OutputLayer
        Of hidden size C · K.
    seed : int
        Of the first E.
    """

    def __init__(self, words: int, dimension: int, softmax: OutputLayer, seed: int) -> None:
        super().__init__()
        generator = torch.Generator().manual_seed(seed)
        first = (torch.rand(words + 1, dimension, generator=generator) - 0.5) / dimension
        first[PADDING] = 0
        self.embedding = nn.Embedding(words + 1, dimension, padding_idx=PADDING, sparse=True, _weight=first)
        self.softmax = softmax

    def forward(self, contexts: Tensor, targets: Tensor) -> Tensor:
        """Return the loss of each example: (B, C), (B,) -> (B,)."""
        hidden = self.embedding(contexts).flatten(start_dim=1)  # (B, C · K)
        return self.softmax.losses(hidden, targets)


def train_window(splits: Sequence[EncodedSplit], vocabulary: Vocabulary, run: WindowRun, seed: int) -> WindowFit:
    """Train E on the given splits.

    Equal seeds give equal bytes with one thread on one kind of processor.

    Raises
    ------
    RnnpipeError
        Fewer than two words of the vocabulary occur, no document has two words, an id is not of the vocabulary, or the loss
        is not a finite number any more (names epoch and step).
    """
    stream = read_stream(splits, len(vocabulary))
    counts = stream.occurring
    if len(counts) < 2:
        raise RnnpipeError(f"{len(counts)} words of the vocabulary occur in the splits; a window network needs at least 2")
    hidden = run.dimension * len(POSITIONS.get(run.context, (1,)))
    softmax = build_softmax(run.softmax, counts, hidden, run.negative, run.exponent, derive_seed(seed, "negatives"))
    network = WindowNetwork(len(counts), run.dimension, softmax, derive_seed(seed, "vectors"))
    optimizer = RowAdagrad(network.parameters(), lr=run.learning_rate)
    losses = []
    for epoch in range(1, run.epochs + 1):
        losses.append(_train_epoch(network, optimizer, stream, run, epoch, derive_seed(seed, "epoch", epoch)))
        logger.info("epoch %d of %d: loss %.4f", epoch, run.epochs, losses[-1])
    vectors = network.embedding.weight.detach().numpy()[1:]
    return WindowFit(subset(vocabulary, stream.counts > 0), complete(vectors), losses)


def _train_epoch(
    network: WindowNetwork, optimizer: torch.optim.Optimizer, stream: Stream, run: WindowRun, epoch: int, seed: int
) -> float:
    """Train on every target once; return the mean loss of an example."""
    total, examples = 0.0, 0
    for step, (done, batch) in enumerate(epoch_examples(stream, run, seed), start=1):
        optimizer.param_groups[0]["lr"] = run.learning_rate * (1 - (epoch - 1 + done) / run.epochs)
        optimizer.zero_grad()
        loss = network(torch.from_numpy(batch.contexts), torch.from_numpy(batch.targets)).sum()
        loss.backward()
        optimizer.step()
        total += loss.item()
        examples += len(batch.targets)
        if not total < float("inf"):
            raise RnnpipeError(
                f"window network: the loss is {loss.item()} in epoch {epoch}, step {step}; "
                f"lower window learning_rate ({run.learning_rate}) or batch_size ({run.batch_size})"
            )
    if not examples:
        raise RnnpipeError("no document has two words with a vector; a window network learns from words that stand together")
    return total / examples
