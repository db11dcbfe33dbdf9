"""What happens at the end of an epoch: history, best weights, checkpoint, a line in the log."""

from __future__ import annotations

import logging
import time
from pathlib import Path
from typing import Any, Protocol

import pytorch_lightning as pl
import torch
from pytorch_lightning.callbacks import Checkpoint

from rnnpipe.common.seeds import derive_seed
from rnnpipe.text.batches import Batch

logger = logging.getLogger(__name__)

History = list[dict[str, float]]
"""A row for each epoch: epoch (from 1), step (optimizer steps so far), train_loss, val_loss (nats), the task's scores."""


class MetricLog(Protocol):
    """What is told of each epoch as it ends; a `rnnpipe.tracking.Tracker` is one."""

    def log_metrics(self, metrics: dict[str, float], step: int) -> None:  # noqa: D102
        ...


class Epochs(Checkpoint):
    """Keeps the history and the best weights, and writes the checkpoint.

    Callbacks of Lightning's class Checkpoint are called after everything else has been logged.

    Parameters
    ----------
    most : int
        Epochs that are planned.
    seed : int
        For dropout.
    tokens : int
        Words that are read in an epoch.
    file : Path, default=None
        Where the checkpoint is written after each epoch; None: nowhere.
    tracker : MetricLog, default=None
        Is told of each epoch.
    """

    def __init__(self, most: int, seed: int, tokens: int, file: Path | None = None, tracker: MetricLog | None = None) -> None:
        self.most = most
        self.seed = seed
        self.tokens = tokens
        self.file = file
        self.tracker = tracker
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
            torch.manual_seed(derive_seed(self.seed, "dropout", trainer.current_epoch, trainer.global_rank))
            self._seconds = -time.perf_counter()

    def on_validation_start(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Take the time: the training part of the epoch is over."""
        self._seconds += time.perf_counter()

    def on_train_epoch_end(self, trainer: pl.Trainer, pl_module: Any) -> None:
        """Add a row to the history, keep the weights if they are the best, write the checkpoint."""
        names = sorted(trainer.callback_metrics, key=lambda name: (not name.endswith("_loss"), name))
        metrics = {name: float(f"{float(trainer.callback_metrics[name]):.6g}") for name in names}
        best_before = min((row["val_loss"] for row in self.history), default=float("inf"))
        if metrics["val_loss"] < best_before or not self.best:
            self.best = {name: tensor.detach().cpu().clone() for name, tensor in pl_module.network.state_dict().items()}
        self.history.append({"epoch": len(self.history) + 1, "step": trainer.global_step, **metrics})
        self.stopped = trainer.should_stop
        self._report(trainer, metrics)
        if self.file:
            trainer.save_checkpoint(self.file)

    def _report(self, trainer: pl.Trainer, metrics: dict[str, float]) -> None:
        if not trainer.is_global_zero:
            return
        speed = self.tokens / max(self._seconds, 1e-9)
        if not trainer.progress_bar_callback:
            numbers = "  ".join(f"{name} {value:g}" for name, value in metrics.items())
            logger.info("epoch %d of %d  %s  %.0f tokens/s", len(self.history), self.most, numbers, speed)
        if self.tracker:
            self.tracker.log_metrics({**metrics, "tokens_per_second": speed}, trainer.global_step)

    def state_dict(self) -> dict[str, Any]:
        """Return what a training that goes on must know."""
        return {"history": self.history, "best": self.best, "stopped": self.stopped}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Take up what `state_dict` returned."""
        self.history, self.best, self.stopped = state_dict["history"], state_dict["best"], state_dict["stopped"]
