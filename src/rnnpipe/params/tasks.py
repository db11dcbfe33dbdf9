"""Parameters of the recurrent networks: language model, sentiment, named entities."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from rnnpipe.params.base import Count, Name, Rate, Share, Strict

Cell = Literal["rnn", "gru_simple", "gru", "lstm", "gru_fused"]
Initialisation = Literal["default", "orthogonal"]


class Run(Strict):
    """A recurrent network and how it is trained; each task adds its own fields."""

    corpus: Name
    embedding: Name
    tuned: bool = True
    """Whether the embedding's vectors are trained further; False: frozen."""
    cell: Cell
    hidden: Count = 64
    """Numbers in the hidden state of one layer and direction."""
    layers: Count = 1
    bidirectional: bool = False
    initialisation: Initialisation = "default"
    """Recurrent matrices: `default`, uniform in ±1/sqrt(hidden) as in torch.nn, or `orthogonal`."""
    embedding_dropout: Share = 0.0
    dropout: Share = 0.0
    """Between layers and before the output layer."""
    learning_rate: Rate = 0.001
    schedule: Literal["constant", "one_cycle"] = "constant"
    batch_size: Count = 64
    """Documents in a batch, on average; where every word is predicted all batches hold equally many words. Of a stream: rows."""
    epochs: Count = 5
    """Most epochs; early stopping may end before."""
    patience: Count | None = None
    """Epochs without a better validation loss before training stops; None: never."""
    clip: Rate | None = 1.0
    """Largest norm of the gradient; None: not clipped."""
    weight_decay: Annotated[float, Field(ge=0)] = 0.0
    devices: Count | Literal["auto"] = "auto"
    """Processes that share each batch; `auto`: one on a CPU, else all GPUs."""
    seed: int = 1


class LanguageModelRun(Run):
    """Next-word prediction. A language model reads from left to right, so `bidirectional` must stay false."""

    batching: Literal["sentences", "stream"] = "sentences"
    """`sentences`: each document on its own, from a zero state; `stream`: one after the other, the state carried on."""
    bptt: Count = 35
    """Length of a window of the stream, in tokens."""
    tied: bool = False
    """Output matrix = embedding matrix; needs hidden = dimension of the embedding."""

    @model_validator(mode="after")
    def _one_direction(self) -> LanguageModelRun:
        if self.bidirectional:
            raise ValueError("bidirectional: a language model may not see the words that it predicts")
        return self


class SentimentRun(Run):
    """One label for a whole text."""

    max_length: Count | None = None
    """Only the last so many words are read (the lecture's T); None: all."""
    pooling: Literal["last", "mean", "max"] = "last"


class NerRun(Run):
    """One tag for each word."""


class LongTermRun(Strict):
    """One cell, trained at each learning rate with each seed; the best rate is chosen on the validation split."""

    corpus: Name
    cell: Cell
    initialisation: Initialisation = "default"
    embedding_dimension: Count = 32
    hidden: Count = 64
    learning_rates: tuple[Rate, ...]
    seeds: tuple[int, ...]
    schedule: Literal["constant", "one_cycle"] = "constant"
    batch_size: Count = 64
    epochs: Count = 5
    clip: Rate | None = 1.0

    def trial(self, learning_rate: float, seed: int) -> LanguageModelRun:
        """Return the run of a language model that one rate and one seed make; its word vectors start at random."""
        shared = self.model_dump(exclude={"embedding_dimension", "learning_rates", "seeds"})
        return LanguageModelRun(**shared, embedding="random", devices=1, learning_rate=learning_rate, seed=seed)
