"""Batches for tagging every word of a sentence."""

from __future__ import annotations

from functools import partial

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.datamodules.planned import Batches, PlannedDataModule
from rnnpipe.text.batches import batch_plan, sorted_plan, tagging_batch
from rnnpipe.text.encoded import EncodedCorpus


class NerData(PlannedDataModule):
    """The sentences of the splits `train` and `valid` of a corpus of the format `columns`.

    Parameters
    ----------
    corpus : EncodedCorpus
        Each word has a tag.
    batch_size : int
        Sentences in a batch of all processes together.
    seed : int
        Decides the order of the sentences.

    Raises
    ------
    RnnpipeError
        The corpus has no tags.
    """

    def __init__(self, corpus: EncodedCorpus, batch_size: int, seed: int) -> None:
        train, valid = corpus.split("train"), corpus.split("valid")
        if train.tags is None:
            raise RnnpipeError(f"{corpus.directory}: a corpus without tags; named entities need the format 'columns'")
        shuffled = partial(batch_plan, train.lengths, batch_size, seed, equal="words")
        by_length = sorted_plan(valid.lengths, batch_size)
        super().__init__(
            Batches(shuffled, partial(tagging_batch, train), len(train.ids)),
            Batches(lambda epoch: by_length, partial(tagging_batch, valid), len(valid.ids)),
            seed,
        )
