"""Word2Vec (Mikolov et al. 2013a, 2013b) by gensim, fed with an encoded corpus.

`gensim.models.Word2Vec.train` is called batch by batch; which words are in a batch, and the learning rate of each, are as in
one call for all epochs. So the vectors are those of such a call to the bit, and losses are added up in float64 where gensim's
one float32 total swallows the terms of a long corpus: over 4.7 million words it came to 12.0 a word instead of 15.8.
The calls cost about a tenth more processor time than one call (skip-gram 17.4 s instead of 15.7 on these words).

Unknown words are left out before the window is laid, as in Google's program; `<unk>` gets the mean vector (`complete`).
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from copy import copy
from dataclasses import dataclass
from itertools import pairwise
from threading import Lock

import numpy as np
from gensim.models import Word2Vec
from numpy.typing import NDArray

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.embeddings.vectors import Matrix, complete, subset
from rnnpipe.params import Word2VecRun
from rnnpipe.text.encoded import EncodedSplit
from rnnpipe.text.vocabulary import RESERVED, Vocabulary

logger = logging.getLogger(__name__)

BATCH_WORDS = 10_000
"""Most words of a batch, and so of a sentence: gensim's compiled loops drop what goes beyond it without telling."""
LAST_LEARNING_RATE = 1e-4
"""What the learning rate falls to (gensim's and Google's default)."""

Batch = tuple[list[list[str]], float]
"""Sentences, and the learning rate for them."""


@dataclass(frozen=True)
class Word2VecFit:
    """Trained vectors of the words that occur."""

    vocabulary: Vocabulary
    vectors: Matrix
    """Shape (V, E)."""
    losses: list[float]
    """Of each epoch: loss summed over contexts and negatives, per word that subsampling kept."""


def train_word2vec(splits: Sequence[EncodedSplit], vocabulary: Vocabulary, run: Word2VecRun, seed: int) -> Word2VecFit:
    """Train vectors on the given splits, all epochs with one falling learning rate.

    Equal seeds give equal bytes with one worker on one kind of processor; several workers are faster, but write to the same
    vectors without waiting for each other (Hogwild), so that no two runs are equal.

    Raises
    ------
    RnnpipeError
        Fewer than two words of the vocabulary occur.
    """
    logging.getLogger("gensim").setLevel(logging.ERROR)
    counts = _counts(splits, len(vocabulary))
    frequencies = {vocabulary.tokens[row]: int(counts[row]) for row in np.flatnonzero(counts)}
    if len(frequencies) < 2:
        raise RnnpipeError(
            f"corpus {run.corpus}: {len(frequencies)} words of the vocabulary occur in {', '.join(run.splits)}; Word2Vec needs "
            f"at least 2: give it more text, or a larger vocabulary (corpora.{run.corpus}.vocabulary)"
        )
    model = Word2Vec(
        vector_size=run.dimension,
        window=run.window,
        sg=int(run.architecture == "skip_gram"),
        hs=int(run.negative == 0),
        negative=run.negative,
        ns_exponent=run.exponent,
        sample=run.subsample,
        min_count=1,
        seed=seed,
        workers=1,
    )
    model.lifecycle_events = None  # gensim would note each batch
    model.build_vocab_from_freq(frequencies)
    losses = []
    for epoch in range(run.epochs):
        losses.append(_train_epoch(model, _batches(splits, vocabulary, run, epoch), run.workers))
        logger.info("epoch %d of %d: loss %.4f", epoch + 1, run.epochs, losses[-1])
    vectors = model.wv.vectors[[model.wv.key_to_index[token] for token in frequencies]]
    return Word2VecFit(subset(vocabulary, counts > 0), complete(vectors), losses)


def _counts(splits: Sequence[EncodedSplit], vocabulary_size: int) -> NDArray[np.int64]:
    """Return the occurrences of each word, shape (V,), reserved tokens 0."""
    counts = np.zeros(vocabulary_size, dtype=np.int64)
    for split in splits:
        counts += np.bincount(split.ids, minlength=vocabulary_size)
    counts[: len(RESERVED)] = 0
    return counts


def _batches(splits: Sequence[EncodedSplit], vocabulary: Vocabulary, run: Word2VecRun, epoch: int) -> Iterator[Batch]:
    """Yield the batches of one epoch; the learning rate falls with the words read, known or not."""
    total, done = run.epochs * sum(len(split.ids) for split in splits), epoch * sum(len(split.ids) for split in splits)
    tokens = np.array(vocabulary.tokens, dtype=object)
    for split in splits:
        for sentences, words in _sentences(split, tokens):
            falling = run.learning_rate - (run.learning_rate - LAST_LEARNING_RATE) * done / total
            yield sentences, max(falling, LAST_LEARNING_RATE)
            done += words


def _sentences(split: EncodedSplit, tokens: NDArray[np.object_]) -> Iterator[tuple[list[list[str]], int]]:
    """Yield the known words of whole documents, up to `BATCH_WORDS` at a time, and how many words, known or not, these hold.

    A document that is longer is cut into sentences of `BATCH_WORDS`.
    """
    ids = np.asarray(split.ids)  # slices of a memory map cost more than those of the array over the same memory
    cuts = [
        np.arange(split.offsets[long], split.offsets[long + 1], BATCH_WORDS)
        for long in np.flatnonzero(split.lengths > BATCH_WORDS)
    ]
    borders = np.unique(np.concatenate([split.offsets, *cuts]))
    first = 0
    while first < len(borders) - 1:
        start = borders[first]
        last = int(np.searchsorted(borders, start + BATCH_WORDS, side="right")) - 1
        batch = ids[start : borders[last]]
        known = batch >= len(RESERVED)
        words = tokens[batch[known]].tolist()
        ends = np.cumsum(known)[borders[first + 1 : last + 1] - start - 1].tolist()
        yield [words[begin:end] for begin, end in pairwise([0, *ends])], len(batch)
        first = last


def _train_epoch(model: Word2Vec, batches: Iterator[Batch], workers: int) -> float:
    """Train on all batches and return the loss per word that subsampling kept."""
    lock = Lock()

    def work() -> tuple[float, int]:
        own = copy(model)  # the same matrices, but a running loss of its own
        loss, kept = 0.0, 0
        while True:
            with lock:
                batch = next(batches, None)
            if batch is None:
                return loss, kept
            sentences, rate = batch
            trained, _ = own.train(sentences, total_examples=len(sentences), epochs=1, start_alpha=rate, compute_loss=True)
            kept += trained
            loss += own.get_latest_training_loss()

    with ThreadPoolExecutor(workers) as pool:
        done = [worker.result() for worker in [pool.submit(work) for _ in range(workers)]]
    return sum(loss for loss, _ in done) / max(sum(kept for _, kept in done), 1)
