"""The word vectors that a network reads its texts by."""

from __future__ import annotations

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.embeddings.vectors import WordVectors
from rnnpipe.inference import TrainedModel
from rnnpipe.layers.embedding import OneHot


def input_vectors(trained: TrainedModel) -> WordVectors:
    """Return a network's own vectors, trained with it, or kept as they were pretrained where it does not train them.

    Raises
    ------
    RnnpipeError
        The network reads one-hot vectors, which say nothing of a word.
    """
    embedding = trained.model.encoder.embedding
    if isinstance(embedding, OneHot):
        name = f"{trained.config['task']}/{trained.config['run']}"
        raise RnnpipeError(f"{name}: reads one-hot vectors, which are all equally far apart; name another model")
    numbers = embedding.weight.detach().cpu().numpy()
    return WordVectors(numbers, trained.vocabulary, {"kind": "network", "dimension": numbers.shape[1]})
