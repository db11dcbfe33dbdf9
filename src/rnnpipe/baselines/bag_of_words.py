"""The bag of words: logistic regression on which words, or short sequences of words, a text holds, and how often."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.linear_model import LogisticRegression

from rnnpipe.baselines.grams import ABSENT, GramTable, before
from rnnpipe.common.errors import RnnpipeError
from rnnpipe.params import BagOfWordsRun
from rnnpipe.text.encoded import EncodedCorpus, EncodedSplit

ITERATIONS = 1000


@dataclass(frozen=True)
class Counter:
    """Counts the words, and the sequences of up to `len(tables)` + 1 words, that the train split holds."""

    words: int
    """Size V of the vocabulary."""
    tables: tuple[GramTable, ...]
    """Of bigrams, trigrams …"""

    @classmethod
    def of(cls, split: EncodedSplit, words: int, ngrams: int) -> Counter:
        """Collect all sequences of a split."""
        numbers, starts = _text(split)
        text, tables = numbers, list[GramTable]()
        for _ in range(ngrams - 1):
            shorter = before(numbers, starts)
            tables.append(GramTable.of(shorter, text, words))
            numbers = tables[-1].find(shorter, text)
        return cls(words, tuple(tables))

    def count(self, split: EncodedSplit) -> csr_matrix:
        """Return the counts of shape (documents, words and sequences), dtype=float64; unknown sequences are left out."""
        numbers, starts = _text(split)
        text, width = numbers, self.words
        documents = np.repeat(np.arange(len(split)), split.lengths)
        rows, columns = [documents], [numbers]
        for table in self.tables:
            numbers = table.find(before(numbers, starts), text)
            known = numbers != ABSENT
            rows.append(documents[known])
            columns.append(numbers[known] + width)
            width += len(table)
        cells = np.concatenate(rows), np.concatenate(columns)
        return csr_matrix((np.ones(len(cells[0])), cells), shape=(len(split), width))  # adds up what stands twice


class BagOfWords:
    """A classifier that ignores the order of words, but within n-grams.

    Parameters
    ----------
    settings : BagOfWordsRun
        Longest n-gram, weighting of the counts, regularisation.
    train : EncodedSplit
        Documents without label are skipped.
    words : int
        Size V of the vocabulary.
    inverse_regularisation : float
        C of scikit-learn's LogisticRegression.
    """

    def __init__(self, settings: BagOfWordsRun, train: EncodedSplit, words: int, inverse_regularisation: float) -> None:
        labels = np.zeros(0) if train.labels is None else train.labels
        labelled = np.flatnonzero(labels >= 0)
        if len(np.unique(labels[labelled])) < 2:
            raise RnnpipeError("the train split has fewer than two labels; look at the column of the labels")
        self.settings = settings
        self.inverse_regularisation = inverse_regularisation
        self.counter = Counter.of(train, words, settings.ngrams)
        counts = self._weigh(self.counter.count(train))
        self.frequencies = TfidfTransformer().fit(counts) if settings.weighting == "tf_idf" else None
        # lbfgs draws no random numbers: the same counts give the same weights.
        self.model = LogisticRegression(C=inverse_regularisation, solver="lbfgs", max_iter=ITERATIONS)
        self.model.fit(self._features(counts)[labelled], labels[labelled])
        self.labels = int(labels.max()) + 1

    @property
    def parameters(self) -> int:
        """Number of weights."""
        return int(self.model.coef_.size + self.model.intercept_.size)

    def probabilities(self, split: EncodedSplit) -> NDArray[np.float64]:
        """Return the probability of each label, shape (documents, C); 0 for a label that no training text had."""
        found = self.model.predict_proba(self._features(self._weigh(self.counter.count(split))))
        result = np.zeros((len(split), self.labels))
        result[:, self.model.classes_] = found
        return result

    def correct(self, split: EncodedSplit) -> int:
        """Return how many labelled documents get the label that they have."""
        labels = np.full(len(split), -1) if split.labels is None else split.labels
        return int((self.probabilities(split).argmax(axis=1) == labels)[labels >= 0].sum())

    def _weigh(self, counts: csr_matrix) -> csr_matrix:
        """Let a word that stands several times count once, but for the weighting `counts`."""
        if self.settings.weighting != "counts":
            counts.data[:] = 1.0
        return counts

    def _features(self, counts: csr_matrix) -> Any:
        return counts if self.frequencies is None else self.frequencies.transform(counts)


def fit_best(settings: BagOfWordsRun, corpus: EncodedCorpus) -> BagOfWords:
    """Fit with each inverse regularisation of a run; return the model that is best on the validation split, of equals the first.

    Raises
    ------
    RnnpipeError
        There are several to choose from and the corpus has no labelled split `valid`.
    """
    choices = settings.inverse_regularisation
    train, words = corpus.split("train"), len(corpus.vocabulary)
    if not isinstance(choices, tuple):
        return BagOfWords(settings, train, words, choices)
    valid = corpus.split("valid")
    models = [BagOfWords(settings, train, words, choice) for choice in choices]
    return max(models, key=lambda model: model.correct(valid))


def _text(split: EncodedSplit) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Return all words of a split, and a mask of the positions where a document begins."""
    starts = np.zeros(len(split.ids), dtype=bool)
    starts[split.offsets[:-1][split.lengths > 0]] = True
    return split.ids.astype(np.int64), starts
