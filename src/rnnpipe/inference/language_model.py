"""A trained language model that scores and continues texts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.utils.rnn import pad_sequence

from rnnpipe.batches.batch import IGNORED, sentence_batch
from rnnpipe.batches.plans import sorted_plan
from rnnpipe.batches.streams import StreamWindows, stream
from rnnpipe.inference.trained_model import TrainedModel
from rnnpipe.text.encoded import EncodedSplit
from rnnpipe.text.vocabulary import EOS, PAD

Ids = NDArray[np.integer[Any]]
Floats = NDArray[np.floating[Any]]

WORDS = 2**14
"""Words read together, padding among them: some 100 MiB for states of 1,000 numbers. The head holds the log-probabilities of a
part of them at a time. This changes time and memory, and not the result."""


class TrainedLanguageModel:
    """Scores and continues texts with a trained language model, in the regime that it was trained in.

    Of a model of sentences each document begins from a zero state, of one of a stream where the document before it has ended. So
    sentences are read side by side, and a stream is one row: several would each begin without what stands before them.
    """

    def __init__(self, trained: TrainedModel) -> None:
        self.trained = trained

    def log_probability(self, split: EncodedSplit) -> float:
        """Return the sum over all words and the `<eos>` of each document, in nats."""
        return float(self.log_probabilities(split).sum())

    def log_probabilities(self, split: EncodedSplit) -> NDArray[np.float64]:
        """Return what `word_log_probabilities` says of texts with nothing before them, shape (N + documents,)."""
        return self.word_log_probabilities(split)[0]

    def document_log_probabilities(self, split: EncodedSplit) -> NDArray[np.float64]:
        """Return the sum over the words and the `<eos>` of each document, in nats, shape (documents,)."""
        return np.add.reduceat(self.log_probabilities(split), _starts(split)) if len(split) else np.zeros(0)

    @torch.inference_mode()
    def word_log_probabilities(self, split: EncodedSplit, state: Any = None) -> tuple[NDArray[np.float64], Any]:
        """Return the log-probability of each word, and of the `<eos>` behind each document, in the order of the text.

        Parameters
        ----------
        split : EncodedSplit
            Of N words.
        state : optional
            What the call for the texts before it returned: a model of a stream goes on from there. None: nothing was read.

        Returns
        -------
        found : ndarray of shape (N + documents,), dtype=float64
            In nats.
        state
            To go on from; None of a model of sentences, which begins each document anew, and of one that reads backward: what it
            would go on with is not there yet.
        """
        if self.reads_backward:
            found, _ = self._scores(split.backward(), None)
            return _from_the_beginning(found, split), None
        return self._scores(split, state)

    @property
    def reads_backward(self) -> bool:
        """Whether it predicts each word from those behind it: then it continues no text."""
        return bool(self.trained.regime("direction") == "backward")

    def _scores(self, split: EncodedSplit, state: Any) -> tuple[NDArray[np.float64], Any]:
        if self.trained.regime("batching") == "stream":
            return self._scored_stream(split, state)
        return self._scored_sentences(split), None

    @torch.inference_mode()
    def continuation_log_probabilities(self, prefixes: Sequence[Ids], continuations: Sequence[Ids]) -> NDArray[np.float64]:
        """Return the log-probability of each text of words behind its beginning of a document, in nats, shape (N,)."""
        totals = np.zeros(len(prefixes))
        longest = max((len(one) + len(other) for one, other in zip(prefixes, continuations, strict=True)), default=1)
        rows = max(1, WORDS // longest)
        for start in range(0, len(prefixes), rows):
            chosen = slice(start, start + rows)
            texts = [np.concatenate([[EOS], *pair]) for pair in zip(prefixes[chosen], continuations[chosen], strict=True)]
            ids = pad_sequence([torch.from_numpy(text.astype(np.int64)) for text in texts], batch_first=True, padding_value=PAD)
            lengths = torch.tensor([len(text) - 1 for text in texts])
            found, _ = self._word_log_probabilities(ids[:, :-1], lengths, ids[:, 1:], None)
            for row, text in enumerate(texts):
                words = len(continuations[start + row])
                totals[start + row] = float(found[row, len(text) - 1 - words : len(text) - 1].double().sum())
        return totals

    @torch.inference_mode()
    def next_word(self, ids: Ids, state: Any) -> tuple[Floats, Any]:
        """Read one more word of each text, ids of shape (B,); return log-probabilities (B, C) and the new state."""
        inputs = torch.from_numpy(ids.astype(np.int64))[:, None].to(self.trained.device)  # (B, 1)
        states, state = self.trained.model(inputs, torch.ones(len(ids), dtype=torch.int64), state)
        return self.trained.model.head.log_probabilities(states[:, -1]).cpu().numpy(), state

    def read_stream(self, split: EncodedSplit, state: Any = None) -> Iterator[tuple[Tensor, Tensor, Any]]:
        """Yield for each window of a stream the states for the head (T, H), the words to predict (T,), and the new state."""
        windows = StreamWindows(stream(split), batch_size=1, bptt=WORDS)
        for batch in map(windows.window, range(len(windows))):
            states, state = self.trained.model(batch.ids.to(self.trained.device), batch.lengths, state)
            yield states[0], batch.targets[0].to(self.trained.device), state

    def _scored_sentences(self, split: EncodedSplit) -> NDArray[np.float64]:
        found, starts = np.zeros(len(split.ids) + len(split)), _starts(split)
        is_long = split.lengths >= WORDS
        for row in np.flatnonzero(is_long).tolist():
            alone = EncodedSplit(split.document(row), np.array([0, split.lengths[row]]))
            found[starts[row] : starts[row] + split.lengths[row] + 1], _ = self._scored_stream(alone, None)
        short = np.flatnonzero(~is_long)
        longest = int(split.lengths[short].max(initial=0)) + 1
        for chosen in sorted_plan(split.lengths[short], max(1, min(256, WORDS // longest))):
            rows = short[chosen]
            batch = sentence_batch(split, rows)
            scores, _ = self._word_log_probabilities(batch.ids, batch.lengths, batch.targets, None)
            places = starts[rows, None] + np.arange(batch.ids.shape[1])  # (B, T)
            kept = batch.targets != IGNORED
            found[places[kept.numpy()]] = scores[kept].double().numpy()
        return found

    def _scored_stream(self, split: EncodedSplit, state: Any) -> tuple[NDArray[np.float64], Any]:
        found = [np.zeros(0)]
        for states, words, after in self.read_stream(split, state):
            found.append(self.trained.model.head.target_log_probabilities(states, words).cpu().double().numpy())
            state = after
        return np.concatenate(found), state

    def _word_log_probabilities(self, ids: Tensor, lengths: Tensor, targets: Tensor, state: Any) -> tuple[Tensor, Any]:
        """Return the log-probability of each target (B, T), on the CPU, and the state after the last word."""
        device = self.trained.device
        states, state = self.trained.model(ids.to(device), lengths.to(device), state)
        return self.trained.model.head.target_log_probabilities(states, targets.to(device)).cpu(), state


def _from_the_beginning(found: NDArray[np.float64], split: EncodedSplit) -> NDArray[np.float64]:
    """Return scores of a backward reading, whose documents end with their first words, in the order of the text."""
    turned = found[::-1]  # of each document the <eos>, then its words
    places = np.arange(len(turned)) + 1
    places[split.offsets[1:] + np.arange(len(split))] = _starts(split)
    return turned[places] if len(turned) else found


def _starts(split: EncodedSplit) -> NDArray[np.int64]:
    """Return where each document begins among all words and ends of documents, shape (documents,)."""
    starts: NDArray[np.int64] = split.offsets[:-1] + np.arange(len(split))
    return starts
