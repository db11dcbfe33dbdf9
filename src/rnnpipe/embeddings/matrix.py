"""What an embedding gives to a task: a vector for each token of its vocabulary, more words, states of language models."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.embeddings.vectors import CONTEXT, DECLARED, Matrix, load_vectors, read_config
from rnnpipe.text.vocabulary import PAD, RESERVED, UNK, Vocabulary


def embedding_matrix(directory: Path, vocabulary: Vocabulary, seed: int) -> tuple[Matrix, float]:
    """Return a vector for each token of a task's vocabulary, whatever the embedding is.

    Parameters
    ----------
    directory : Path
        An `embeddings/<name>`.
    vocabulary : Vocabulary
        Of V tokens.
    seed : int
        For `random` vectors.

    Returns
    -------
    matrix : ndarray of shape (V, E), dtype=float32
        `random`: normal with the standard deviation `scale` (1 where none is given), and zero for `<pad>`; `one_hot`: the
        identity, E = V; others: the vector of the same token, else of the token in small letters, else the mean vector (that of
        `<unk>`).
    coverage : float
        Words of the vocabulary with a vector of their own, in percent; 100 for `random` and `one_hot`.
    """
    config = read_config(directory)
    if config["kind"] == "one_hot":
        return np.eye(len(vocabulary), dtype=np.float32), 100.0
    if config["kind"] == "random":
        shape = len(vocabulary), config["dimension"]
        matrix = np.random.default_rng(seed).normal(0.0, config.get("scale", 1.0), shape).astype(np.float32)
        matrix[PAD] = 0
        return matrix, 100.0
    source = load_vectors(directory)
    found = [source.find(token) for token in vocabulary.tokens[len(RESERVED) :]]
    rows = np.array([*range(len(RESERVED)), *(UNK if row is None else row for row in found)])
    return source.vectors[rows], 100.0 * (1 - found.count(None) / len(found)) if found else 100.0


def with_words_of(directory: Path, vocabulary: Vocabulary) -> Vocabulary:
    """Return a vocabulary with the words behind its own that an embedding has vectors for: their ids follow, their counts are 0.

    `random` and `one_hot` vectors are of no words, and change nothing.
    """
    if read_config(directory)["kind"] in DECLARED:
        return vocabulary
    added = [token for token in load_vectors(directory).vocabulary.tokens if token not in vocabulary.ids]
    return Vocabulary([*vocabulary.tokens, *added], [*vocabulary.counts, *(0 for _ in added)])


def context_of(directory: Path) -> Path:
    """Return the folder of the language models' states that an embedding has; an `RnnpipeError` if it has none."""
    if not (directory / CONTEXT).is_dir():
        raise RnnpipeError(f"{directory}: has no states of language models; name an embedding of the section contextual")
    return directory / CONTEXT
