"""Sentences that a language model draws, from their beginning or going on with some words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.inference import TrainedLanguageModel, TrainedModel
from rnnpipe.metrics.sampling import ANY, Choice, Floats, Ids, NextWord, sample_sentences
from rnnpipe.serving.answers import Answer
from rnnpipe.serving.reading import read
from rnnpipe.text.tokenizer import text_of
from rnnpipe.text.vocabulary import EOS


class DrawnText(Answer):
    """A sentence of a language model's own."""

    text: str
    """Its words joined by a space; where they are characters by nothing, the white space among them as such."""
    words: list[str]
    """Those that it was begun with among them."""


def draw_texts(
    trained: TrainedModel, count: int, start: str, seed: int, choice: Choice = ANY, longest: int = 300
) -> Iterator[DrawnText]:
    """Draw sentences, as they are asked for.

    Parameters
    ----------
    trained : TrainedModel
        Of the task `language_model` or `long_term`.
    count : int
        How many.
    start : str
        Words that each sentence begins with.
    seed : int
        The same seed draws the same sentences.
    choice : Choice, default=ANY
        Which words may be drawn.
    longest : int, default=300
        A sentence that does not end by itself is cut after so many words have been drawn.

    Raises
    ------
    RnnpipeError
        The model reads backward.
    """
    reading, continued = read(trained, [start]), TrainedLanguageModel(trained)
    if continued.reads_backward:
        raise RnnpipeError(
            f"{trained.config['run']}: reads from the end to the beginning and continues no text; name another model"
        )
    model = _Continued(continued, reading.split.ids)
    tokens, between = trained.vocabulary.tokens, _between(trained)
    for ids in sample_sentences(model, count, seed, choice, longest):
        words = [*reading.tokens[0], *(tokens[number] for number in ids)]
        yield DrawnText(text=text_of(words, between), words=words)


def _between(trained: TrainedModel) -> str:
    """Return what stands between two words: nothing where two letters are two words."""
    words: Sequence[str] = read(trained, ["ab"]).tokens[0]
    return "" if len(words) == 2 else " "


class _Continued:
    """A language model that has read the beginning of a sentence already."""

    def __init__(self, model: NextWord, start: Ids) -> None:
        self._model = model
        self._start = start

    def next_word(self, ids: Ids, state: Any) -> tuple[Floats, Any]:
        """Read the beginning first where nothing was read; see `NextWord`."""
        if state is None:
            for word in [EOS, *self._start[:-1]] if len(self._start) else []:
                _, state = self._model.next_word(np.full(len(ids), word), state)
            ids = np.full(len(ids), self._start[-1]) if len(self._start) else ids
        return self._model.next_word(ids, state)
