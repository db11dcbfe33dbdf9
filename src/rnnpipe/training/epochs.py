"""What happens at the end of an epoch: history, best weights, checkpoint, a line in the log."""

from __future__ import annotations

import logging
import time
from pathlib import Path
from typing import Any, Protocol

import pytorch_lightning as pl
import torch
from pytorch_lightning.callbacks import Checkpoint

from rnnpipe.batches.batch import Batch
from rnnpipe.common.errors import RnnpipeError
from rnnpipe.common.seeds import derive_seed
from rnnpipe.common.tables import rounded
from rnnpipe.models.history import History, best_row
from rnnpipe.params import Run

logger = logging.getLogger(__name__)


class MetricLog(Protocol):
    """What is told of each epoch as it ends; a `rnnpipe.tracking.Tracker` is one."""

    def log_metrics(self, metrics: dict[str, float], step: int) -> None:  # noqa: D102
        ...


class Epochs(Checkpoint):
    """Keeps the history and the best weights, and writes the checkpoint, after each epoch and every few minutes.

    Callbacks of Lightning's class Checkpoint are called after everything else has been logged.

    Parameters
    ----------
    run : Run
        `trainer.epochs`, `trainer.checkpoint_minutes` and `selection` are read.
    seed : int
        For dropout.
    tokens : int
        Words that are read in an epoch.
    file : Path, default=None
        Where the checkpoint is written; None: nowhere.
    tracker : MetricLog, default=None
        Is told of each epoch.
    """

    def __init__(self, run: Run, seed: int, tokens: int, file: Path | None = None, tracker: MetricLog | None = None) -> None:
        self.run = run
        self.seed = seed
        self.tokens = tokens
        self.file = file
        self.tracker = tracker
        self.history: History = []
        self.best: dict[str, torch.Tensor] = {}
        self.stopped = False
        self._saved = time.monotonic()
        self._seconds = 0.0
        self._first_batch = 0

    def on_train_start(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Stop at once if the checkpoint is of a training that early stopping had ended."""
        trainer.should_stop = self.stopped

    def on_train_batch_start(self, trainer: pl.Trainer, pl_module: pl.LightningModule, batch: Batch, batch_idx: int) -> None:
        """Write a checkpoint if it is time, and draw this step's dropout from a seed of its own.

        So no state of a generator has to be kept, and a training that goes on in the middle of an epoch draws the same.
        """
        if self._seconds >= 0:
            self._seconds, self._first_batch = -time.perf_counter(), batch_idx
        if batch_idx and self.file and self._is_time(trainer):
            trainer.save_checkpoint(self.file)
            self._saved = time.monotonic()
        _seed_generators(derive_seed(self.seed, "dropout", trainer.global_step, trainer.global_rank), pl_module.device)

    def _is_time(self, trainer: pl.Trainer) -> bool:
        """Tell whether a checkpoint is due; the processes agree on it, for all of them take part."""
        due = time.monotonic() - self._saved >= 60 * self.run.trainer.checkpoint_minutes
        return bool(trainer.strategy.reduce_boolean_decision(due, all=False)) if trainer.world_size > 1 else due

    def on_validation_start(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Take the time: the training part of the epoch is over."""
        self._seconds += time.perf_counter()

    def on_train_epoch_end(self, trainer: pl.Trainer, pl_module: Any) -> None:
        """Add a row to the history, keep the weights if they are the best, write the checkpoint."""
        names = sorted(trainer.callback_metrics, key=lambda name: (not name.endswith("_loss"), name))
        metrics = {name: rounded(float(trainer.callback_metrics[name])) for name in names}
        if self.run.selected_by.column not in metrics:
            raise RnnpipeError(f"selection: {self.run.selection!r} is no score of this task; it has {', '.join(metrics)}")
        row = {"epoch": len(self.history) + 1, "step": trainer.global_step, **metrics}
        self.history.append(row)
        if best_row(self.history, self.run.selected_by) is row or not self.best:
            weights = pl_module.averaging.evaluated.state_dict()
            self.best = {name: tensor.detach().cpu().clone() for name, tensor in weights.items()}
        self.stopped = trainer.should_stop
        self._report(trainer, metrics)
        if self.file:
            trainer.save_checkpoint(self.file)
            self._saved = time.monotonic()

    def _report(self, trainer: pl.Trainer, metrics: dict[str, float]) -> None:
        if not trainer.is_global_zero:
            return
        batches = int(trainer.num_training_batches)
        speed = self.tokens * (1 - self._first_batch / batches) / max(self._seconds, 1e-9)
        if not trainer.progress_bar_callback:
            numbers = "  ".join(f"{name} {value:g}" for name, value in metrics.items())
            kept = "" if best_row(self.history, self.run.selected_by) is not self.history[-1] else "  kept"
            logger.info("epoch %d of %d  %s  %.0f tokens/s%s", len(self.history), self.run.trainer.epochs, numbers, speed, kept)
        if self.tracker:
            self.tracker.log_metrics({**metrics, "tokens_per_second": speed}, trainer.global_step)

    def state_dict(self) -> dict[str, Any]:
        """Return what a training that goes on must know."""
        return {"history": self.history, "best": self.best, "stopped": self.stopped}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Take up what `state_dict` returned."""
        self.history, self.best, self.stopped = state_dict["history"], state_dict["best"], state_dict["stopped"]


def _seed_generators(seed: int, device: torch.device) -> None:
    """Seed the generators that a step draws from; `torch.manual_seed` would take milliseconds where CUDA is not in use."""
    torch.default_generator.manual_seed(seed)
    if device.type == "cuda":
        torch.cuda.manual_seed(seed)
