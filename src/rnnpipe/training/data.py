"""Batches by plan, divided over processes, the same after a training was killed and goes on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytorch_lightning as pl
from torch.utils.data import DataLoader, Dataset, Sampler

from rnnpipe.batches.batch import Batch, Batches, Entry, share_of
from rnnpipe.common.errors import RnnpipeError


class PlannedDataModule(pl.LightningDataModule):
    """Batches for training, by a plan that differs from epoch to epoch, and for validation.

    The order is a pure function of the seed and the epoch: there is no state to lose between a killed training and the
    one that goes on. Each process makes its own share of a batch, so Lightning's distributed sampler must stay off.

    Parameters
    ----------
    train, valid : Batches
        Of `Task.batches`.

    Raises
    ------
    RnnpipeError
        A split is empty.
    """

    def __init__(self, train: Batches, valid: Batches) -> None:
        super().__init__()
        self.train = train
        self.valid = valid
        self.steps_per_epoch = len(train.plan(0))
        """Optimizer steps in an epoch, whatever the number of processes."""
        for name, batches in (("train", train), ("valid", valid)):
            if not batches.plan(0):
                raise RnnpipeError(f"split {name!r} is empty; give the corpus more text, or {name!r} a larger share in hold_out")

    def train_dataloader(self) -> DataLoader[Batch]:
        """Give the training split, from the batch on that the trainer has come to; Lightning sets the epoch of the sampler."""
        return self._loader(self.train, self._batches_done)

    def val_dataloader(self) -> DataLoader[Batch]:
        """Give the validation split."""
        return self._loader(self.valid, lambda: 0)

    def _batches_done(self) -> int:
        """Return how many batches of the running epoch are done: above 0 where a training goes on in the middle of one."""
        return int(self.trainer.fit_loop.epoch_loop.batch_progress.current.ready) if self.trainer else 0

    def _loader(self, batches: Batches, done: Callable[[], int]) -> DataLoader[Batch]:
        rank, processes = (self.trainer.global_rank, self.trainer.world_size) if self.trainer else (0, 1)
        return _Loader(_Share(batches.make, rank, processes), sampler=_EpochSampler(batches.plan, done), batch_size=None)


class _Loader(DataLoader[Batch]):
    """Tells Lightning that it can go on in the middle of an epoch: its position is the trainer's own count of batches."""

    def state_dict(self) -> dict[str, Any]:
        return {}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        pass


class _EpochSampler(Sampler[Entry]):
    def __init__(self, plan: Callable[[int], Sequence[Entry]], done: Callable[[], int]) -> None:
        self.plan = plan
        self.done = done
        self.epoch = 0
        self.steps = len(plan(0))

    def set_epoch(self, epoch: int) -> None:
        self.epoch = epoch

    def __iter__(self) -> Iterator[Entry]:
        yield from self.plan(self.epoch)[self.done() :]

    def __len__(self) -> int:
        return self.steps


class _Share(Dataset[Batch]):
    def __init__(self, make: Callable[[Entry], Batch], rank: int, processes: int) -> None:
        self.make = make
        self.rank = rank
        self.processes = processes

    def __getitem__(self, entry: Entry) -> Batch:
        return share_of(self.make(entry), self.rank, self.processes)
