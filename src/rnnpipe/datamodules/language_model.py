"""Batches for language models: documents on their own, or one stream with the state carried on."""

from __future__ import annotations

from functools import partial
from typing import Literal

from rnnpipe.datamodules.planned import Batches, PlannedDataModule
from rnnpipe.text.batches import batch_plan, sentence_batch, sorted_plan
from rnnpipe.text.encoded import EncodedCorpus, EncodedSplit
from rnnpipe.text.streams import StreamWindows, stream


class LanguageModelData(PlannedDataModule):
    """The splits `train` and `valid` of a corpus, for next-word prediction.

    Parameters
    ----------
    corpus : EncodedCorpus
        Labels and tags are passed over.
    batch_size : int
        Documents, or rows of the stream, in a batch of all processes together.
    seed : int
        Decides the order of the documents; a stream has only one order.
    batching : {"sentences", "stream"}
        See `LanguageModelRun.batching`.
    bptt : int
        Length of a window of the stream.
    """

    def __init__(
        self, corpus: EncodedCorpus, batch_size: int, seed: int, batching: Literal["sentences", "stream"], bptt: int
    ) -> None:
        train, valid = corpus.split("train"), corpus.split("valid")
        if batching == "stream":
            super().__init__(_windows(train, batch_size, bptt), _windows(valid, batch_size, bptt), seed)
            return
        shuffled = partial(batch_plan, train.lengths + 1, batch_size, seed, equal="words")
        by_length = sorted_plan(valid.lengths, batch_size)
        super().__init__(
            Batches(shuffled, partial(sentence_batch, train), _predictions(train)),
            Batches(lambda epoch: by_length, partial(sentence_batch, valid), _predictions(valid)),
            seed,
        )


def _windows(split: EncodedSplit, batch_size: int, bptt: int) -> Batches:
    windows = StreamWindows(stream(split), batch_size, bptt)
    return Batches(lambda epoch: range(len(windows)), windows.window, _predictions(split))


def _predictions(split: EncodedSplit) -> int:
    """Every word and one `<eos>` a document."""
    return len(split.ids) + len(split)
