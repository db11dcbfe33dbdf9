"""Trainings that end in the middle: by an error, or with their whole process."""

import os
import signal
import warnings
from collections.abc import Callable
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
            super().__init__(_mortal(train, batches, _raise), _mortal(valid, validation, _raise))

    patch.setattr(trainer, "PlannedDataModule", Mortal)


def killed(train: Callable[[], object], batches: int) -> None:
    """Train in a process of its own, which is killed with SIGKILL when it asks for more training batches than these."""

    class Mortal(PlannedDataModule):
        def __init__(self, train: Any, valid: Any) -> None:
            super().__init__(_mortal(train, batches, _kill), valid)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of processes with threads; ours train with one
        child = os.fork()
    if child:
        _, status = os.waitpid(child, 0)
        assert os.waitstatus_to_exitcode(status) == -signal.SIGKILL
        return
    try:
        trainer.PlannedDataModule = Mortal  # type: ignore[misc]
        train()
    finally:
        os._exit(1)


def _mortal(made: Any, allowed: int | None, die: Callable[[], None]) -> Any:
    count = iter(range(10**9))

    def make(entry: Any) -> Any:
        if next(count) == allowed:
            die()
        return made.make(entry)

    return replace(made, make=make)


def _raise() -> None:
    raise KilledError


def _kill() -> None:
    os.kill(os.getpid(), signal.SIGKILL)
