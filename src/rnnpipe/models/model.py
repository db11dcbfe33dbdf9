"""An encoder and a head: every network of the pipeline."""

from __future__ import annotations

from typing import NamedTuple

from torch import Tensor, nn

from rnnpipe.batches.batch import Features
from rnnpipe.heads.head import Head
from rnnpipe.layers.document_memory import DocumentMemory
from rnnpipe.layers.dropout import Dropout
from rnnpipe.layers.pooling import max_pooling, mean_pooling
from rnnpipe.layers.recurrent import State
from rnnpipe.models.encoder import Encoder
from rnnpipe.params import Pooling


class Read(NamedTuple):
    """What a model makes of texts, on the way to what its head reads."""

    outputs: Tensor
    """(B, T, D*H) of the last layer, with the memory of an article behind them if there is one."""
    dropped: Tensor
    """The outputs, pooled if the model pools, after dropout: (B, T, D*H) or (B, D*H)."""
    states: Tensor
    """What the head reads: `dropped`, or its projection."""
    state: State
    """For the next window."""


class Model(nn.Module):
    """From words to the states that the head reads.

    Parameters
    ----------
    encoder : Encoder
        From words to hidden states.
    head : Head
        Of states as they leave `forward`.
    dropout : Dropout
        Of what the head, or the projection before it, reads.
    pooling : {"last", "mean", "max"}, optional
        One state for a text: what each direction ends with, or the mean or maximum over its words. None: one for each word.
    projection : nn.Linear, optional
        From the encoder's width to the head's.
    memory : DocumentMemory, optional
        What stands beside each state.
    """

    def __init__(
        self,
        encoder: Encoder,
        head: Head,
        dropout: Dropout,
        pooling: Pooling | None = None,
        projection: nn.Linear | None = None,
        memory: DocumentMemory | None = None,
    ) -> None:
        super().__init__()
        self.encoder = encoder
        self.head = head
        self.dropout = dropout
        self.pooling = pooling
        self.projection = projection
        self.memory = memory

    def forward(
        self, ids: Tensor, lengths: Tensor, state: State | None = None, features: Features | None = None
    ) -> tuple[Tensor, State]:
        """Read texts.

        Parameters
        ----------
        ids : Tensor of shape (B, T), dtype=int64
            Words; a text may be empty.
        lengths : Tensor of shape (B,), dtype=int64
            Words of each text, in [0, T].
        state : tuple of Tensor, optional
            What the call for the window before returned, detached; None: zero. See `Recurrent.forward`.
        features : Features, optional
            Of a batch's words, for a network that reads more of them than their ids.

        Returns
        -------
        tuple
            States (B, T, H), or (B, H) of a pooling model, and the state for the next window.
        """
        read = self.read(ids, lengths, state, features)
        return read.states, read.state

    def read(self, ids: Tensor, lengths: Tensor, state: State | None = None, features: Features | None = None) -> Read:
        """Return all that `forward` comes by on its way; see there."""
        outputs, state = self.encoder(ids, lengths, state, features=features)  # (B, T, D*H)
        if self.memory is not None:
            assert features is not None
            outputs = self.memory(outputs, features.groups)
        dropped = self.dropout(self._pooled(outputs, lengths), steps=None if self.pooling else 1)
        return Read(outputs, dropped, dropped if self.projection is None else self.projection(dropped), state)

    def _pooled(self, outputs: Tensor, lengths: Tensor) -> Tensor:
        match self.pooling:
            case None:
                return outputs
            case "last":
                return self.encoder.recurrent.final_outputs(outputs, lengths)
            case "mean":
                return mean_pooling(outputs, lengths)
            case "max":
                return max_pooling(outputs, lengths)
