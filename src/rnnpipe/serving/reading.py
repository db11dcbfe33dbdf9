"""Texts as a model reads them: cut into words as those of its corpus were, each with its place in the text and its id."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.inference import TrainedModel
from rnnpipe.text.encoded import EncodedSplit
from rnnpipe.text.tokenizer import BatchTokenizer
from rnnpipe.text.vocabulary import UNK

Text = str | Sequence[str]
"""A text, or the words of one that is cut already; a space stands between two of these."""
Cut = tuple[list[str], list[tuple[int, int]]]
"""Tokens of a text, and where each stands in it."""
SPACED = re.compile(r"\S+")


@dataclass(frozen=True)
class Reading:
    """Some texts."""

    texts: Sequence[str]
    """As they were given."""
    tokens: Sequence[Sequence[str]]
    """For each text its words as the model has them: in small letters, if it was so trained."""
    spans: Sequence[Sequence[tuple[int, int]]]
    """For each text start and end of each word in it, in characters."""
    split: EncodedSplit

    def words(self, index: int) -> list[str]:
        """Return the words of a text as they stand in it."""
        text = self.texts[index]
        return [text[start:end] for start, end in self.spans[index]]

    def unknown(self, longest: int | None = None) -> list[int]:
        """Return how many words of each text have no id of their own; `longest` counts only so many at its end (None: all)."""
        unknown = np.concatenate([[0], np.cumsum(self.split.ids == UNK)])
        starts, ends = self.split.offsets[:-1], self.split.offsets[1:]
        counted = starts if longest is None else np.maximum(starts, ends - longest)
        found: list[int] = (unknown[ends] - unknown[counted]).tolist()
        return found

    @cached_property
    def places(self) -> list[tuple[int, int]]:
        """Where each text begins and ends among the words of all."""
        return list(pairwise(self.split.offsets.tolist()))


def read(trained: TrainedModel, texts: Sequence[Text], spaced: bool = False) -> Reading:
    """Cut texts into words and look these up.

    Parameters
    ----------
    trained : TrainedModel
    texts : sequence of str or of sequence of str
        What is given by its words is taken as it stands.
    spaced : bool, default=False
        Whether all texts are words between white space already.

    Raises
    ------
    RnnpipeError
        One text in the place of several, or a text with half a surrogate pair, which JSON and a terminal can pass on, and which
        is no character.
    """
    if isinstance(texts, str):
        raise RnnpipeError("texts: one text, where a list of texts is meant; write [text]")
    tokenizer = trained.batch_tokenizer()
    whole = [text if isinstance(text, str) else " ".join(text) for text in texts]
    for number, text in enumerate(whole, start=1):
        try:
            text.encode()
        except UnicodeEncodeError as error:
            raise RnnpipeError(f"text {number}, character {error.start + 1}: not Unicode; send UTF-8") from None
    if not spaced and all(isinstance(text, str) for text in texts):
        cuts = _cut(tokenizer, whole)
    else:
        is_cut = [spaced or not isinstance(text, str) for text in texts]
        cuts = [
            _as_given(tokenizer, text) if done else _cut(tokenizer, [joined])[0]
            for text, joined, done in zip(texts, whole, is_cut, strict=True)
        ]
    tokens, spans = [cut[0] for cut in cuts], [cut[1] for cut in cuts]
    return Reading(whole, tokens, spans, trained.encode(tokens))


def _cut(tokenizer: BatchTokenizer, texts: Sequence[str]) -> list[Cut]:
    tokens, spans, lengths = tokenizer.tokenize(texts)
    places = _pairs(spans)
    edges = np.cumsum([0, *lengths.tolist()]).tolist()
    return [(tokens[start:end], places[start:end]) for start, end in pairwise(edges)]


def _pairs(spans: NDArray[np.int32]) -> list[tuple[int, int]]:
    return list(zip(spans[:, 0].tolist(), spans[:, 1].tolist(), strict=True))


def _as_given(tokenizer: BatchTokenizer, text: Text) -> Cut:
    """Return the words of a text that is cut already, and their places in it, or in the text of words joined by a space."""
    if isinstance(text, str):
        found = list(SPACED.finditer(text))
        return tokenizer.normalise([word[0] for word in found]), [word.span() for word in found]
    return tokenizer.normalise(text), list(_joined(text))


def _joined(words: Iterable[str]) -> Iterable[tuple[int, int]]:
    start = 0
    for word in words:
        yield start, start + len(word)
        start += len(word) + 1
