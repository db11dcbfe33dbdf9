"""A recurrent network in the role of a `LanguageModel`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Literal

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import cross_entropy
from torch.nn.utils.rnn import pad_sequence

from rnnpipe.evaluation.sampling import Floats, Ids
from rnnpipe.text.batches import IGNORED, Batch, sentence_batch, sorted_plan
from rnnpipe.text.encoded import EncodedSplit
from rnnpipe.text.streams import StreamWindows, stream
from rnnpipe.text.vocabulary import EOS, PAD

Network = Callable[..., tuple[Tensor, Any]]
"""(ids (B, T), lengths (B,), state or None) → logits (B, T, V), state."""

LOGITS = 2**25
"""Numbers in the largest tensor of logits: 128 MiB in float32, and about three times as much in all."""
WINDOW = 256
"""Words of the stream read at a time. The state is carried on, so this changes the memory needed and not the result."""


class RecurrentLanguageModel:
    """Scores and continues texts with a network in evaluation mode.

    Parameters
    ----------
    network : Network
        A `LanguageModelNetwork`.
    words : int
        Size V of the vocabulary.
    batching : {"sentences", "stream"}
        Whether each document begins from a zero state, or where the document before it has ended.
    """

    def __init__(self, network: Network, words: int, batching: Literal["sentences", "stream"]) -> None:
        self.network = network
        self.words = words
        self.batching = batching

    @torch.inference_mode()
    def log_probability(self, split: EncodedSplit) -> float:
        """Return the sum over all words and the `<eos>` of each document, in nats."""
        total, state = 0.0, None
        for batch in self._batches(split):
            logits, ended = self.network(batch.ids, batch.lengths, state)  # (B, T, V)
            total -= cross_entropy(logits.flatten(0, 1), batch.targets.flatten(), ignore_index=IGNORED, reduction="sum").item()
            state = ended if self.batching == "stream" else None
        return total

    @torch.inference_mode()
    def word_log_probabilities(self, prefixes: Sequence[Ids], words: Ids) -> Floats:
        """Return the log-probability of each word, shape (N, M), behind the N beginnings of a document."""
        rows = max(1, LOGITS // (self.words * max(len(prefix) + 1 for prefix in prefixes)))
        found = []
        for start in range(0, len(prefixes), rows):
            inputs = [torch.tensor([EOS, *prefix.tolist()]) for prefix in prefixes[start : start + rows]]
            lengths = torch.tensor([len(row) for row in inputs])
            logits, _ = self.network(pad_sequence(inputs, batch_first=True, padding_value=PAD), lengths, None)  # (B, T, V)
            last = logits[torch.arange(len(inputs)), lengths - 1].log_softmax(dim=-1)  # (B, V)
            found.append(last.gather(1, torch.from_numpy(words[start : start + rows].astype(np.int64))).numpy())
        return np.concatenate(found)

    @torch.inference_mode()
    def next_word(self, ids: Ids, state: Any) -> tuple[Floats, Any]:
        """Read one more word of each sentence, ids of shape (B,); return log-probabilities (B, V) and the new state."""
        inputs = torch.from_numpy(ids.astype(np.int64))[:, None]  # (B, 1)
        logits, state = self.network(inputs, torch.ones(len(ids), dtype=torch.int64), state)
        return logits[:, -1].log_softmax(dim=-1).numpy(), state

    def _batches(self, split: EncodedSplit) -> Iterator[Batch]:
        if self.batching == "stream":
            windows = StreamWindows(stream(split), batch_size=1, bptt=WINDOW)
            return (windows.window(index) for index in range(len(windows)))
        longest = int(split.lengths.max(initial=0)) + 1
        plan = sorted_plan(split.lengths, max(1, min(256, LOGITS // (longest * self.words))))
        return (sentence_batch(split, rows) for rows in plan)
