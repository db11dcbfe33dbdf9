"""Next-word prediction: documents on their own, or one stream with the state carried on."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import partial

from rnnpipe.batches.batch import Batches, sentence_batch
from rnnpipe.batches.plans import batch_plan, sorted_plan
from rnnpipe.batches.streams import StreamWindows, stream
from rnnpipe.heads.adaptive import AdaptiveSoftmax
from rnnpipe.heads.head import Counts
from rnnpipe.heads.hierarchical import HierarchicalSoftmax
from rnnpipe.heads.negative_sampling import NegativeSampling
from rnnpipe.heads.softmax import Softmax
from rnnpipe.models.build import Sizes
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
        size = run.trainer.batch_size
        if run.batching == "stream":
            return _windows(train, size, run.bptt), _windows(valid, size, run.bptt)
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

    def scores(self, loss: float, counts: Sequence[float]) -> dict[str, float]:
        """Perplexity: e to the mean loss of a token, `<eos>` included."""
        return {"perplexity": math.exp(min(loss, 700.0))}


def _windows(split: EncodedSplit, batch_size: int, bptt: int) -> Batches:
    windows = StreamWindows(stream(split), batch_size, bptt)
    return Batches(lambda epoch: range(len(windows)), windows.window, _predictions(split))


def _predictions(split: EncodedSplit) -> int:
    """Every word and one `<eos>` a document."""
    return len(split.ids) + len(split)
