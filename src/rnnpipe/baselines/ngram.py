"""The n-gram language model: interpolated modified Kneser-Ney (Chen & Goodman 1998, sections 2.7 and 3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rnnpipe.baselines.grams import ABSENT, GramTable, Ids, Numbers, before
from rnnpipe.text.encoded import EncodedSplit
from rnnpipe.text.vocabulary import EOS, PAD

Floats = NDArray[np.float64]
FALLBACK = (0.0, 0.5, 1.0, 1.5)
"""Discounts of a text too small or too regular for the estimate; KenLM's choice."""


@dataclass(frozen=True)
class Level:
    """The n-grams of one length: P(w | h) = value(h w) + weight(h) · P(w | h without its first word)."""

    table: GramTable
    values: Floats
    """Discounted relative frequencies, shape (n-grams + 1,); 0 at the end, where the number `ABSENT` leads."""
    weights: Floats
    """What the discount leaves for shorter histories, shape (histories + 1,); 1 for one that nothing followed, and at the end."""

    @classmethod
    def of(cls, table: GramTable, counts: Numbers, histories: int) -> Level:
        """Discount the counts of the n-grams of a table; `histories` is the number of n - 1 grams."""
        discount = discounts(counts)[np.minimum(counts, 3)]
        totals = np.bincount(table.prefixes, weights=counts, minlength=histories)
        left_over = np.bincount(table.prefixes, weights=discount, minlength=histories)
        weights = np.divide(left_over, totals, out=np.ones(histories), where=totals > 0)
        return cls(table, np.append((counts - discount) / totals[table.prefixes], 0.0), np.append(weights, 1.0))


@dataclass(frozen=True)
class NgramModel:
    """The distribution of the next word given the words before it in the document, of which the last `order` - 1 count.

    A document begins with `<eos>`, which is not predicted, and ends with `<eos>`, which is; `<pad>` has probability 0.
    """

    first: Floats
    """P(w) whatever stands before it, shape (V,)."""
    levels: tuple[Level, ...]
    """Bigrams, trigrams … up to `order`."""

    @classmethod
    def fit(cls, documents: Sequence[Ids], words: int, order: int) -> NgramModel:
        """Count the n-grams of a text.

        Parameters
        ----------
        documents : sequence of ndarray of shape (T,)
            Ids of the words of each training document, without `<eos>`.
        words : int
            Size V of the vocabulary; V ** 2 and V × the number of distinct n-grams must fit into 63 bits.
        order : int
            Length of the longest n-gram, at least 1.
        """
        text, starts = join(documents)
        numbers, tables = [text], list[GramTable]()
        for _ in range(order - 1):
            shorter = before(numbers[-1], starts)
            tables.append(GramTable.of(shorter, text, words))
            numbers.append(tables[-1].find(shorter, text))
        numbers[0] = np.where(starts, ABSENT, text)
        sizes = [words, *map(len, tables)]
        longer = [*numbers[1:], None]
        counts = [adjusted_counts(*level) for level in zip(numbers, longer, sizes, strict=True)]
        levels = [Level.of(*level) for level in zip(tables, counts[1:], sizes[:-1], strict=True)]
        return cls(_first(counts[0]), tuple(levels))

    def probabilities(self, documents: Sequence[Ids]) -> Floats:
        """Return the probability of every word and of every `<eos>` behind a document, shape (words + documents,)."""
        text, starts = join(documents)
        numbers, result = text, self.first[text]
        for level in self.levels:
            shorter = before(numbers, starts)
            numbers = level.table.find(shorter, text)
            result = level.values[numbers] + level.weights[shorter] * result
        return result[~starts]

    def log_probabilities(self, split: EncodedSplit) -> Floats:
        """Return that of each word, and of the `<eos>` behind each document, shape (N + documents,), in nats."""
        found: Floats = np.log(self.probabilities([split.document(index) for index in range(len(split))]))
        return found

    def continuation_log_probabilities(self, prefixes: Sequence[Ids], continuations: Sequence[Ids]) -> Floats:
        """Return the log-probability of each text of words behind its beginning of a document, in nats, shape (N,)."""
        totals = np.zeros(len(prefixes))
        for row, (prefix, words) in enumerate(zip(prefixes, continuations, strict=True)):
            text = [*prefix.tolist(), *words.tolist()]
            totals[row] = sum(np.log(self.distribution(text[:place])[text[place]]) for place in range(len(prefix), len(text)))
        return totals

    def next_word(self, ids: Ids, state: list[list[int]] | None) -> tuple[Floats, list[list[int]]]:
        """Read one more word of each text, ids of shape (B,); return log-probabilities (B, V) and the texts so far."""
        texts = [[]] * len(ids) if state is None else [[*text, word] for text, word in zip(state, ids.tolist(), strict=True)]
        with np.errstate(divide="ignore"):  # <pad> has probability 0
            return np.log(np.stack([self.distribution(text) for text in texts])), texts

    def distribution(self, history: Sequence[int]) -> Floats:
        """Return the probability of each word of the vocabulary behind the words of a document so far, shape (V,)."""
        text = np.array([EOS, *history])[-max(len(self.levels), 1) :]
        starts = np.arange(len(text)) == 0
        numbers, result = text, self.first.copy()
        for level in self.levels:
            if numbers[-1] == ABSENT:
                break
            seen = level.table.following(int(numbers[-1]))
            result *= level.weights[numbers[-1]]
            result[level.table.keys[seen] % level.table.words] += level.values[seen]
            numbers = level.table.find(before(numbers, starts), text)
        return result


def join(documents: Sequence[Ids]) -> tuple[Numbers, NDArray[np.bool_]]:
    """Return all documents in one array, `<eos>` before and behind each, and a mask of the places where one begins."""
    lengths = np.array([len(document) + 2 for document in documents], dtype=np.int64)
    ends = np.cumsum(lengths)
    text = np.full(lengths.sum(), EOS, dtype=np.int64)
    starts = np.zeros(len(text), dtype=bool)
    starts[ends - lengths] = True
    inside = ~starts
    inside[ends - 1] = False
    text[inside] = np.concatenate(documents) if len(documents) else []
    return text, starts


def adjusted_counts(numbers: Numbers, longer: Numbers | None, size: int) -> Numbers:
    """Count the n-grams of one length in Kneser-Ney's way, shape (size,).

    The longest n-grams are counted as they stand. Of a shorter one it counts behind how many different words it stands;
    where a document begins there is no word before it, and each time counts.

    Parameters
    ----------
    numbers : ndarray of shape (N,)
        Number of the n-gram that ends at each place of the text, or `ABSENT`.
    longer : ndarray of shape (N,), or None
        The same for the n-grams of one word more; None: there are none.
    size : int
        How many n-grams there are.
    """
    exists = numbers != ABSENT
    if longer is None:
        return np.bincount(numbers[exists], minlength=size)
    begins = exists & (longer == ABSENT)
    _, one_of_each = np.unique(np.where(longer == ABSENT, ABSENT, longer), return_index=True)
    inner = one_of_each[longer[one_of_each] != ABSENT]
    return np.bincount(np.concatenate([numbers[begins], numbers[inner]]), minlength=size)


def discounts(counts: Numbers) -> Floats:
    """Return what is taken from a count of 0, 1, 2, and 3 or more (Chen & Goodman 1998, equation 26)."""
    n1, n2, n3, n4 = (int(np.sum(counts == count)) for count in (1, 2, 3, 4))
    if not n1 or not n2 or not n3:
        return np.array(FALLBACK)
    share = n1 / (n1 + 2 * n2)
    found = np.array([0, 1 - 2 * share * n2 / n1, 2 - 3 * share * n3 / n2, 3 - 4 * share * n4 / n3])
    return found if (found[1:] >= 0).all() else np.array(FALLBACK)


def _first(counts: Numbers) -> Floats:
    """Return P(w): the discount goes to all words alike, so that one which never stood in the text has some share too."""
    discount = discounts(counts)[np.minimum(counts, 3)]
    uniform = np.full(len(counts), 1.0 / (len(counts) - 1))
    uniform[PAD] = 0.0
    result: Floats = (counts - discount + discount.sum() * uniform) / counts.sum()
    return result
