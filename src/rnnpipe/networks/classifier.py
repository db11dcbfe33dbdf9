"""One label for a text."""

from typing import Literal

from torch import Tensor, nn
from torch.nn import functional as F

from rnnpipe.layers.embedding import OneHot, WordEmbedding
from rnnpipe.layers.embedding_dropout import EmbeddingDropout
from rnnpipe.layers.pooling import max_pooling, mean_pooling
from rnnpipe.layers.recurrent import Recurrent

Pooling = Literal["last", "mean", "max"]


class TextClassifier(nn.Module):
    """Embedding, recurrent layers, one vector for the text, and a linear layer (many to one).

    Parameters
    ----------
    embedding : WordEmbedding or OneHot
        Of V words.
    embedding_dropout : EmbeddingDropout
        Of the same V words.
    recurrent : Recurrent
        One direction or two.
    dropout : float in [0, 1)
        Share of the text's vector that is dropped in training.
    classes : int
        C.
    pooling : {"last", "mean", "max"}, default="last"
        How the outputs at all words become one vector: what each direction ends with, or the mean or maximum over the words.
    """

    def __init__(
        self,
        embedding: WordEmbedding | OneHot,
        embedding_dropout: EmbeddingDropout,
        recurrent: Recurrent,
        dropout: float,
        classes: int,
        pooling: Pooling = "last",
    ) -> None:
        super().__init__()
        self.embedding = embedding
        self.embedding_dropout = embedding_dropout
        self.recurrent = recurrent
        self.dropout = dropout
        self.output = nn.Linear(recurrent.output_size, classes)
        self.pool = {"last": recurrent.final_outputs, "mean": mean_pooling, "max": max_pooling}[pooling]

    def forward(self, ids: Tensor, lengths: Tensor) -> Tensor:
        """Return logits (B, C) for ids (B, T) of texts with `lengths` (B,) words; a text may be empty."""
        vectors = self.embedding_dropout(self.embedding(ids), ids)  # (B, T, E)
        outputs, _ = self.recurrent(vectors, lengths)  # (B, T, D*H)
        text = self.pool(outputs, lengths)  # (B, D*H)
        return self.output(F.dropout(text, self.dropout, self.training))  # type: ignore[no-any-return]
