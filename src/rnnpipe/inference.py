"""A trained model in use: stages, the command line and whoever serves it read its directory through here.

What a model was trained for is its own knowledge: batching, longest text and lower-casing come from its directory.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn.utils.rnn import pad_sequence

from rnnpipe.batches.batch import IGNORED, Batch, classification_batch, sentence_batch, tagging_batch
from rnnpipe.batches.plans import sorted_plan
from rnnpipe.batches.streams import StreamWindows, stream
from rnnpipe.common.errors import RnnpipeError
from rnnpipe.models.build import Sizes, build_model
from rnnpipe.models.model import Model
from rnnpipe.models.model_directory import fill, read_config
from rnnpipe.tasks.task import Task, task_named
from rnnpipe.text.encoded import EncodedSplit
from rnnpipe.text.tokenizer import load_tokenizer, tokenize
from rnnpipe.text.vocabulary import EOS, PAD, Vocabulary

Ids = NDArray[np.integer[Any]]
Floats = NDArray[np.floating[Any]]

BATCH_SIZE = 128
"""Documents read together; this changes the time and not the result."""
LOG_PROBABILITIES = 2**25
"""Numbers in the largest tensor of log-probabilities: 128 MiB in float32, and about three times as much in all."""
WINDOW = 256
"""Words of a stream read at a time. The state is carried on, so this changes the memory needed and not the result."""


@dataclass(frozen=True)
class TrainedModel:
    """A model as `open_model` gives it: in evaluation mode, on a GPU where there is one."""

    model: Model
    task: Task
    config: dict[str, Any]
    """What `config.json` holds."""
    vocabulary: Vocabulary
    tokenizer: Tokenizer
    device: torch.device

    @property
    def parameters(self) -> int:
        """Number of weights."""
        return sum(weights.numel() for weights in self.model.parameters())

    def regime(self, name: str) -> Any:
        """Return a parameter of the run that says how texts are read, `max_length` say; None where it has none."""
        return self.config["parameters"].get(name)

    def require_vocabulary(self, vocabulary: Vocabulary) -> None:
        """Refuse a corpus that was encoded with another vocabulary than the model was trained with."""
        if vocabulary.sha256 != self.vocabulary.sha256:
            raise RnnpipeError("the corpus was encoded with another vocabulary than the model's; train again or encode it again")

    def words(self, text: str) -> list[str]:
        """Cut a text into words as the model's corpus was cut."""
        return [token for token, _, _ in tokenize(self.tokenizer, text)]

    def encode(self, texts: Sequence[Sequence[str]]) -> EncodedSplit:
        """Return texts, given by their words, as a split that the functions below read."""
        ids = [self.vocabulary.encode(words) for words in texts]
        offsets = np.cumsum([0, *(len(row) for row in ids)], dtype=np.int64)
        return EncodedSplit(np.concatenate([np.zeros(0, np.int64), *ids]).astype(np.uint32), offsets)

    def read(self, batch: Batch) -> Tensor:
        """Return the states that the head reads, of texts on their own."""
        states, _ = self.model(batch.ids.to(self.device), batch.lengths.to(self.device))
        return states  # type: ignore[no-any-return]


def open_model(directory: Path, device: str | None = None) -> TrainedModel:
    """Read a model directory.

    Parameters
    ----------
    directory : Path
        As `save_model` wrote it.
    device : str, optional
        `cpu`, `cuda`, …; None: the first GPU where there is one.

    Raises
    ------
    RnnpipeError
        A file is missing or differs from its checksum, the vocabulary is not the one the network was trained with, the weights
        are not those of the network that `config.json` describes, or it is not of this version of rnnpipe.
    """
    config = read_config(directory)
    vocabulary = Vocabulary.from_file(directory / "vocabulary.tsv")
    if vocabulary.sha256 != config["vocabulary_sha256"]:
        raise RnnpipeError(f"{directory / 'vocabulary.tsv'}: not the vocabulary that the model was trained with; restore it")
    try:
        task, sizes = task_named(config["task"]), Sizes(**config["sizes"])
        network = task.network.from_plain(config["parameters"]["network"])
    except (KeyError, TypeError, ValueError) as error:
        raise RnnpipeError(f"{directory}: not a model of this version of rnnpipe ({error}); train it again") from None
    model = build_model(network, sizes, task.head_of(network), task.output_counts(vocabulary, sizes))
    fill(model, directory / "model.safetensors")
    place = torch.device(device or ("cuda" if torch.cuda.is_available() else "cpu"))
    return TrainedModel(model.eval().to(place), task, config, vocabulary, load_tokenizer(directory / "tokenizer.json"), place)


@torch.inference_mode()
def class_probabilities(trained: TrainedModel, split: EncodedSplit) -> NDArray[np.float32]:
    """Return the probability of each label, shape (documents, C)."""
    result = np.zeros((len(split), trained.model.head.outputs), dtype=np.float32)
    for rows in sorted_plan(split.lengths, BATCH_SIZE):
        states = trained.read(classification_batch(split, rows, trained.regime("max_length")))
        result[rows] = trained.model.head.log_probabilities(states).exp().cpu().numpy()
    return result


@torch.inference_mode()
def predicted_tags(trained: TrainedModel, split: EncodedSplit) -> NDArray[np.uint8]:
    """Return the id of the tag of every word, shape (N,), in the order of the split."""
    result = np.zeros(len(split.ids), dtype=np.uint8)
    for rows in sorted_plan(split.lengths, BATCH_SIZE):
        batch = tagging_batch(split, rows)
        tags = trained.model.head.decode(trained.read(batch), batch.lengths.to(trained.device)).cpu()  # (B, T)
        words = np.concatenate([np.arange(*split.offsets[row : row + 2]) for row in rows]).astype(np.int64)
        result[words] = tags[torch.arange(batch.ids.shape[1]) < batch.lengths[:, None]].numpy()
    return result


class TrainedLanguageModel:
    """Scores and continues texts with a trained language model, in the regime that it was trained in.

    Of a model of sentences each document begins from a zero state, of one of a stream where the document before it has ended.
    """

    def __init__(self, trained: TrainedModel) -> None:
        self.trained = trained
        self.outputs = trained.model.head.outputs

    def log_probability(self, split: EncodedSplit) -> float:
        """Return the sum over all words and the `<eos>` of each document, in nats."""
        return float(self.document_log_probabilities(split).sum())

    @torch.inference_mode()
    def document_log_probabilities(self, split: EncodedSplit) -> NDArray[np.float64]:
        """Return the sum over the words and the `<eos>` of each document, in nats, shape (documents,)."""
        totals = np.zeros(len(split))
        for documents, batch, found in self._scored(split):
            kept = batch.targets != IGNORED
            np.add.at(totals, documents[kept.numpy()], found[kept].double().numpy())
        return totals

    @torch.inference_mode()
    def continuation_log_probabilities(self, prefixes: Sequence[Ids], continuations: Sequence[Ids]) -> NDArray[np.float64]:
        """Return the log-probability of each text of words behind its beginning of a document, in nats, shape (N,)."""
        totals = np.zeros(len(prefixes))
        longest = max((len(one) + len(other) for one, other in zip(prefixes, continuations, strict=True)), default=1)
        rows = max(1, LOG_PROBABILITIES // (self.outputs * longest))
        for start in range(0, len(prefixes), rows):
            texts = [np.concatenate([[EOS], *pair]) for pair in zip(prefixes, continuations, strict=True)][start : start + rows]
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

    def _scored(self, split: EncodedSplit) -> Iterator[tuple[Ids, Batch, Tensor]]:
        """Yield, batch by batch, the document that each position belongs to, and the log-probability of its target, (B, T)."""
        if self.trained.regime("batching") == "stream":
            yield from self._scored_stream(split)
            return
        longest = int(split.lengths.max(initial=0)) + 1
        for rows in sorted_plan(split.lengths, max(1, min(256, LOG_PROBABILITIES // (longest * self.outputs)))):
            batch = sentence_batch(split, rows)
            found, _ = self._word_log_probabilities(batch.ids, batch.lengths, batch.targets, None)
            yield np.repeat(rows[:, None], batch.ids.shape[1], axis=1), batch, found

    def _scored_stream(self, split: EncodedSplit) -> Iterator[tuple[Ids, Batch, Tensor]]:
        windows, state = StreamWindows(stream(split), batch_size=1, bptt=WINDOW), None
        owners = np.repeat(np.arange(len(split)), split.lengths + 1)
        for index in range(len(windows)):
            batch = windows.window(index)
            found, state = self._word_log_probabilities(batch.ids, batch.lengths, batch.targets, state)
            yield owners[None, index * WINDOW : index * WINDOW + batch.ids.shape[1]], batch, found

    def _word_log_probabilities(self, ids: Tensor, lengths: Tensor, targets: Tensor, state: Any) -> tuple[Tensor, Any]:
        """Return the log-probability of each target (B, T), on the CPU, and the state after the last word."""
        device = self.trained.device
        states, state = self.trained.model(ids.to(device), lengths.to(device), state)
        found = self.trained.model.head.log_probabilities(states)  # (B, T, C)
        return found.gather(2, targets.to(device).clamp(min=0)[..., None])[..., 0].cpu(), state
