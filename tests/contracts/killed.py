"""A training of a carried stream that kills itself, with SIGKILL, before a step; run as a script."""

from __future__ import annotations

import os
import signal
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch

sys.path.insert(0, str(Path(__file__).parent.parent))
from small_corpora import small_corpus
from small_runs import small_model, small_run

from rnnpipe.models.history import History
from rnnpipe.tasks.task import task_named
from rnnpipe.training import trainer
from rnnpipe.training.data import PlannedDataModule

RUN = small_run(
    "language_model",
    network={"cell": "lstm", "dropout": 0.3, "embedding_dropout": 0.2},
    optimizer={"schedule": "one_cycle"},
    trainer={"checkpoint_minutes": 1e-9},
    batching="stream",
    bptt=4,
)


def train(folder: Path, checkpoint: Path) -> tuple[dict[str, torch.Tensor], History]:
    """Train, from the checkpoint on if there is one."""
    corpus = small_corpus(folder)
    model, _ = small_model(RUN, corpus, "language_model")
    return model.state_dict(), trainer.fit(task_named("language_model"), RUN, model, corpus, 1, checkpoint)


class Mortal(PlannedDataModule):
    """Ends the process when a batch is asked for too many."""

    def __init__(self, train: Any, valid: Any) -> None:
        made = iter(range(10**6))

        def make(entry: Any) -> Any:
            if next(made) == int(sys.argv[2]):
                os.kill(os.getpid(), signal.SIGKILL)
            return train.make(entry)

        super().__init__(replace(train, make=make), valid)


if __name__ == "__main__":
    trainer.PlannedDataModule = Mortal  # type: ignore[misc]
    train(Path(sys.argv[1]) / "corpus", Path(sys.argv[1]) / "x.ckpt")
