"""A split as one stream of words, read in windows by a language model that carries its state on (truncated BPTT)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from rnnpipe.batches.batch import IGNORED, Batch
from rnnpipe.text.encoded import EncodedSplit
from rnnpipe.text.vocabulary import EOS


def stream(split: EncodedSplit) -> NDArray[np.unsignedinteger[Any]]:
    """Return all documents one after the other, `<eos>` after each, shape (tokens + documents,), of the dtype of the ids."""
    joined: NDArray[np.unsignedinteger[Any]] = np.insert(split.ids, split.offsets[1:], EOS)
    return joined


HALVED = 0.05
"""Share of drawn windows that are half as long (Merity et al. 2018, section 4.1)."""


@dataclass(frozen=True)
class StreamWindows:
    """The stream of a split cut into `batch_size` rows that are read side by side, `bptt` words at a time.

    Window w of row b continues window w - 1 of row b, so the state that a window ends in is where the next one begins; each row
    begins behind `<eos>`.
    Every word of the stream is predicted exactly once; where it does not divide evenly the last rows end in padding.
    """

    words: NDArray[np.unsignedinteger[Any]]
    """The stream, shape (N,)."""
    batch_size: int
    bptt: int

    @property
    def row_length(self) -> int:
        """Predictions in a row."""
        return math.ceil(len(self.words) / self.batch_size)

    def __len__(self) -> int:
        return math.ceil(self.row_length / self.bptt)

    def window(self, index: int) -> Batch:
        """Return one window of all rows, `bptt` steps or what is left."""
        return self.between(index * self.bptt, min((index + 1) * self.bptt, self.row_length))

    def drawn(self, spread: float, seed: int, epoch: int) -> list[tuple[int, int]]:
        """Divide the rows into windows of drawn length, other ones in each epoch (Merity et al. 2018, section 4.1).

        A length is drawn from a normal distribution around `bptt`, or one time in 20 around its half. All lengths are then
        stretched by one factor, near 1, so that equally many windows make up the rows in each epoch: a training knows its number
        of steps beforehand. Each word is predicted once, and the places where the gradient is cut off change.

        Parameters
        ----------
        spread : float
            Standard deviation of a length, in tokens.
        seed, epoch : int
            The windows are a pure function of them.

        Returns
        -------
        list of tuple of int
            Step at which each window begins and step before which it ends, for `between`; none is empty.
        """
        generator = np.random.default_rng([seed, epoch])
        mean = self.bptt * (1 - HALVED / 2)
        count = min(self.row_length, max(1, round(self.row_length / mean)))
        centres = np.where(generator.random(count) < HALVED, self.bptt / 2, self.bptt)
        lengths = np.maximum(generator.normal(centres, spread), 1.0)
        steps = np.arange(count + 1)
        stretch = self.row_length / max(lengths.sum(), 1.0)
        edges = np.rint(np.concatenate([[0.0], lengths.cumsum()]) * stretch).astype(np.int64)
        edges = np.maximum.accumulate(edges - steps) + steps  # no window is empty,
        edges = np.minimum(edges, self.row_length - count + steps)  # nor is one outside
        return list(zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True))

    def between(self, start: int, end: int) -> Batch:
        """Return the steps from `start` to before `end` of all rows.

        Targets are the words of the window, inputs the words one place before them. The first input of each row is `<eos>`: a
        model that reads long texts has seldom seen how one goes on from a zero state, but always how one begins from it.
        """
        steps = np.arange(start, end)
        positions = np.arange(self.batch_size)[:, None] * self.row_length + steps  # (B, T)
        exists = positions < len(self.words)
        targets = np.where(exists, self._at(positions), IGNORED)
        inputs = np.where(steps > 0, self._at(positions - 1), EOS)
        lengths = torch.full((self.batch_size,), len(steps))
        return Batch(torch.from_numpy(inputs), lengths, torch.from_numpy(targets), int(exists.sum()))

    def _at(self, positions: NDArray[np.int64]) -> NDArray[np.int64]:
        return self.words[np.clip(positions, 0, len(self.words) - 1)].astype(np.int64)
