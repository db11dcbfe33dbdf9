"""A model directory, opened for use."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor

from rnnpipe.batches.batch import Batch, Features
from rnnpipe.common.errors import RnnpipeError
from rnnpipe.models.build import Sizes, build_model
from rnnpipe.models.model import Model
from rnnpipe.models.model_directory import fill, read_config, reader_directories
from rnnpipe.tasks.task import Task, task_named
from rnnpipe.text.encoded import EncodedSplit
from rnnpipe.text.learned_words import LearnedCuts, LearnedTokenizer
from rnnpipe.text.spellings import Spellings
from rnnpipe.text.tokenizer import BatchTokenizer, load_tokenizer
from rnnpipe.text.vocabulary import UNK, Vocabulary


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
    readers: tuple[TrainedModel, ...] = ()
    """Language models whose states it reads."""

    @property
    def network(self) -> Any:
        """The parameters that the model was built from, of the task's class."""
        return self.task.network.from_plain(self.config["parameters"]["network"])

    @property
    def parameters(self) -> int:
        """Number of weights."""
        return sum(weights.numel() for weights in self.model.parameters())

    def regime(self, name: str) -> Any:
        """Return a parameter of the run that says how texts are read, `max_length` say; None where it has none."""
        return self.config["parameters"].get(name)

    def require_vocabulary(self, vocabulary: Vocabulary) -> None:
        """Refuse a corpus that was encoded with another vocabulary than the model was trained with.

        A model may know words behind those of its corpus, from its embedding.
        """
        if vocabulary.tokens != self.vocabulary.tokens[: len(vocabulary)]:
            raise RnnpipeError("the corpus was encoded with another vocabulary than the model's; train again or encode it again")

    @property
    def lowercase(self) -> bool:
        """Whether the model reads capitals as small letters."""
        return bool(self.tokenizer.normalizer.normalize_str("A") == "a")

    @cached_property
    def _cuts(self) -> LearnedCuts:
        return LearnedCuts(self.vocabulary)

    def batch_tokenizer(self) -> BatchTokenizer:
        """Return what cuts texts into words as the model's corpus was cut; it remembers words, so keep it for a batch alone."""
        of_words = bool(self.config["tags"])  # the files of a corpus with tags were cut already
        return LearnedTokenizer(self.tokenizer, self._cuts) if of_words else BatchTokenizer(self.tokenizer)

    def encode(self, texts: Sequence[Sequence[str]]) -> EncodedSplit:
        """Return texts, given by their tokens, as a split that the functions below read."""
        words = list(chain.from_iterable(texts))
        ids = self.vocabulary.encode(words).astype(np.uint32)
        spellings = Spellings.of(word for word, number in zip(words, ids.tolist(), strict=True) if number == UNK)
        return EncodedSplit(ids, np.cumsum([0, *map(len, texts)], dtype=np.int64), spellings=spellings)

    def read(self, batch: Batch) -> Tensor:
        """Return the states that the head reads, of texts on their own."""
        features = batch.features and Features(*(tensor.to(self.device) for tensor in batch.features))
        states, _ = self.model(batch.ids.to(self.device), batch.lengths.to(self.device), features=features)
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
    if directory.is_file():
        raise RnnpipeError(f"{directory}: a file, where the directory of a model is meant; name the folder that it lies in")
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
    readers = tuple(open_model(path, device) for path in reader_directories(directory))
    tokenizer = load_tokenizer(directory / "tokenizer.json")
    return TrainedModel(model.eval().to(place), task, config, vocabulary, tokenizer, place, readers)
