"""One tag for each word."""

from torch import Tensor, nn
from torch.nn import functional as F

from rnnpipe.layers.embedding import OneHot, WordEmbedding
from rnnpipe.layers.embedding_dropout import EmbeddingDropout
from rnnpipe.layers.recurrent import Recurrent


class Tagger(nn.Module):
    """Embedding, recurrent layers, and a linear layer at every word (many to many, same length).

    Parameters
    ----------
    embedding : WordEmbedding or OneHot
        Of V words.
    embedding_dropout : EmbeddingDropout
        Of the same V words.
    recurrent : Recurrent
        Two directions, if a word's tag depends on what follows.
    dropout : float in [0, 1)
        Share of the outputs of the last recurrent layer that are dropped in training.
    tags : int
        C.
    """

    def __init__(
        self,
        embedding: WordEmbedding | OneHot,
        embedding_dropout: EmbeddingDropout,
        recurrent: Recurrent,
        dropout: float,
        tags: int,
    ) -> None:
        super().__init__()
        self.embedding = embedding
        self.embedding_dropout = embedding_dropout
        self.recurrent = recurrent
        self.dropout = dropout
        self.output = nn.Linear(recurrent.output_size, tags)

    def forward(self, ids: Tensor, lengths: Tensor) -> Tensor:
        """Return logits (B, T, C) for ids (B, T) of sentences with `lengths` (B,) words."""
        vectors = self.embedding_dropout(self.embedding(ids), ids)  # (B, T, E)
        outputs, _ = self.recurrent(vectors, lengths)  # (B, T, D*H)
        return self.output(F.dropout(outputs, self.dropout, self.training))  # type: ignore[no-any-return]
