"""The model that a training starts from."""

from __future__ import annotations

from pathlib import Path

import torch

from rnnpipe.embeddings.matrix import embedding_matrix
from rnnpipe.embeddings.vectors import read_config
from rnnpipe.layers.embedding import WordEmbedding
from rnnpipe.models.build import Sizes, build_model
from rnnpipe.models.model import Model
from rnnpipe.params import Run
from rnnpipe.tasks.task import Task
from rnnpipe.text.encoded import EncodedCorpus


def starting_model(task: Task, run: Run, corpus: EncodedCorpus, embedding: Path, seed: int) -> tuple[Model, Sizes, float]:
    """Build a run's model with the word vectors of an embedding in it.

    Parameters
    ----------
    task : Task
    run : Run
        Of this task.
    corpus : EncodedCorpus
        What it is going to be trained on.
    embedding : Path
        An `embeddings/<name>`.
    seed : int
        Decides all weights that are not given by the embedding.

    Returns
    -------
    model : Model
    sizes : Sizes
        What it was built with.
    coverage : float
        Words of the vocabulary with a vector of their own, in percent.
    """
    vocabulary, states = corpus.vocabulary, corpus.split("train").states
    one_hot = read_config(embedding)["kind"] == "one_hot"
    # One-hot vectors of a large vocabulary are not made as a matrix: V² numbers.
    matrix, coverage = (None, 100.0) if one_hot else embedding_matrix(embedding, vocabulary, seed)
    sizes = Sizes(
        vocabulary_size=len(vocabulary),
        embedding_dimension=len(vocabulary) if matrix is None else matrix.shape[1],
        outputs=task.outputs(corpus),
        one_hot=one_hot,
        documents=corpus.meta["splits"]["train"]["documents"],
        features={name: len(values) for name, values in corpus.meta["features"].items()},
        context=0 if states is None else states.shape[1],
    )
    torch.manual_seed(seed)
    model = build_model(run.network, sizes, task.head_of(run.network), task.output_counts(vocabulary, sizes))
    if matrix is not None and isinstance(model.encoder.embedding, WordEmbedding):
        model.encoder.embedding.fill(torch.from_numpy(matrix))
    model.encoder.unknown_words = task.unknown_words(run.network, vocabulary)
    return model, sizes, coverage
