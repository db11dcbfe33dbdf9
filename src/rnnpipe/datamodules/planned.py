"""What the data modules share: batches by plan, divided over processes, the same after a resume."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pytorch_lightning as pl
from torch.utils.data import DataLoader, Dataset, Sampler

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.text.batches import Batch, share_of

Entry = Any
"""What stands in one batch: numbers of documents, or the number of a window."""


@dataclass(frozen=True)
class Batches:
    """The batches of one split."""

    plan: Callable[[int], Sequence[Entry]]
    """The entries of an epoch (counted from 0), equally many in each."""
    make: Callable[[Entry], Batch]
    tokens: int
    """Words that are read in an epoch, for speeds."""


class PlannedDataModule(pl.LightningDataModule):
    """Batches for training, by a plan that differs from epoch to epoch, and for validation.

    The order is a pure function of the seed and the epoch: there is no state to lose between a killed training and the
    one that goes on. Each process makes its own share of a batch, so Lightning's distributed sampler must stay off.

    Raises
    ------
    RnnpipeError
        A split is empty.
    """

    def __init__(self, train: Batches, valid: Batches, seed: int) -> None:
        super().__init__()
        self.train = train
        self.valid = valid
        self.seed = seed
        """Also what the module's dropout is drawn by."""
        self.steps_per_epoch = len(train.plan(0))
        """Optimizer steps in an epoch, whatever the number of processes."""
        for name, batches in (("train", train), ("valid", valid)):
            if not batches.plan(0):
                raise RnnpipeError(f"split {name!r} is empty; give the corpus more text, or {name!r} a larger share in hold_out")

    def train_dataloader(self) -> DataLoader[Batch]:
        """Give the training split; Lightning sets the epoch of the sampler."""
        return self._loader(self.train)

    def val_dataloader(self) -> DataLoader[Batch]:
        """Give the validation split."""
        return self._loader(self.valid)

    def _loader(self, batches: Batches) -> DataLoader[Batch]:
        rank, processes = (self.trainer.global_rank, self.trainer.world_size) if self.trainer else (0, 1)
        return DataLoader(_Share(batches.make, rank, processes), sampler=_EpochSampler(batches.plan), batch_size=None)


class _EpochSampler(Sampler[Entry]):
    def __init__(self, plan: Callable[[int], Sequence[Entry]]) -> None:
        self.plan = plan
        self.epoch = 0
        self.steps = len(plan(0))

    def set_epoch(self, epoch: int) -> None:
        self.epoch = epoch

    def __iter__(self) -> Iterator[Entry]:
        yield from self.plan(self.epoch)

    def __len__(self) -> int:
        return self.steps


class _Share(Dataset[Batch]):
    def __init__(self, make: Callable[[Entry], Batch], rank: int, processes: int) -> None:
        self.make = make
        self.rank = rank
        self.processes = processes

    def __getitem__(self, entry: Entry) -> Batch:
        return share_of(self.make(entry), self.rank, self.processes)
