"""One tag for each word: named entities, or any other spans."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from rnnpipe.batches.batch import IGNORED, Batch, Batches
from rnnpipe.batches.plans import article_plan, batch_plan, sorted_plan
from rnnpipe.batches.tagging import tagger_batches
from rnnpipe.common.errors import RnnpipeError
from rnnpipe.embeddings.matrix import context_of, with_words_of
from rnnpipe.heads.crf import Crf
from rnnpipe.heads.head import Head
from rnnpipe.heads.softmax import Softmax
from rnnpipe.heads.tag_schemes import borders
from rnnpipe.layers.unknown_words import UnknownWords
from rnnpipe.params import NerNetwork, NerRun
from rnnpipe.tasks.task import Task
from rnnpipe.text.encoded import EncodedCorpus
from rnnpipe.text.vocabulary import UNK, Vocabulary
from rnnpipe.text.word_forms import Lexicon


class NamedEntities(Task):
    """Tagging in IOB2: tag 0 is O, then B and I of each type in turn (`rnnpipe.text.encode.iob2_tags`)."""

    name = "ner"
    network = NerNetwork
    heads = {"softmax": Softmax, "crf": Crf}

    def outputs(self, corpus: EncodedCorpus) -> int:
        """Return the number of tags."""
        return len(corpus.meta["tags"])

    def batches(self, corpus: EncodedCorpus, run: NerRun, seed: int) -> tuple[Batches, Batches]:
        """Return batches of sentences, or of whole articles."""
        train, valid = corpus.split("train"), corpus.split("valid")
        if train.tags is None:
            raise RnnpipeError(f"{corpus.directory}: a corpus without tags; named entities need the format 'columns'")
        size, in_articles = run.trainer.batch_size, run.context == "article"
        makes = [tagger_batches(split, corpus.vocabulary, run.network, in_articles) for split in (train, valid)]
        if in_articles:
            plan = partial(article_plan, _articles(corpus, "train"), train.lengths, size, seed)
            in_order = article_plan(_articles(corpus, "valid"), valid.lengths, size)
        else:
            plan = partial(batch_plan, train.lengths, size, seed, equal="words")
            in_order = sorted_plan(valid.lengths, size)
        return Batches(plan, makes[0], len(train.ids)), Batches(lambda epoch: in_order, makes[1], len(valid.ids))

    def corpus(self, run: NerRun, corpus: EncodedCorpus, embedding: Path) -> EncodedCorpus:
        """Return the corpus with the words and states that only the embedding knows, if the network is to read them.

        Raises
        ------
        RnnpipeError
            It is to read states, and the embedding has none.
        """
        if run.network.vectors == "all":
            corpus = replace(corpus, vocabulary=with_words_of(embedding, corpus.vocabulary))
        return replace(corpus, context=context_of(embedding)) if run.network.contextual else corpus

    def unknown_words(self, network: NerNetwork, vocabulary: Vocabulary) -> UnknownWords | None:
        """Return what reads singletons and other words as `<unk>` in training."""
        if not network.unknown_words and not network.unknown_singletons:
            return None
        counts = Lexicon(vocabulary).counts() if network.words == "folded" else vocabulary.count_array()
        singletons = torch.from_numpy(counts) == 1
        return UnknownWords(torch.where(singletons, network.unknown_singletons, network.unknown_words), UNK)

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


def _articles(corpus: EncodedCorpus, split: str) -> NDArray[np.integer[Any]]:
    articles = corpus.split(split).articles
    if articles is None or len(articles) == 0 or articles[0] == articles[-1]:
        told = f"{corpus.directory}: its split {split!r} is one article, without a -DOCSTART- line between sentences"
        raise RnnpipeError(f"{told}; put such lines into its file, or set context: sentence")
    return articles


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
