"""Next-word prediction: documents on their own, or one stream with the state carried on."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import partial

from torch import Tensor

from rnnpipe.batches.batch import IGNORED, Batch, Batches, sentence_batch
from rnnpipe.batches.plans import batch_plan, sorted_plan
from rnnpipe.batches.streams import StreamWindows, stream
from rnnpipe.heads.adaptive import AdaptiveSoftmax
from rnnpipe.heads.head import Counts
from rnnpipe.heads.hierarchical import HierarchicalSoftmax
from rnnpipe.heads.mixture import Mixture
from rnnpipe.heads.negative_sampling import NegativeSampling
from rnnpipe.heads.softmax import Softmax
from rnnpipe.layers.activation_regularisation import activation, temporal_activation
from rnnpipe.models.build import Sizes
from rnnpipe.models.model import Read
from rnnpipe.params import LanguageModelNetwork, LanguageModelRun
from rnnpipe.tasks.task import Task
from rnnpipe.text.encoded import EncodedCorpus, EncodedSplit
from rnnpipe.text.vocabulary import EOS, Vocabulary


class LanguageModel(Task):
    """P(next word | words so far)."""

    name = "language_model"
    network = LanguageModelNetwork
    heads = {
        "softmax": Softmax,
        "mixture": Mixture,
        "adaptive": AdaptiveSoftmax,
        "hierarchical": HierarchicalSoftmax,
        "negative_sampling": NegativeSampling,
    }

    def outputs(self, corpus: EncodedCorpus) -> int:
        """Return V."""
        return len(corpus.vocabulary)

    def output_counts(self, vocabulary: Vocabulary, sizes: Sizes) -> Counts:
        """Return the vocabulary's counts, with one `<eos>` a document."""
        counts = vocabulary.count_array()
        counts[EOS] = sizes.documents
        return counts

    def batches(self, corpus: EncodedCorpus, run: LanguageModelRun, seed: int) -> tuple[Batches, Batches]:
        """Return batches of sentences, or the windows of the stream, which has only one order."""
        train, valid = corpus.split("train"), corpus.split("valid")
        if run.direction == "backward":
            train, valid = train.backward(), valid.backward()
        size = run.trainer.batch_size
        if run.batching == "stream":
            return _windows(train, size, run.bptt, run.bptt_spread, seed), _windows(valid, size, run.bptt)
        by_length = sorted_plan(valid.lengths, size)
        return (
            Batches(
                partial(batch_plan, train.lengths + 1, size, seed, equal="words"),
                partial(sentence_batch, train),
                _predictions(train),
            ),
            Batches(lambda epoch: by_length, partial(sentence_batch, valid), _predictions(valid)),
        )

    def is_carried(self, run: LanguageModelRun) -> bool:
        """Tell whether the run reads a stream."""
        return run.batching == "stream"

    def rate_scale(self, run: LanguageModelRun, batch: Batch) -> float:
        """Return the window's length over `bptt` where lengths are drawn: else words of short windows would count for more."""
        return batch.ids.shape[1] / run.bptt if run.bptt_spread else 1.0

    def penalty(self, run: LanguageModelRun, read: Read, batch: Batch) -> Tensor | float:
        """Return AR and TAR (Merity et al. 2017), where the run has them."""
        alpha, beta = run.activation_regularisation, run.temporal_regularisation
        kept = batch.targets != IGNORED
        added = alpha * activation(read.dropped, kept) if alpha else 0.0
        return added + beta * temporal_activation(read.outputs, kept) if beta else added

    def scores(self, loss: float, counts: Sequence[float]) -> dict[str, float]:
        """Perplexity: e to the mean loss of a token, `<eos>` included."""
        return {"perplexity": math.exp(min(loss, 700.0))}


def _windows(split: EncodedSplit, batch_size: int, bptt: int, spread: float = 0.0, seed: int = 0) -> Batches:
    windows = StreamWindows(stream(split), batch_size, bptt)
    if spread:
        return Batches(partial(windows.drawn, spread, seed), lambda edges: windows.between(*edges), _predictions(split))
    return Batches(lambda epoch: range(len(windows)), windows.window, _predictions(split))


def _predictions(split: EncodedSplit) -> int:
    """Every word and one `<eos>` a document."""
    return len(split.ids) + len(split)
