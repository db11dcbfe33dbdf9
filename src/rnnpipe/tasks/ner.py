"""One tag for each word: named entities, or any other spans."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import torch
from torch import Tensor

from rnnpipe.batches.batch import IGNORED, Batch, Batches, tagging_batch
from rnnpipe.batches.plans import batch_plan, sorted_plan
from rnnpipe.common.errors import RnnpipeError
from rnnpipe.heads.crf import Crf
from rnnpipe.heads.head import Head
from rnnpipe.heads.softmax import Softmax
from rnnpipe.heads.tag_schemes import borders
from rnnpipe.params import NerRun, Network
from rnnpipe.tasks.task import Task
from rnnpipe.text.encoded import EncodedCorpus


class NamedEntities(Task):
    """Tagging in IOB2: tag 0 is O, then B and I of each type in turn (`rnnpipe.text.encode.iob2_tags`)."""

    name = "ner"
    network = Network
    heads = {"softmax": Softmax, "crf": Crf}

    def outputs(self, corpus: EncodedCorpus) -> int:
        """Return the number of tags."""
        return len(corpus.meta["tags"])

    def batches(self, corpus: EncodedCorpus, run: NerRun, seed: int) -> tuple[Batches, Batches]:
        """Return batches of sentences."""
        train, valid = corpus.split("train"), corpus.split("valid")
        if train.tags is None:
            raise RnnpipeError(f"{corpus.directory}: a corpus without tags; named entities need the format 'columns'")
        size = run.trainer.batch_size
        by_length = sorted_plan(valid.lengths, size)
        return (
            Batches(partial(batch_plan, train.lengths, size, seed, equal="words"), partial(tagging_batch, train), len(train.ids)),
            Batches(lambda epoch: by_length, partial(tagging_batch, valid), len(valid.ids)),
        )

    def counts(self, head: Head, states: Tensor, batch: Batch) -> Tensor:
        """Return words and those with the right tag, then spans that there are, were predicted, and both: (5,)."""
        predicted = head.decode(states, batch.lengths)
        kept = batch.targets != IGNORED
        correct = (predicted == batch.targets) & kept
        return torch.cat([torch.stack([kept.sum(), correct.sum()]), span_counts(batch.targets, predicted)])

    def scores(self, loss: float, counts: Sequence[float]) -> dict[str, float]:
        """Accuracy in percent of the words, and F1 of the spans in percent, as conlleval counts them."""
        words, correct, actual, predicted, both = counts
        return {"accuracy": 100 * correct / max(words, 1), "f1": 100 * 2 * both / max(actual + predicted, 1)}


def span_counts(actual: Tensor, predicted: Tensor) -> Tensor:
    """Count spans by conlleval's rules, on whichever device the tags are: they choose the epoch that is kept.

    The evaluation's own count on names of tags is `rnnpipe.metrics.spans`; a test holds the two together.

    Parameters
    ----------
    actual : Tensor of shape (B, T), dtype=int64
        Tags; `IGNORED` behind a sentence's end.
    predicted : Tensor of shape (B, T), dtype=int64
        Anything behind a sentence's end.

    Returns
    -------
    Tensor of shape (3,), dtype=int64
        Actual spans, predicted spans, and those that are both.
    """
    inside = actual != IGNORED
    begins, ends, types = _spans(actual.where(inside, 0))
    own_begins, own_ends, own_types = _spans(predicted.where(inside, 0))
    both = begins & own_begins & (types == own_types) & (ends == own_ends)
    return torch.stack([begins.sum(), own_begins.sum(), both.sum()])


def _spans(tags: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Return where spans begin (B, T), the last position of the span that each position is in or before, and types (0: O)."""
    begins, last, types = borders(tags)
    steps = torch.arange(tags.shape[1], device=tags.device).expand_as(tags)
    ends = steps.where(last, tags.shape[1]).flip(1).cummin(dim=1).values.flip(1)
    return begins, ends, types
