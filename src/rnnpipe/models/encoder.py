"""From words to hidden states, once for all tasks."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from rnnpipe.batches.batch import Features
from rnnpipe.layers.dropout import Dropout
from rnnpipe.layers.embedding import OneHot, WordEmbedding
from rnnpipe.layers.embedding_dropout import EmbeddingDropout
from rnnpipe.layers.recurrent import Recurrent, State
from rnnpipe.layers.unknown_words import UnknownWords
from rnnpipe.models.word_features import WordFeatures


class Encoder(nn.Module):
    """Embedding, dropout of words and of their vectors, recurrent layers.

    Parameters
    ----------
    embedding : WordEmbedding or OneHot
        Of V words.
    embedding_dropout : EmbeddingDropout
        Of the same V words.
    input_dropout : Dropout
        Of what the first layer reads.
    recurrent : Recurrent
        One direction or two.
    features : WordFeatures, optional
        What is read of words beside their ids.

    Attributes
    ----------
    unknown_words : UnknownWords or None
        Which words are read as `<unk>` in training; None: none. A training that wants some sets it.
    """

    def __init__(
        self,
        embedding: WordEmbedding | OneHot,
        embedding_dropout: EmbeddingDropout,
        input_dropout: Dropout,
        recurrent: Recurrent,
        features: WordFeatures | None = None,
    ) -> None:
        super().__init__()
        self.embedding = embedding
        self.embedding_dropout = embedding_dropout
        self.input_dropout = input_dropout
        self.recurrent = recurrent
        self.features = features
        self.unknown_words: UnknownWords | None = None

    def forward(
        self,
        ids: Tensor,
        lengths: Tensor,
        state: State | None = None,
        true_state: bool = False,
        features: Features | None = None,
    ) -> tuple[Tensor, State]:
        """Return the hidden states (B, T, D*H) at all words of ids (B, T), and the state to go on from.

        `lengths` (B,) are the words of each text, in [0, T]; `state` and `true_state` as in `Recurrent.forward`; `features` are
        of the batch, for a network that reads some.
        """
        if self.unknown_words is not None:
            ids = self.unknown_words(ids)
        vectors = self.embedding_dropout(self.embedding(ids), ids)  # (B, T, E)
        if self.features is not None:
            vectors = torch.cat([vectors, self.features(features)], dim=2)
        return self.recurrent(self.input_dropout(vectors, steps=1), lengths, state, true_state)  # type: ignore[no-any-return]
