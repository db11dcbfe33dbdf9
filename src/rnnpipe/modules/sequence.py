"""What the tasks' Lightning modules share: one step, sums over an epoch, the optimizer."""

from __future__ import annotations

import math
from abc import abstractmethod
from dataclasses import dataclass
from typing import Any, Literal

import pytorch_lightning as pl
import torch
from torch import Tensor, nn
from torch.nn import functional

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.params import Run
from rnnpipe.text.batches import IGNORED, Batch

Part = Literal["train", "val"]
CHECK_EVERY = 10
"""Steps between two looks at the loss: each look makes a GPU wait."""


@dataclass(frozen=True)
class Optimization:
    """Settings of the optimizer, Adam with decoupled weight decay (Loshchilov & Hutter 2019); without decay it is Adam."""

    learning_rate: float
    """Constant, or the peak of the one-cycle schedule."""
    weight_decay: float
    schedule: Literal["constant", "one_cycle"]
    steps: int
    """Steps of the whole training, which the one-cycle schedule is stretched over."""

    @classmethod
    def of(cls, run: Run, steps_per_epoch: int) -> Optimization:
        """Take the settings from a run's parameters."""
        return cls(run.learning_rate, run.weight_decay, run.schedule, run.epochs * steps_per_epoch)


class SequenceModule(pl.LightningModule):
    """Trains a network by the mean cross entropy over all targets of a batch.

    Lightning averages the gradients of all processes. Each process therefore divides its sum of losses by the targets of
    the *whole* batch over the number of processes: together they take the same step as one process alone, however unequal
    their shares are.
    """

    def __init__(self, network: nn.Module, optimization: Optimization) -> None:
        super().__init__()
        self.network = network
        self.optimization = optimization
        self._sums: dict[Part, list[Tensor]] = {"train": [], "val": []}

    @abstractmethod
    def logits(self, batch: Batch, part: Part) -> Tensor:
        """Return the network's scores, of the shape of the targets with one axis more for the classes."""

    @abstractmethod
    def scores(self, loss: float, accuracy: float) -> dict[str, float]:
        """Return what the history shows beside the loss, from mean loss (nats) and share of right answers (0..1)."""

    def right(self, logits: Tensor, targets: Tensor) -> Tensor:
        """Return how many of the targets (N,) have the highest of the logits (N, C)."""
        return (logits.argmax(-1) == targets).sum()

    def training_step(self, batch: Batch, batch_index: int) -> Tensor:
        """Return the loss whose gradient the optimizer follows."""
        if batch_index % CHECK_EVERY == 0:
            self._check_finite()
        return self._step(batch, "train")

    def validation_step(self, batch: Batch, batch_index: int) -> None:
        """Add to the sums of the validation split."""
        self._step(batch, "val")

    def _step(self, batch: Batch, part: Part) -> Tensor:
        targets = batch.targets.flatten()
        logits = self.logits(batch, part).flatten(0, -2)
        total = functional.cross_entropy(logits, targets, ignore_index=IGNORED, reduction="sum")
        self._sums[part].append(torch.stack([total.detach(), self.right(logits.detach(), targets), (targets != IGNORED).sum()]))
        return total * (self.trainer.world_size / max(batch.total, 1))

    def on_train_epoch_end(self) -> None:
        """Log means over the training split, made while the network was learning."""
        self._log_means("train")

    def on_validation_epoch_end(self) -> None:
        """Log means over the validation split."""
        self._log_means("val")

    def _log_means(self, part: Part) -> None:
        sums = torch.stack(self._sums[part]).cpu().double().sum(0)
        self._sums[part].clear()
        if self.trainer.world_size > 1:
            sums = self.trainer.strategy.reduce(sums.to(self.device), reduce_op="sum")
        total, right, targets = sums.tolist()
        loss = total / max(targets, 1)
        self._require_finite(loss)
        values = {"loss": loss, **self.scores(loss, right / max(targets, 1))}
        # Every process has the same values: sync_dist only keeps Lightning from warning of the contrary.
        self.log_dict({f"{part}_{name}": value for name, value in values.items()}, sync_dist=True)

    def _check_finite(self) -> None:
        if self._sums["train"]:
            self._require_finite(float(self._sums["train"][-1][0]))

    def _require_finite(self, loss: float) -> None:
        if not math.isfinite(loss):
            raise RnnpipeError(
                f"step {self.global_step}: the loss is {loss}; give this run in params.yaml a learning_rate below "
                f"{self.optimization.learning_rate:g}, or a smaller clip"
            )

    def configure_optimizers(self) -> Any:
        """Make the optimizer for all weights that are not frozen, and its schedule."""
        settings = self.optimization
        weights = [weight for weight in self.network.parameters() if weight.requires_grad]
        optimizer = torch.optim.AdamW(weights, lr=settings.learning_rate, weight_decay=settings.weight_decay, fused=True)
        if settings.schedule == "constant":
            return optimizer
        schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, settings.learning_rate, total_steps=settings.steps)
        return {"optimizer": optimizer, "lr_scheduler": {"scheduler": schedule, "interval": "step"}}
