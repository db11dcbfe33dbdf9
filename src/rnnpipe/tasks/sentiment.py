"""One label for a whole text."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
import torch
from torch import Tensor

from rnnpipe.batches.batch import IGNORED, Batch, Batches, classification_batch, slices
from rnnpipe.batches.plans import Rows, batch_plan, sorted_plan
from rnnpipe.common.errors import RnnpipeError
from rnnpipe.heads.head import Head
from rnnpipe.heads.softmax import Softmax
from rnnpipe.params import SentimentNetwork, SentimentRun
from rnnpipe.tasks.task import Task
from rnnpipe.text.encoded import EncodedCorpus, EncodedSplit


class Sentiment(Task):
    """Classification of documents."""

    name = "sentiment"
    network = SentimentNetwork
    heads = {"softmax": Softmax}

    def outputs(self, corpus: EncodedCorpus) -> int:
        """Return the number of labels."""
        return len(corpus.meta["labels"])

    def batches(self, corpus: EncodedCorpus, run: SentimentRun, seed: int) -> tuple[Batches, Batches]:
        """Return batches of the labelled documents, of each the last `max_length` words."""
        train, valid = corpus.split("train"), corpus.split("valid")
        rows, valid_rows = _labelled(corpus, train, "train"), _labelled(corpus, valid, "valid")
        size, longest = run.trainer.batch_size, run.max_length
        lengths, valid_lengths = slices(train, rows, longest)[1], slices(valid, valid_rows, longest)[1]
        by_length = [valid_rows[entry] for entry in sorted_plan(valid_lengths, size)]
        return (
            Batches(
                lambda epoch: [rows[entry] for entry in batch_plan(lengths, size, seed, epoch)],
                partial(classification_batch, train, max_length=longest),
                int(lengths.sum()),
            ),
            Batches(lambda epoch: by_length, partial(classification_batch, valid, max_length=longest), int(valid_lengths.sum())),
        )

    def counts(self, head: Head, states: Tensor, batch: Batch) -> Tensor:
        """Return the confusion table, row = actual label, flattened: (C * C,)."""
        kept = batch.targets != IGNORED
        predicted = head.decode(states, batch.lengths)[kept]
        cells = batch.targets[kept] * head.outputs + predicted
        return torch.bincount(cells, minlength=head.outputs**2)

    def scores(self, loss: float, counts: Sequence[float]) -> dict[str, float]:
        """Accuracy in percent of the texts, and the mean F1 of the labels that occur or were predicted, in percent."""
        table = np.array(counts).reshape(-1, int(len(counts) ** 0.5))
        correct, marginals = np.diag(table), table.sum(axis=0) + table.sum(axis=1)
        f1 = 2 * correct[marginals > 0] / marginals[marginals > 0]
        return {"accuracy": 100 * correct.sum() / max(table.sum(), 1), "macro_f1": 100 * f1.mean() if len(f1) else 0.0}


def _labelled(corpus: EncodedCorpus, split: EncodedSplit, name: str) -> Rows:
    if split.labels is None or not (split.labels >= 0).any():
        raise RnnpipeError(f"{corpus.directory}: split {name!r} holds no labelled text; sentiment needs a corpus with labels")
    return np.flatnonzero(split.labels >= 0)
