"""Word2Vec (Mikolov et al. 2013a, 2013b) by gensim, fed with an encoded corpus.

Unknown words are left out before the window is laid, as in Google's program; `<unk>` gets the mean vector (`complete`).
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from gensim.models import Word2Vec
from numpy.typing import NDArray

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.embeddings.vectors import Matrix, complete, subset
from rnnpipe.params import Word2VecRun
from rnnpipe.text.encoding import EncodedSplit
from rnnpipe.text.vocabulary import RESERVED, Vocabulary

logger = logging.getLogger(__name__)

LONGEST_SENTENCE = 10_000
"""gensim drops what follows without a word, so longer documents are cut into pieces."""


class Sentences:
    """The documents as lists of words, as often as one iterates."""

    def __init__(self, splits: Sequence[EncodedSplit], vocabulary: Vocabulary) -> None:
        self._splits = splits
        self._tokens = np.array(vocabulary.tokens, dtype=object)

    def __iter__(self) -> Iterator[list[str]]:
        for split in self._splits:
            for index in range(len(split)):
                ids = split.document(index)
                words = self._tokens[ids[ids >= len(RESERVED)]].tolist()
                for start in range(0, len(words), LONGEST_SENTENCE):
                    yield words[start : start + LONGEST_SENTENCE]


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

    Equal seeds give equal bytes with one worker on one kind of processor; with several workers no two runs are equal.

    Raises
    ------
    RnnpipeError
        Fewer than two words of the vocabulary occur.
    """
    logging.getLogger("gensim").setLevel(logging.ERROR)
    counts = _counts(splits, len(vocabulary))
    frequencies = {vocabulary.tokens[row]: int(counts[row]) for row in np.flatnonzero(counts)}
    if len(frequencies) < 2:
        raise RnnpipeError(f"{len(frequencies)} words of the vocabulary occur in the splits; Word2Vec needs at least 2")
    model = _CountedLoss(
        vector_size=run.dimension,
        window=run.window,
        sg=int(run.architecture == "skip_gram"),
        hs=int(run.negative == 0),
        negative=run.negative,
        ns_exponent=run.exponent,
        sample=run.subsample,
        alpha=run.learning_rate,
        min_count=1,
        workers=run.workers,
        seed=seed,
    )
    model.build_vocab_from_freq(frequencies)
    model.train(Sentences(splits, vocabulary), total_words=int(counts.sum()), epochs=run.epochs, compute_loss=True)
    vectors = np.stack([model.wv[token] for token in frequencies])
    return Word2VecFit(subset(vocabulary, counts > 0), complete(vectors), model.losses)


def _counts(splits: Sequence[EncodedSplit], vocabulary_size: int) -> NDArray[np.int64]:
    """Return the occurrences of each word, shape (V,), reserved tokens 0."""
    counts = np.zeros(vocabulary_size, dtype=np.int64)
    for split in splits:
        counts += np.bincount(split.ids, minlength=vocabulary_size)
    counts[: len(RESERVED)] = 0
    return counts


class _CountedLoss(Word2Vec):  # type: ignore[misc]
    """Adds up losses batch by batch in float64; gensim's one float32 total swallows the terms of a long corpus."""

    def __init__(self, **settings: Any) -> None:
        self.losses: list[float] = []
        self._sum = 0.0
        super().__init__(**settings)

    def _do_train_job(self, sentences: Any, alpha: Any, inits: Any) -> Any:
        self.running_training_loss = 0.0
        trained = super()._do_train_job(sentences, alpha, inits)
        self._sum += self.running_training_loss
        return trained

    def _train_epoch(self, *arguments: Any, **settings: Any) -> Any:
        self._sum = 0.0
        trained = super()._train_epoch(*arguments, **settings)
        self.losses.append(self._sum / max(trained[0], 1))
        logger.info("epoch %d of %d: loss %.4f", len(self.losses), self.epochs, self.losses[-1])
        return trained
