"""Word vectors on disk and in memory: what every embedding stage writes and every task reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load_file, save_file

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.common.files import read_json, write_json
from rnnpipe.text.vocabulary import EOS, RESERVED, UNK, Vocabulary

Matrix = NDArray[np.float32]

DECLARED = ("random", "one_hot")
"""Kinds of embeddings that hold no vectors: they are made for the vocabulary of the task."""


CONTEXT = "context"
"""Folder of an embedding: `<split>.npy`, the states of language models at the words of a corpus, and a folder of each model."""


@dataclass(frozen=True)
class WordVectors:
    """A vector for each word of a vocabulary."""

    vectors: Matrix
    """Shape (V, E); row of `<pad>` zero, rows of `<unk>` and `<eos>` the mean of all words' vectors (see `complete`)."""
    vocabulary: Vocabulary
    config: dict[str, Any]
    """What the vectors are: `kind`, `dimension`, and the parameters they were made with."""

    @cached_property
    def unit(self) -> Matrix:
        """The vectors at length 1, shape (V, E); a zero vector stays zero."""
        lengths = np.linalg.norm(self.vectors, axis=1, keepdims=True)
        return (self.vectors / np.where(lengths > 0, lengths, 1)).astype(np.float32)

    def find(self, word: str) -> int | None:
        """Return the row of a word as written, else in lower case, else None; reserved tokens are no words."""
        for form in (word, word.lower()):
            row = self.vocabulary.ids.get(form)
            if row is not None and row >= len(RESERVED):
                return row
        return None

    def cosine(self, first: str, second: str) -> float | None:
        """Return the cosine between two words, in [-1, 1]; None where one of them has no vector."""
        rows = self.find(first), self.find(second)
        if rows[0] is None or rows[1] is None:
            return None
        return float(self.unit[rows[0]] @ self.unit[rows[1]])

    def neighbours(self, word: str, k: int = 10) -> list[tuple[str, float]]:
        """Return the `k` nearest words with their cosines, nearest first, equal ones in the order of the vocabulary.

        Raises
        ------
        RnnpipeError
            The word has no vector.
        """
        row = self.find(word)
        if row is None:
            raise RnnpipeError(f"{word!r}: no such word among the {len(self.vocabulary) - len(RESERVED)} of these vectors")
        cosines = self.unit @ self.unit[row]  # (V,)
        order = np.argsort(-cosines, kind="stable")
        nearest = [int(other) for other in order if other >= len(RESERVED) and other != row][:k]
        return [(self.vocabulary.tokens[other], float(cosines[other])) for other in nearest]


def complete(words: NDArray[np.floating[Any]]) -> Matrix:
    """Put the rows of the reserved tokens before the vectors of words.

    One rule for all embeddings, trained or imported: padding is zero; `<unk>` and `<eos>` are the mean of all words, so that
    an unknown word says nothing in particular.

    Parameters
    ----------
    words : ndarray of shape (V - 3, E)
        Vectors of the words, without reserved tokens.

    Returns
    -------
    ndarray of shape (V, E), dtype=float32
    """
    rounded = words.astype(np.float32)  # before the mean, so that vectors that are exported and imported have the same mean
    reserved = np.zeros((len(RESERVED), words.shape[1]), dtype=np.float32)
    reserved[[UNK, EOS]] = rounded.mean(axis=0, dtype=np.float64)
    return np.concatenate([reserved, rounded])


def subset(vocabulary: Vocabulary, kept: NDArray[np.bool_]) -> Vocabulary:
    """Return the vocabulary of the words that have a vector.

    Parameters
    ----------
    vocabulary : Vocabulary
    kept : ndarray of shape (V,), dtype=bool
        Words to keep; the reserved tokens stay in any case.
    """
    rows = [row for row in range(len(vocabulary)) if row < len(RESERVED) or kept[row]]
    return Vocabulary([vocabulary.tokens[row] for row in rows], [vocabulary.counts[row] for row in rows])


def save_vectors(
    directory: Path, vocabulary: Vocabulary, vectors: Matrix, config: Mapping[str, Any], parts: Mapping[str, Matrix] | None = None
) -> None:
    """Write `config.json`, `vocabulary.tsv` and `vectors.safetensors` into an existing directory.

    Parameters
    ----------
    directory : Path
    vocabulary : Vocabulary
        Of V tokens.
    vectors : ndarray of shape (V, E), dtype=float32
    config : mapping
        Plain data with `kind`; `dimension` is added.
    parts : mapping of str to ndarray of shape (V, any), default=None
        More tensors of the same file, such as GloVe's `word` and `context`, which are half as long as `vectors` made of both.
    """
    tensors = {"vectors": vectors, **(parts or {})}
    for name, tensor in tensors.items():
        if tensor.dtype != np.float32 or tensor.ndim != 2 or len(tensor) != len(vocabulary):
            raise ValueError(f"{name}: {tensor.dtype}{tensor.shape} does not fit a vocabulary of {len(vocabulary)}")
        if not np.isfinite(tensor).all():
            raise RnnpipeError(f"{directory.name}: the vectors hold NaN or infinity; train with a lower learning_rate")
    save_file({name: np.ascontiguousarray(tensor) for name, tensor in tensors.items()}, directory / "vectors.safetensors")
    vocabulary.save(directory / "vocabulary.tsv")
    write_json(directory / "config.json", {**config, "dimension": vectors.shape[1]})


def read_config(directory: Path) -> dict[str, Any]:
    """Return an embedding's `config.json`: its `kind`, its `dimension` unless it is one-hot, and how it was made.

    Raises
    ------
    RnnpipeError
        The file is missing, damaged, or the description of something else.
    """
    path = directory / "config.json"
    config = read_json(path)
    kind = config.get("kind") if isinstance(config, dict) else None
    if not isinstance(kind, str) or (kind != "one_hot" and not isinstance(config.get("dimension"), int)):
        raise RnnpipeError(f"{path}: not what an embedding says of itself (kind, dimension); run the stage that writes it again")
    return dict(config)


def load_vectors(directory: Path, part: str = "vectors") -> WordVectors:
    """Read what `save_vectors` wrote.

    Parameters
    ----------
    directory : Path
    part : str, default="vectors"
        Which tensor; GloVe also has `word` (e) and `context` (w, the lecture's theta). `dimension` is that of the part.

    Raises
    ------
    RnnpipeError
        A file is missing or damaged, or the embedding holds no such vectors.
    """
    config = read_config(directory)
    if config["kind"] in DECLARED:
        raise RnnpipeError(f"{directory}: a {config['kind']} embedding has no vectors of its own; name a trained one")
    path = directory / "vectors.safetensors"
    try:
        tensors = load_file(path)
    except (OSError, SafetensorError) as error:
        raise RnnpipeError(f"{path}: missing or damaged ({error}); run the stage that writes it again") from None
    if part not in tensors:
        raise RnnpipeError(f"{path}: no tensor {part!r}, but {', '.join(sorted(tensors))}")
    vocabulary = Vocabulary.from_file(directory / "vocabulary.tsv")
    if tensors["vectors"].shape != (len(vocabulary), config["dimension"]) or len(tensors[part]) != len(vocabulary):
        raise RnnpipeError(f"{path}: {tensors[part].shape} does not fit vocabulary.tsv and config.json; run its stage again")
    return WordVectors(tensors[part], vocabulary, {**config, "dimension": tensors[part].shape[1]})
