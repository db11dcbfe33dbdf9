"""Sentences drawn from a language model, word by word, until it says `<eos>`."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from rnnpipe.text.vocabulary import EOS, PAD, UNK

Ids = NDArray[np.integer[Any]]
Floats = NDArray[np.floating[Any]]


class NextWord(Protocol):
    """A language model, asked for the next word of some sentences that go on side by side."""

    def next_word(self, ids: Ids, state: Any) -> tuple[Floats, Any]:
        """Read one more word of each sentence, ids of shape (B,); return log-probabilities (B, V) and the new state.

        The state of no words read is None; the first word is always `<eos>`.
        """


def sample_sentences(
    model: NextWord, count: int, seed: int, temperature: float = 1.0, longest: int = 300, batch_size: int = 100
) -> list[list[int]]:
    """Draw sentences; `<unk>` and `<pad>` are never drawn.

    Parameters
    ----------
    model : NextWord
        The language model.
    count : int
        How many sentences.
    seed : int
        The same seed gives the same sentences.
    temperature : float, default=1.0
        Above 0. Probabilities are taken to the power of 1 / temperature: below 1 the likely words become likelier.
    longest : int, default=300
        A sentence that does not end by itself is cut after so many words.
    batch_size : int, default=100
        Sentences drawn side by side.

    Returns
    -------
    list of list of int
        Ids of each sentence, without `<eos>`.
    """
    if temperature <= 0:
        raise ValueError(f"temperature: must be above 0, not {temperature}")
    generator = np.random.default_rng(seed)
    sizes = [min(batch_size, count - start) for start in range(0, count, batch_size)]
    return [sentence for size in sizes for sentence in _batch(model, size, generator, temperature, longest)]


def _batch(model: NextWord, size: int, generator: np.random.Generator, temperature: float, longest: int) -> Iterator[list[int]]:
    ids, state = np.full(size, EOS), None
    drawn: list[NDArray[np.int64]] = []
    ended = np.zeros(size, dtype=bool)
    while not ended.all() and len(drawn) < longest:
        scores, state = model.next_word(ids, state)
        ids = draw(scores, generator, temperature)
        ended |= ids == EOS
        drawn.append(ids)
    for row in np.stack(drawn, axis=1).tolist():
        yield row[: row.index(EOS)] if EOS in row else row


def draw(scores: Floats, generator: np.random.Generator, temperature: float) -> NDArray[np.int64]:
    """Draw one word for each row of log-probabilities (B, V) by inverting the cumulative distribution."""
    scaled = scores.astype(np.float64) / temperature
    scaled[:, [PAD, UNK]] = -np.inf
    weights = np.exp(scaled - scaled.max(axis=1, keepdims=True))  # (B, V)
    cumulative = np.cumsum(weights, axis=1)
    thresholds = generator.random(len(scores)) * cumulative[:, -1]
    drawn: NDArray[np.int64] = (cumulative <= thresholds[:, None]).sum(axis=1)
    return drawn


def length_rows(corpus: Iterable[int], sampled: Iterable[int]) -> Iterator[tuple[int, int, int]]:
    """Yield (length, documents of the corpus, sampled sentences) for each length, in words, that occurs."""
    counts = Counter(corpus), Counter(sampled)
    for length in sorted({*counts[0], *counts[1]}):
        yield length, counts[0][length], counts[1][length]
