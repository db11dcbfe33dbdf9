"""One training from first step to best weights, by Lightning's Trainer; killed on the way, it goes on where it was."""

from __future__ import annotations

import logging
import signal
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytorch_lightning as pl
import torch
from pytorch_lightning.callbacks import EarlyStopping
from pytorch_lightning.plugins import environments
from pytorch_lightning.plugins.io import TorchCheckpointIO
from pytorch_lightning.utilities.exceptions import SIGTERMException

from rnnpipe.common.files import atomic_file
from rnnpipe.common.memory import memory_kept
from rnnpipe.models.history import History
from rnnpipe.models.model import Model
from rnnpipe.params import Run
from rnnpipe.tasks.task import Task
from rnnpipe.text.encoded import EncodedCorpus
from rnnpipe.training.data import PlannedDataModule
from rnnpipe.training.epochs import Epochs, MetricLog
from rnnpipe.training.module import TaskModule
from rnnpipe.training.processes import cluster_of

ADVICE = (
    ".*does not have many workers.*",
    ".*The number of training batches .* is smaller than the logging interval.*",
    ".*Checkpoint directory .* exists and is not empty.*",
    ".*Be aware that when using `ckpt_path`, callbacks used to create the checkpoint.*",
    ".*GPU available but not used.*",
    ".*LeafSpec.*is deprecated.*",  # Lightning 2.6 with torch 2.13
)
"""Lightning's messages that ask for nothing here; each is muted by its own words, so that what is new is heard."""

CLUSTERS: dict[str, Any] = {
    "none": environments.LightningEnvironment,  # type: ignore[attr-defined]
    "slurm": environments.SLURMEnvironment,  # type: ignore[attr-defined]
    "torchrun": environments.TorchElasticEnvironment,  # type: ignore[attr-defined]
}
"""`none`: Slurm's variables would make Lightning wait for processes that nobody starts."""


def fit(
    task: Task,
    run: Run,
    model: Model,
    corpus: EncodedCorpus,
    seed: int,
    checkpoint: Path | None = None,
    tracker: MetricLog | None = None,
) -> History:
    """Train a model and leave it with the weights of the epoch that did best by the run's `selection`.

    With so many threads of a CPU as `trainer.threads` says the result is the same bytes on every run, interrupted or not: the
    order of an epoch is drawn from the seed and the epoch's number, the dropout of a step from the seed and the step's number.

    Parameters
    ----------
    task : Task
    run : Run
        Of this task.
    model : Model
        At its start.
    corpus : EncodedCorpus
        With the splits `train` and `valid`.
    seed : int
        Decides order and dropout.
    checkpoint : Path, default=None
        File that is written after each epoch and every few minutes, and from which the training goes on if it is there.
    tracker : MetricLog, default=None
        Is also told the speed.

    Raises
    ------
    RnnpipeError
        The loss is not a number any more, or the corpus is not one of this task.
    """
    data = PlannedDataModule(*task.batches(corpus, run, seed))
    module = TaskModule(model.train(), task, run, data.steps_per_epoch)
    epochs = Epochs(run, seed, data.train.tokens, checkpoint, tracker)
    with _threads(run.trainer.threads), memory_kept(), _memory_as_it_is(), _without_advice(), _ended_by_signal():
        _trainer(run, epochs).fit(module, data, ckpt_path=checkpoint if checkpoint and checkpoint.exists() else None)
    model.load_state_dict(epochs.best)
    return epochs.history


def _trainer(run: Run, epochs: Epochs) -> pl.Trainer:
    settings, selection = run.trainer, run.selected_by
    alone = settings.devices in ("auto", 1) and settings.num_nodes == 1
    stopping = EarlyStopping(
        selection.column, patience=settings.patience or settings.epochs, mode="max" if selection.higher_is_better else "min"
    )
    return pl.Trainer(
        max_epochs=settings.epochs,
        gradient_clip_val=run.optimizer.clip,
        precision=settings.precision if torch.accelerator.is_available() else 32,  # on a CPU the module rounds, products alone
        devices=settings.devices,
        num_nodes=settings.num_nodes,
        strategy="auto" if alone and settings.strategy == "auto" else "ddp",
        deterministic=True,
        use_distributed_sampler=False,  # the data module divides each batch itself
        callbacks=[epochs, *([stopping] if settings.patience else [])],
        plugins=[CLUSTERS[cluster_of(settings)](), AtomicCheckpointIO()],
        logger=False,
        enable_progress_bar=sys.stderr.isatty(),
        enable_model_summary=False,
        num_sanity_val_steps=0,
    )


@contextmanager
def _threads(count: int) -> Iterator[None]:
    """Let torch compute with so many threads of a CPU."""
    before = torch.get_num_threads()
    torch.set_num_threads(count)
    try:
        yield
    finally:
        torch.set_num_threads(before)


@contextmanager
def _memory_as_it_is() -> Iterator[None]:
    """Keep torch from writing NaN into new memory that is written anyhow, as it does where it is to be deterministic.

    With large vocabularies that is a tenth of a step, and no result depends on it: what is read was written before.
    """
    settings: Any = torch.utils.deterministic
    before, settings.fill_uninitialized_memory = settings.fill_uninitialized_memory, False
    try:
        yield
    finally:
        settings.fill_uninitialized_memory = before


class AtomicCheckpointIO(TorchCheckpointIO):
    """Writes a checkpoint beside its target and renames it: killed on the way, the one before is still whole."""

    def save_checkpoint(self, checkpoint: dict[str, Any], path: str | Path, storage_options: Any = None) -> None:
        """Write the file whole or not at all."""
        with atomic_file(Path(path)) as temporary:
            torch.save(checkpoint, temporary)


@contextmanager
def _ended_by_signal() -> Iterator[None]:
    """End with the status of a signal, where Lightning would exit with status 0, as if there were a model."""
    try:
        yield
    except SIGTERMException:
        sys.exit(128 + signal.SIGTERM)


@contextmanager
def _without_advice() -> Iterator[None]:
    for name in ("pytorch_lightning", "lightning_fabric"):
        logging.getLogger(name).setLevel(logging.ERROR)  # what hardware was found; its errors stay
    with warnings.catch_warnings():
        for message in ADVICE:
            warnings.filterwarnings("ignore", message)
        yield
