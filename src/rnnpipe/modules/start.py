"""The network that a training starts from."""

from __future__ import annotations

from pathlib import Path

import torch

from rnnpipe.common.files import read_json
from rnnpipe.embeddings.vectors import embedding_matrix
from rnnpipe.layers.embedding import WordEmbedding
from rnnpipe.modules.configuration import Task, network_config
from rnnpipe.networks.build import Network, NetworkConfig, build_network
from rnnpipe.params import Run
from rnnpipe.text.vocabulary import Vocabulary


def starting_network(
    task: Task,
    run: Run,
    vocabulary: Vocabulary,
    outputs: int,
    embedding: Path,
    seed: int,
) -> tuple[Network, NetworkConfig, float]:
    """Build a run's network with the word vectors of an embedding in it.

    Parameters
    ----------
    task : {"language_model", "sentiment", "ner"}
    run : Run
        Of this task.
    vocabulary : Vocabulary
        Of the corpus.
    outputs : int
        Words, labels or tags to choose from.
    embedding : Path
        An `embeddings/<name>`.
    seed : int
        Decides all weights that are not given by the embedding.

    Returns
    -------
    network : Network
    config : NetworkConfig
        What the network was built from.
    coverage : float
        Words of the vocabulary with a vector of their own, in percent.
    """
    one_hot = read_json(embedding / "config.json")["kind"] == "one_hot"
    # One-hot vectors of a large vocabulary are not made as a matrix: V² numbers.
    matrix, coverage = (None, 100.0) if one_hot else embedding_matrix(embedding, vocabulary, seed)
    dimension = len(vocabulary) if matrix is None else matrix.shape[1]
    config = network_config(task, run, len(vocabulary), dimension, outputs, one_hot)
    torch.manual_seed(seed)
    network = build_network(config)
    if matrix is not None and isinstance(network.embedding, WordEmbedding):
        network.embedding.fill(torch.from_numpy(matrix))
    return network, config, coverage
