"""Sentences drawn from a language model, word by word, until it says `<eos>`."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.text.vocabulary import EOS, PAD, UNK

Ids = NDArray[np.integer[Any]]
Floats = NDArray[np.floating[Any]]


class NextWord(Protocol):
    """A language model, asked for the next word of some sentences that go on side by side."""

    def next_word(self, ids: Ids, state: Any) -> tuple[Floats, Any]:
        """Read one more word of each sentence, ids of shape (B,); return log-probabilities (B, V) and the new state.

        The state of no words read is None; the first word is always `<eos>`.
        """


@dataclass(frozen=True)
class Choice:
    """Which words may be drawn, and how likely; `<unk>` and `<pad>` never are. The lines apply in this order.

    Raises
    ------
    RnnpipeError
        A number is outside its range, or is none.
    """

    temperature: float = 1.0
    """In [1e-6, 1e6]. Probabilities are taken to the power of 1 / temperature: below 1 the likely words become likelier."""
    top_k: int | None = None
    """Only the so many likeliest words, at least 1; None: all."""
    top_p: float = 1.0
    """Only the fewest likeliest words that have this probability together (the nucleus, Holtzman et al. 2020); in (0, 1]."""

    def __post_init__(self) -> None:
        if not 1e-6 <= self.temperature <= 1e6:
            raise RnnpipeError(f"temperature: must be a number from 0.000001 to 1000000, not {self.temperature:g}")
        if self.top_k is not None and self.top_k < 1:
            raise RnnpipeError(f"top_k: must be at least 1, not {self.top_k}")
        if not 0 < self.top_p <= 1:
            raise RnnpipeError(f"top_p: must be above 0 and at most 1, not {self.top_p:g}")


ANY = Choice()


def sample_sentences(
    model: NextWord, count: int, seed: int, choice: Choice = ANY, longest: int = 300, batch_size: int = 100
) -> Iterator[list[int]]:
    """Draw sentences, one batch after the other as they are asked for.

    Parameters
    ----------
    model : NextWord
        The language model.
    count : int
        How many sentences.
    seed : int
        The same seed gives the same sentences.
    choice : Choice, default=ANY
        Which words may be drawn.
    longest : int, default=300
        A sentence that does not end by itself is cut after so many words.
    batch_size : int, default=100
        Sentences drawn side by side.

    Yields
    ------
    list of int
        Ids of a sentence, without `<eos>`.
    """
    generator = np.random.default_rng(seed)
    for start in range(0, count, batch_size):
        yield from _batch(model, min(batch_size, count - start), generator, choice, longest)


def _batch(model: NextWord, size: int, generator: np.random.Generator, choice: Choice, longest: int) -> Iterator[list[int]]:
    ids, state = np.full(size, EOS), None
    drawn: list[NDArray[np.int64]] = []
    ended = np.zeros(size, dtype=bool)
    while not ended.all() and len(drawn) < longest:
        scores, state = model.next_word(ids, state)
        ids = draw(scores, generator, choice)
        ended |= ids == EOS
        drawn.append(ids)
    for row in np.stack(drawn, axis=1).tolist():
        yield row[: row.index(EOS)] if EOS in row else row


def draw(scores: Floats, generator: np.random.Generator, choice: Choice = ANY) -> NDArray[np.int64]:
    """Draw one word for each row of log-probabilities (B, V) by inverting the cumulative distribution."""
    scaled = scores.astype(np.float64) / choice.temperature
    scaled[:, [PAD, UNK]] = -np.inf
    weights = np.exp(scaled - scaled.max(axis=1, keepdims=True))  # (B, V)
    if choice.top_k is not None or choice.top_p < 1:
        weights = _likeliest(weights, choice)
    cumulative = np.cumsum(weights, axis=1)
    thresholds = generator.random(len(scores)) * cumulative[:, -1]
    drawn: NDArray[np.int64] = (cumulative <= thresholds[:, None]).sum(axis=1)
    return drawn


def _likeliest(weights: NDArray[np.float64], choice: Choice) -> NDArray[np.float64]:
    """Return weights (B, V) that are zero for all words but the likeliest, of equals the first ones."""
    order = np.argsort(-weights, axis=1, kind="stable")[:, : choice.top_k]  # (B, K)
    kept = np.take_along_axis(weights, order, axis=1)
    before = np.cumsum(kept, axis=1) - kept
    kept[before >= choice.top_p * kept.sum(axis=1, keepdims=True)] = 0  # before the likeliest there is nothing
    result = np.zeros_like(weights)
    np.put_along_axis(result, order, kept, axis=1)
    return result


def length_rows(corpus: Iterable[int], sampled: Iterable[int]) -> Iterator[tuple[int, int, int]]:
    """Yield (length, documents of the corpus, sampled sentences) for each length, in words, that occurs."""
    counts = Counter(corpus), Counter(sampled)
    for length in sorted({*counts[0], *counts[1]}):
        yield length, counts[0][length], counts[1][length]
