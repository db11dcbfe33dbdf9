"""One step of a training, sums over an epoch, and the optimizer: the LightningModule of all tasks."""

from __future__ import annotations

import math
from typing import Any, Literal

import pytorch_lightning as pl
import torch
from torch import Tensor

from rnnpipe.batches.batch import IGNORED, Batch
from rnnpipe.common.errors import RnnpipeError
from rnnpipe.layers.products import bf16_products
from rnnpipe.layers.recurrent import State
from rnnpipe.models.model import Model
from rnnpipe.params import Run
from rnnpipe.tasks.task import Task
from rnnpipe.training.averaging import Averaging
from rnnpipe.training.carried import detached, gathered, own_rows
from rnnpipe.training.optimizers import clip_gradients, configured, make_sparse, scaled_rates

Part = Literal["train", "validation"]
CHECK_EVERY = 10
"""Steps between two looks at the loss: each look makes a GPU wait."""


class TaskModule(pl.LightningModule):
    """Trains a model by the mean loss of all targets of a batch.

    Lightning averages the gradients of all processes. Each process therefore divides its sum of losses by the targets of
    the *whole* batch over the number of processes: together they take the same step as one process alone, however unequal
    their shares are.

    Parameters
    ----------
    model : Model
    task : Task
        Says what the scores are, and whether the state is carried on.
    run : Run
        Of this task; `optimizer` and `trainer.epochs` are read.
    steps_per_epoch : int
    """

    def __init__(self, model: Model, task: Task, run: Run, steps_per_epoch: int) -> None:
        super().__init__()
        self.model = model
        self.task = task
        self.run = run
        self.steps = run.trainer.epochs * steps_per_epoch
        self.carried = task.is_carried(run)
        share = run.optimizer.average_from
        self.averaging = Averaging(model, None if share is None else int(share * self.steps))
        self._rate_scale = 1.0
        self._states: dict[Part, State | None] = {"train": None, "validation": None}
        self._sums: dict[Part, list[Tensor]] = {"train": [], "validation": []}

    def on_train_start(self) -> None:
        """Take what a checkpoint brought to the model's device: it was read before the model was there."""
        state = self._states["train"]
        if state is not None:
            self._states["train"] = tuple(tensor.to(self.device) for tensor in state)
        self._sums["train"] = [row.to(self.device) for row in self._sums["train"]]
        self.averaging.to(self.device)

    def on_train_epoch_start(self) -> None:
        """Begin a stream from a zero state."""
        self._states["train"] = None

    def on_validation_epoch_start(self) -> None:
        """Begin a stream from a zero state; that of training is kept apart."""
        self._states["validation"] = None

    def training_step(self, batch: Batch, batch_index: int) -> Tensor:
        """Return the loss whose gradient the optimizer follows."""
        if batch_index % CHECK_EVERY == 0:
            self._check_finite()
        return self._step(batch, "train")

    def on_train_batch_start(self, batch: Batch, batch_index: int) -> None:
        """Ask the task how long this batch's step is to be."""
        self._rate_scale = self.task.rate_scale(self.run, batch)

    def optimizer_step(self, epoch: int, batch_idx: int, optimizer: Any, optimizer_closure: Any = None) -> None:
        """Take the step, from the forward pass on, with a learning rate that is scaled for this batch."""
        rounded = self.device.type == "cpu" and self.run.trainer.precision == "bf16-mixed"
        with scaled_rates(optimizer, self._rate_scale), bf16_products(rounded):
            super().optimizer_step(epoch, batch_idx, optimizer, optimizer_closure)

    def on_train_batch_end(self, outputs: Any, batch: Batch, batch_index: int) -> None:
        """Add the step's weights to the averages, if it is time for them."""
        self.averaging.add(self.global_step)

    def validation_step(self, batch: Batch, batch_index: int) -> None:
        """Add to the sums of the validation split."""
        self._step(batch, "validation")

    def _step(self, batch: Batch, part: Part) -> Tensor:
        model = self.model if part == "train" else self.averaging.evaluated
        read = model.read(batch.ids, batch.lengths, self._states[part], batch.features)
        if self.carried:
            self._states[part] = detached(read.state)
        total = model.head.loss(read.states, batch.targets)
        with torch.no_grad():
            counts = self.task.counts(model.head, read.states, batch)
            targets = (batch.targets != IGNORED).sum()
            self._sums[part].append(torch.cat([torch.stack([total.detach(), targets.to(total)]), counts.to(total)]))
        added = self.task.penalty(self.run, read, batch) if part == "train" else 0.0
        return (total + added) * (self.trainer.world_size / max(batch.total, 1))

    def on_train_epoch_end(self) -> None:
        """Log means over the training split, made while the model was learning."""
        self._log_means("train")

    def on_validation_epoch_end(self) -> None:
        """Log means over the validation split."""
        self._log_means("validation")

    def _log_means(self, part: Part) -> None:
        sums = torch.stack(self._sums[part]).cpu().double().sum(0)
        self._sums[part].clear()
        if self.trainer.world_size > 1:
            sums = self.trainer.strategy.reduce(sums.to(self.device), reduce_op="sum")
        total, targets, *counts = sums.tolist()
        loss = total / max(targets, 1)
        self._require_finite(loss)
        values = {"loss": loss, **self.task.scores(loss, counts)}
        # Every process has the same values: sync_dist only keeps Lightning from warning of the contrary.
        self.log_dict({f"{part}_{name}": float(value) for name, value in values.items()}, sync_dist=True)

    def _check_finite(self) -> None:
        if self._sums["train"]:
            self._require_finite(float(self._sums["train"][-1][0]))

    def _require_finite(self, loss: float) -> None:
        if not math.isfinite(loss):
            raise RnnpipeError(
                f"step {self.global_step}: the loss is {loss}; give this run in params.yaml an optimizer.learning_rate below "
                f"{self.run.optimizer.learning_rate:g}, or a smaller optimizer.clip"
            )

    def configure_optimizers(self) -> Any:
        """Make the optimizer for all weights that are not frozen, and its schedule."""
        make_sparse(self.run.optimizer, self.model, alone=self.trainer.world_size == 1)
        return configured(self.run.optimizer, self.model, self.steps)

    def configure_gradient_clipping(
        self, optimizer: Any, gradient_clip_val: float | None = None, gradient_clip_algorithm: str | None = None
    ) -> None:
        """Clip by the norm. In bf16 Lightning would refuse to for a fused optimizer, as if gradients were scaled as in fp16."""
        if gradient_clip_val:
            weights = [weight for group in optimizer.param_groups for weight in group["params"]]
            clip_gradients(weights, gradient_clip_val)

    def on_save_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        """Add what is carried from step to step within an epoch; all processes take part."""
        sums = self._sums["train"]
        own = torch.stack(sums).cpu() if sums else None
        if own is not None and self.trainer.world_size > 1:
            own = self.trainer.strategy.reduce(own.to(self.device), reduce_op="sum").cpu()
        state = gathered(self._states["train"], self.run.trainer.batch_size)
        checkpoint["rnnpipe"] = {"state": state, "sums": own, "averages": self.averaging.state_dict()}

    def on_load_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        """Take up what `on_save_checkpoint` added: the sums of all processes go on in the first one."""
        kept = checkpoint["rnnpipe"]
        rank, processes = self.trainer.global_rank, self.trainer.world_size
        self._states["train"] = own_rows(kept["state"], rank, processes)
        if kept["sums"] is not None:
            self._sums["train"] = [row if rank == 0 else torch.zeros_like(row) for row in kept["sums"]]
        self.averaging.load_state_dict(kept["averages"])
