"""One training from first step to best weights, by Lightning's Trainer; killed on the way, it goes on where it was."""

from __future__ import annotations

import hashlib
import logging
import os
import shutil
import sys
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import pytorch_lightning as pl
import torch
from lightning_fabric.plugins.environments.lightning import LightningEnvironment
from lightning_fabric.utilities.warnings import PossibleUserWarning
from pytorch_lightning.callbacks import Checkpoint, EarlyStopping
from pytorch_lightning.plugins.io import TorchCheckpointIO

from rnnpipe.common.files import atomic_file, sha256_of_tree
from rnnpipe.common.seeds import derive_seed
from rnnpipe.datamodules.planned import PlannedDataModule
from rnnpipe.modules.sequence import SequenceModule
from rnnpipe.params import Run
from rnnpipe.text.batches import Batch

logger = logging.getLogger(__name__)

History = list[dict[str, float]]
"""A row for each epoch: epoch (from 1), step (optimizer steps so far), train_loss, val_loss (nats), the task's scores."""


class MetricLog(Protocol):
    """What is told of each epoch as it ends; a `rnnpipe.tracking.Tracker` is one."""

    def log_metrics(self, metrics: dict[str, float], step: int) -> None:  # noqa: D102
        ...


def fit(
    module: SequenceModule,
    datamodule: PlannedDataModule,
    run: Run,
    checkpoint: Path | None = None,
    tracker: MetricLog | None = None,
) -> History:
    """Train a module's network and leave it with the weights of the epoch that had the lowest validation loss.

    On one thread of a CPU the result is the same bytes on every run, interrupted or not: order and dropout of each epoch
    are drawn from the seed and the epoch's number alone.

    Parameters
    ----------
    module : SequenceModule
        Holds the network at its start.
    datamodule : PlannedDataModule
        Training and validation batches.
    run : Run
        `epochs`, `patience`, `clip` and `devices` are read.
    checkpoint : Path, default=None
        File that is written after each epoch, and from which the training goes on if it is there; see `checkpoint_file`.
    tracker : MetricLog, default=None
        Is also told the speed, which is no part of the history.

    Raises
    ------
    RnnpipeError
        The loss is not a number any more.
    """
    epochs = Epochs(checkpoint, tracker, datamodule, run.epochs)
    stopping = [EarlyStopping("val_loss", patience=run.patience)] if run.patience else []
    with _quiet():
        trainer = pl.Trainer(
            max_epochs=run.epochs,
            gradient_clip_val=run.clip,
            devices=run.devices,
            strategy="auto" if run.devices in ("auto", 1) else "ddp",
            deterministic=True,
            use_distributed_sampler=False,
            callbacks=[epochs, *stopping],
            plugins=[LightningEnvironment(), AtomicCheckpointIO()],  # Slurm's variables would make Lightning wait for others
            logger=False,
            enable_progress_bar=sys.stderr.isatty(),
            enable_model_summary=False,
            num_sanity_val_steps=0,
        )
        trainer.fit(module, datamodule, ckpt_path=checkpoint if checkpoint and checkpoint.exists() else None)
    module.network.load_state_dict(epochs.best)
    return epochs.history


def is_main_process() -> bool:
    """Whether this process is the one that writes; Lightning starts the others with the same command, and a number."""
    return os.environ.get("LOCAL_RANK", "0") == "0"


def checkpoint_file(task: str, run_name: str, run: Run, inputs: list[Path]) -> Path:
    """Return where a training keeps its checkpoint.

    The name is made from the run's parameters, the content of its inputs and the code: what was left behind by a training
    of anything else is not found.
    """
    package = Path(__file__).parent
    parts = [run.model_dump_json(), torch.__version__, *(sha256_of_tree(path) for path in [package, *inputs])]
    key = hashlib.sha256("\n".join(parts).encode()).hexdigest()
    return Path("checkpoints", task, run_name, f"{key[:16]}.ckpt")


def discard(checkpoint: Path) -> None:
    """Remove a run's checkpoints, those of other parameters too, once its model is safe."""
    shutil.rmtree(checkpoint.parent, ignore_errors=True)


class Epochs(Checkpoint):
    """Keeps the history and the best weights, and writes the checkpoint.

    A subclass of Lightning's Checkpoint, since these are called after everything else has been logged.
    """

    def __init__(self, file: Path | None, tracker: MetricLog | None, datamodule: PlannedDataModule, most: int) -> None:
        self.file = file
        self.tracker = tracker
        self.datamodule = datamodule
        self.most = most
        self.history: History = []
        self.best: dict[str, torch.Tensor] = {}
        self.stopped = False
        self._seconds = 0.0

    def on_train_start(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Stop at once if the checkpoint is of a training that early stopping had ended."""
        trainer.should_stop = self.stopped

    def on_train_batch_start(self, trainer: pl.Trainer, pl_module: pl.LightningModule, batch: Batch, batch_idx: int) -> None:
        """Draw this epoch's dropout from a seed of its own, so that no state of a generator has to be kept."""
        if batch_idx == 0:  # after a resume Lightning passes over on_train_epoch_start
            torch.manual_seed(derive_seed(self.datamodule.seed, "dropout", trainer.current_epoch, trainer.global_rank))
            self._seconds = -time.perf_counter()

    def on_validation_start(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Take the time: the training part of the epoch is over."""
        self._seconds += time.perf_counter()

    def on_train_epoch_end(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Add a row to the history, keep the weights if they are the best, write the checkpoint."""
        names = sorted(trainer.callback_metrics, key=lambda name: (not name.endswith("_loss"), name))
        metrics = {name: float(f"{float(trainer.callback_metrics[name]):.6g}") for name in names}
        best_before = min((row["val_loss"] for row in self.history), default=float("inf"))
        if metrics["val_loss"] < best_before or not self.best:
            network: torch.nn.Module = pl_module.network  # type: ignore[assignment]
            self.best = {name: tensor.detach().cpu().clone() for name, tensor in network.state_dict().items()}
        self.history.append({"epoch": len(self.history) + 1, "step": trainer.global_step, **metrics})
        self.stopped = trainer.should_stop
        self._report(trainer, metrics)
        if self.file:
            trainer.save_checkpoint(self.file)

    def _report(self, trainer: pl.Trainer, metrics: dict[str, float]) -> None:
        if not trainer.is_global_zero:
            return
        speed = self.datamodule.train.tokens / max(self._seconds, 1e-9)
        if not trainer.progress_bar_callback:
            numbers = "  ".join(f"{name} {value:g}" for name, value in metrics.items())
            logger.info("epoch %d of %d  %s  %.0f tokens/s", len(self.history), self.most, numbers, speed)
        if self.tracker:
            self.tracker.log_metrics({**metrics, "tokens_per_second": speed}, trainer.global_step)

    def state_dict(self) -> dict[str, Any]:
        """Return what a training that goes on must know, as plain data."""
        return {"history": self.history, "best": self.best, "stopped": self.stopped}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Take up what `state_dict` returned."""
        self.history, self.best, self.stopped = state_dict["history"], state_dict["best"], state_dict["stopped"]


class AtomicCheckpointIO(TorchCheckpointIO):
    """Writes a checkpoint beside its target and renames it: killed on the way, the one before is still whole."""

    def save_checkpoint(self, checkpoint: dict[str, Any], path: str | Path, storage_options: Any = None) -> None:
        """Write the file whole or not at all."""
        with atomic_file(Path(path)) as temporary:
            torch.save(checkpoint, temporary)


@contextmanager
def _quiet() -> Iterator[None]:
    """Leave out Lightning's advice to look for more workers, loggers and devices; its errors stay."""
    for name in ("pytorch_lightning", "lightning_fabric"):
        logging.getLogger(name).setLevel(logging.ERROR)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PossibleUserWarning)
        warnings.filterwarnings("ignore", ".*LeafSpec.*is deprecated", FutureWarning)  # Lightning 2.6 with torch 2.13
        yield
