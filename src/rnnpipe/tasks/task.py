"""What all tasks have in common."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, ClassVar

from torch import Tensor

from rnnpipe.batches.batch import Batch, Batches
from rnnpipe.common.errors import RnnpipeError
from rnnpipe.heads.head import Counts, Head, options_of
from rnnpipe.layers.recurrent import Recurrent
from rnnpipe.layers.unknown_words import UnknownWords
from rnnpipe.models.build import Sizes
from rnnpipe.models.model import Read
from rnnpipe.params import Network, TaskSections
from rnnpipe.text.encoded import EncodedCorpus
from rnnpipe.text.vocabulary import Vocabulary

TASKS: dict[str, Task] = {}
"""Name → the task, of those that have been imported; see `task_named`."""


class Task(ABC):
    """One way of asking a recurrent network: what it reads, what its head says, and what that is worth.

    A subclass with a `name` is known by it from then on. A task holds no state: one instance serves all runs.
    """

    name: ClassVar[str]
    """Section of params.yaml, folder of models/ and reports/, experiment in MLflow."""
    network: ClassVar[type[Network]]
    """Class of the run's `network`."""
    heads: ClassVar[Mapping[str, type[Head]]]
    """Kinds of heads that `network.head` may name."""

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        TASKS[cls.name] = cls()

    @abstractmethod
    def outputs(self, corpus: EncodedCorpus) -> int:
        """Return how many outputs the head chooses from."""

    @abstractmethod
    def batches(self, corpus: EncodedCorpus, run: Any, seed: int) -> tuple[Batches, Batches]:
        """Return the batches of the splits `train` and `valid`; `run` is of the task's class of params.

        Raises
        ------
        RnnpipeError
            The corpus is not one of this task.
        """

    def output_counts(self, vocabulary: Vocabulary, sizes: Sizes) -> Counts | None:
        """Return how often each output stands in the training text, shape (C,); None where outputs are not words."""
        return None

    def corpus(self, run: Any, corpus: EncodedCorpus, embedding: Path) -> EncodedCorpus:
        """Return a corpus as a run's network knows it: with what the embedding adds to its words."""
        return corpus

    def unknown_words(self, network: Any, vocabulary: Vocabulary) -> UnknownWords | None:
        """Return what reads words as `<unk>` in training; None: nothing does."""
        return None

    def is_carried(self, run: Any) -> bool:
        """Tell whether each batch begins in the state that the one before ended in."""
        return False

    def rate_scale(self, run: Any, batch: Batch) -> float:
        """Return what the learning rate of a batch's step is multiplied by; the same in all processes."""
        return 1.0

    def penalty(self, run: Any, read: Read, batch: Batch) -> Tensor | float:
        """Return what is added to the sum of the losses of a training batch, for the gradient alone."""
        return 0.0

    def counts(self, head: Head, states: Tensor, batch: Batch) -> Tensor:
        """Return what the scores are made of, shape (K,); the counts of all batches and processes are added up."""
        return states.new_zeros(0)

    @abstractmethod
    def scores(self, loss: float, counts: Sequence[float]) -> dict[str, float]:
        """Return what the history shows beside the loss, from the mean loss (nats) and the sums of `counts`."""

    def head_of(self, network: Network) -> type[Head]:
        """Return the class of a run's head.

        Raises
        ------
        RnnpipeError
            The task has no such head, or the head no such option.
        """
        kind = network.head.kind
        if kind not in self.heads:
            raise RnnpipeError(f"network.head: {kind!r} is no head of {self.name}; there are: {', '.join(self.heads)}")
        options = options_of(self.heads[kind])
        unknown = sorted(set(network.head.options) - set(options))
        if unknown:
            known = ", ".join(options) or "none"
            raise RnnpipeError(f"network.head.{unknown[0]}: no option of a head of kind {kind}; its options: {known}")
        return self.heads[kind]


def task_named(name: str) -> Task:
    """Return a task by its name; those of this package are imported when they are first asked for.

    Raises
    ------
    RnnpipeError
        There is no such task.
    """
    if name not in TASKS and name.isidentifier():
        try:
            import_module(f"rnnpipe.tasks.{name}")
        except ModuleNotFoundError:
            raise RnnpipeError(f"{name}: no such task in this version of rnnpipe") from None
    return TASKS[name]


def check_networks(params: TaskSections) -> None:
    """Refuse a head that the task does not have, options that this kind of head does not take, weight dropout of no weights."""
    for section in TaskSections.model_fields:
        for name, run in getattr(params, section).runs.items():
            try:
                task_named(section).head_of(run.network)
                if run.network.weight_dropout:
                    Recurrent(run.network.cell, 1, [1], weight_dropout=run.network.weight_dropout)
            except RnnpipeError as error:
                raise RnnpipeError(f"params.yaml: {section}.runs.{name}.{error}") from None
