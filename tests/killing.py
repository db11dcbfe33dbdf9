"""Trainings that end in the middle, as if they were killed."""

from dataclasses import replace
from typing import Any

import pytest

from rnnpipe.training import trainer
from rnnpipe.training.data import PlannedDataModule


class KilledError(Exception):
    """The process ends here."""


def kill_after(patch: pytest.MonkeyPatch, batches: int | None, validation: int | None = None) -> None:
    """Let each training from now on die when it asks for more batches of a split than these; None: it lives."""

    class Mortal(PlannedDataModule):
        def __init__(self, train: Any, valid: Any) -> None:
            super().__init__(_mortal(train, batches), _mortal(valid, validation))

    patch.setattr(trainer, "PlannedDataModule", Mortal)


def _mortal(made: Any, allowed: int | None) -> Any:
    count = iter(range(10**9))

    def make(entry: Any) -> Any:
        if next(count) == allowed:
            raise KilledError
        return made.make(entry)

    return replace(made, make=make)
