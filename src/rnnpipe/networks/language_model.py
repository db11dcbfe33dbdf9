"""P(next word | words so far)."""

from torch import Tensor, nn
from torch.nn import functional as F

from rnnpipe.layers.embedding import OneHot, WordEmbedding
from rnnpipe.layers.embedding_dropout import EmbeddingDropout
from rnnpipe.layers.recurrent import Recurrent


class LanguageModelNetwork(nn.Module):
    """Embedding, recurrent layers, and a softmax over the vocabulary at every step (many to many).

    Parameters
    ----------
    embedding : WordEmbedding or OneHot
        Of V words.
    embedding_dropout : EmbeddingDropout
        Of the same V words.
    recurrent : Recurrent
        One direction: the network may not see what it predicts.
    dropout : float in [0, 1)
        Share of the outputs of the last recurrent layer that are dropped in training.
    vocabulary_size : int
        V.
    tied : bool, default=False
        Use the embedding's matrix as the output's (Press & Wolf 2017); needs H = E.
    """

    def __init__(
        self,
        embedding: WordEmbedding | OneHot,
        embedding_dropout: EmbeddingDropout,
        recurrent: Recurrent,
        dropout: float,
        vocabulary_size: int,
        tied: bool = False,
    ) -> None:
        super().__init__()
        self.embedding = embedding
        self.embedding_dropout = embedding_dropout
        self.recurrent = recurrent
        self.dropout = dropout
        self.output = nn.Linear(recurrent.output_size, vocabulary_size)
        if tied and isinstance(embedding, WordEmbedding):
            self.output.weight = embedding.weight

    def forward(self, ids: Tensor, lengths: Tensor, state: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """Score each word as the next one.

        Parameters
        ----------
        ids : Tensor of shape (B, T), dtype=int64
            Words so far; the first one is `<eos>`, or the last word of the window before.
        lengths : Tensor of shape (B,), dtype=int64
            Words of each sequence, in [0, T].
        state : Tensor, optional
            What the call for the window before returned, `.detach()`ed; None: zero. See `Recurrent.forward`.

        Returns
        -------
        tuple of Tensor
            Logits (B, T, V) of the word after each one, and the state for the next window.
        """
        vectors = self.embedding_dropout(self.embedding(ids), ids)  # (B, T, E)
        outputs, state = self.recurrent(vectors, lengths, state)  # (B, T, H)
        return self.output(F.dropout(outputs, self.dropout, self.training)), state
