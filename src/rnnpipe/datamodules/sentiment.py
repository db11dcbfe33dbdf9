"""Batches for classification of whole texts."""

from __future__ import annotations

from functools import partial

import numpy as np

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.datamodules.planned import Batches, PlannedDataModule
from rnnpipe.text.batches import Rows, batch_plan, classification_batch, slices, sorted_plan
from rnnpipe.text.encoded import EncodedCorpus, EncodedSplit


class SentimentData(PlannedDataModule):
    """The labelled documents of the splits `train` and `valid` of a corpus.

    Parameters
    ----------
    corpus : EncodedCorpus
        Of the format `labelled`; documents without label are passed over.
    batch_size : int
        Documents in a batch of all processes together.
    seed : int
        Decides the order of the documents.
    max_length : int or None
        Only the last so many words of a document are read; None: all.

    Raises
    ------
    RnnpipeError
        A split holds no labelled document.
    """

    def __init__(self, corpus: EncodedCorpus, batch_size: int, seed: int, max_length: int | None = None) -> None:
        train, valid = corpus.split("train"), corpus.split("valid")
        rows, valid_rows = _labelled(corpus, train, "train"), _labelled(corpus, valid, "valid")
        lengths, valid_lengths = slices(train, rows, max_length)[1], slices(valid, valid_rows, max_length)[1]
        by_length = [valid_rows[entry] for entry in sorted_plan(valid_lengths, batch_size)]
        super().__init__(
            Batches(
                lambda epoch: [rows[entry] for entry in batch_plan(lengths, batch_size, seed, epoch)],
                partial(classification_batch, train, max_length=max_length),
                int(lengths.sum()),
            ),
            Batches(
                lambda epoch: by_length,
                partial(classification_batch, valid, max_length=max_length),
                int(valid_lengths.sum()),
            ),
            seed,
        )


def _labelled(corpus: EncodedCorpus, split: EncodedSplit, name: str) -> Rows:
    if split.labels is None or not (split.labels >= 0).any():
        raise RnnpipeError(f"{corpus.directory}: split {name!r} holds no labelled text; sentiment needs a corpus with labels")
    return np.flatnonzero(split.labels >= 0)
