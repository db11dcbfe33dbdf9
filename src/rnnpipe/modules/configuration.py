"""From the parameters of a run to the plain description of its network."""

from __future__ import annotations

from typing import Literal

from rnnpipe.networks.build import NetworkConfig
from rnnpipe.params import LanguageModelRun, Run, SentimentRun

Task = Literal["language_model", "sentiment", "ner"]


def network_config(
    task: Task, run: Run, vocabulary_size: int, embedding_dimension: int, outputs: int, one_hot: bool = False
) -> NetworkConfig:
    """Describe the network of a run.

    Parameters
    ----------
    task : {"language_model", "sentiment", "ner"}
    run : Run
        Of this task.
    vocabulary_size, embedding_dimension : int
        V and E.
    outputs : int
        Words, labels or tags to choose from.
    one_hot : bool, default=False
        Words are one-hot vectors, E = V.
    """
    return NetworkConfig(
        task=task,
        cell=run.cell,
        hidden=run.hidden,
        vocabulary_size=vocabulary_size,
        embedding_dimension=embedding_dimension,
        outputs=outputs,
        layers=run.layers,
        bidirectional=run.bidirectional,
        initialisation=run.initialisation,
        dropout=run.dropout,
        embedding_dropout=run.embedding_dropout,
        one_hot=one_hot,
        tuned=run.tuned,
        pooling=run.pooling if isinstance(run, SentimentRun) else "last",
        tied=run.tied if isinstance(run, LanguageModelRun) else False,
    )
