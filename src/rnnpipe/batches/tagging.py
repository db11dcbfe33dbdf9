"""Sentences with all that a tagger reads of their words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from rnnpipe.batches.batch import Batch, Features, pad, slices, tagging_batch
from rnnpipe.batches.plans import Rows
from rnnpipe.params import NerNetwork
from rnnpipe.text.encoded import EncodedSplit
from rnnpipe.text.vocabulary import PAD, Vocabulary
from rnnpipe.text.word_forms import CASES, SHAPES, Lexicon, WordForms

Make = Callable[[Rows], Batch]
"""Numbers of sentences → the batch of them."""

ELSEWHERE = 2 ** len(CASES)
"""Ways in which a word may be written at other places of its article: each of `CASES` or not."""


def tagger_batches(split: EncodedSplit, vocabulary: Vocabulary, network: NerNetwork, in_articles: bool) -> Make:
    """Return what makes a batch of some sentences of a split, as a tagger's network reads them; see `TaggerBatches.of`."""
    if not network.reads_forms:
        return partial(tagging_batch, split)
    folded = network.words == "folded"
    return TaggerBatches.of(split, vocabulary, folded=folded, in_articles=in_articles, columns=list(network.features))


@dataclass(frozen=True)
class TaggerBatches:
    """Makes the batches of a split for a tagger that reads more of words than their ids."""

    split: EncodedSplit
    ids: NDArray[np.integer[Any]]
    """As the network reads them, shape (N,)."""
    articles: NDArray[np.integer[Any]]
    """Number of the article that each sentence stands in, shape (documents,)."""
    columns: Sequence[str]
    """Features of the split that are read, in this order; one that it lacks is 0 everywhere."""
    codes: NDArray[np.int64]
    """Number of each word among the split's different ones, shape (N,); the next three arrays are of these."""
    characters: NDArray[np.int16]
    shapes: NDArray[np.int64]
    folded: NDArray[np.int64]

    @classmethod
    def of(
        cls, split: EncodedSplit, vocabulary: Vocabulary, *, folded: bool, in_articles: bool, columns: Sequence[str]
    ) -> TaggerBatches:
        """Look at all different words of a split.

        Parameters
        ----------
        split : EncodedSplit
        vocabulary : Vocabulary
            Of the split's ids; those of words behind them may follow, which the split has as `<unk>`.
        folded : bool
            Read words as one that differ in capitals or digits only; see `Lexicon`.
        in_articles : bool
            Sentences of an article are one text; False: each is a text of its own.
        columns : sequence of str
            Features of the split that are read.
        """
        forms = WordForms.of(word for words in split.all_words(vocabulary.tokens) for word in words)
        known: Vocabulary | Lexicon = Lexicon(vocabulary) if folded else vocabulary
        ids = known.encode(forms.words)[forms.codes]
        articles = split.articles if in_articles and split.articles is not None else np.arange(len(split))
        return cls(split, ids, articles, columns, forms.codes, forms.characters(), forms.shapes(), forms.folded())

    def __call__(self, rows: Rows) -> Batch:
        """Return the sentences of some numbers."""
        batch = tagging_batch(self.split, rows)
        starts, lengths = slices(self.split, rows)
        codes = pad(self.codes, starts, lengths, -1).numpy()  # (B, T)
        different, words = np.unique(codes, return_inverse=True)
        words = words.reshape(codes.shape) - (different[0] < 0)
        different = different[different >= 0]
        inside = codes >= 0
        groups = self._groups(rows, codes, inside)
        shapes = self.shapes[codes]
        features = Features(
            words=torch.from_numpy(np.where(inside, words, 0)),
            characters=torch.from_numpy(_shortened(self.characters[different]).astype(np.int64)),
            shapes=torch.from_numpy(_with_start(np.where(inside, shapes, 0))),
            elsewhere=torch.from_numpy(_elsewhere(groups, shapes, inside)),
            groups=torch.from_numpy(groups),
            columns=self._columns(starts, lengths),
            states=self._states(starts, lengths),
            articles=torch.from_numpy(self.articles[rows].astype(np.int64)),
        )
        return batch._replace(ids=pad(self.ids, starts, lengths, PAD), features=features)

    def _groups(self, rows: Rows, codes: NDArray[np.int64], inside: NDArray[np.bool_]) -> NDArray[np.int64]:
        """Return the number of each place's word in its article, (B, T), -1 behind a sentence's end."""
        keys = self.folded[codes] + self.articles[rows][:, None].astype(np.int64) * (int(self.folded.max(initial=0)) + 1)
        groups = np.full(codes.shape, -1, dtype=np.int64)
        groups[inside] = np.unique(keys[inside], return_inverse=True)[1].reshape(-1)
        return groups

    def _columns(self, starts: NDArray[np.int64], lengths: NDArray[np.int64]) -> Tensor:
        known, nobody = self.split.features, np.zeros(len(self.split.ids), dtype=np.uint16)
        own = [pad(known.get(name, nobody), starts, lengths, 0) for name in self.columns]
        return torch.stack(own, dim=-1) if own else torch.zeros(len(starts), 0, 0, dtype=torch.int64)

    def _states(self, starts: NDArray[np.int64], lengths: NDArray[np.int64]) -> Tensor:
        known, steps = self.split.states, np.arange(max(int(lengths.max(initial=0)), 1))
        inside = steps < lengths[:, None]
        found = np.zeros((*inside.shape, 0 if known is None else known.shape[1]), dtype=np.float32)
        if known is not None:
            found[inside] = known[(starts[:, None] + steps)[inside]]
        return torch.from_numpy(found)


def _shortened(characters: NDArray[np.int16]) -> NDArray[np.int16]:
    """Return letters (W, L) as far as the longest word goes."""
    return characters[:, : int((characters > 0).sum(axis=1).max(initial=0))]


def _with_start(shapes: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return shapes (B, T) with numbers of their own at the start of a sentence, where a capital says less."""
    shapes = shapes.copy()
    shapes[:, :1] += len(SHAPES)
    return shapes


def _elsewhere(groups: NDArray[np.int64], shapes: NDArray[np.int64], inside: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return in which of `CASES` each word stands at other places of its article, as bits of a number in [0, `ELSEWHERE`)."""
    found = np.zeros(groups.shape, dtype=np.int64)
    for bit, case in enumerate(CASES):
        is_case = (shapes == SHAPES.index(case)) & inside
        counts = np.bincount(groups[is_case], minlength=int(groups.max(initial=0)) + 1)
        others = counts[np.where(inside, groups, 0)] - is_case
        found += (others > 0) * inside * 2**bit
    return found
