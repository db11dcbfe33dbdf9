"""One training from first step to best weights, by Lightning's Trainer; killed on the way, it goes on where it was."""

from __future__ import annotations

import logging
import os
import signal
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytorch_lightning as pl
import torch
from lightning_fabric.plugins.environments.lightning import LightningEnvironment
from lightning_fabric.utilities.warnings import PossibleUserWarning
from pytorch_lightning.callbacks import EarlyStopping
from pytorch_lightning.plugins.io import TorchCheckpointIO
from pytorch_lightning.utilities.exceptions import SIGTERMException

from rnnpipe.common.checkpoints import checkpoint_file
from rnnpipe.common.files import atomic_file
from rnnpipe.datamodules.planned import PlannedDataModule
from rnnpipe.modules.epochs import Epochs, History, MetricLog
from rnnpipe.modules.sequence import SequenceModule
from rnnpipe.params import Run


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
        File that is written after each epoch, and from which the training goes on if it is there; see `checkpoint_of`.
    tracker : MetricLog, default=None
        Is also told the speed, which is no part of the history.

    Raises
    ------
    RnnpipeError
        The loss is not a number any more.
    """
    epochs = Epochs(run.epochs, datamodule.seed, datamodule.train.tokens, checkpoint, tracker)
    with _quiet():
        trainer = _trainer(run, epochs)
        try:
            trainer.fit(module, datamodule, ckpt_path=checkpoint if checkpoint and checkpoint.exists() else None)
        except SIGTERMException:
            sys.exit(128 + signal.SIGTERM)  # Lightning would exit with status 0, as if there were a model
    module.network.load_state_dict(epochs.best)
    return epochs.history


def _trainer(run: Run, epochs: Epochs) -> pl.Trainer:
    stopping = [EarlyStopping("val_loss", patience=run.patience)] if run.patience else []
    return pl.Trainer(
        max_epochs=run.epochs,
        gradient_clip_val=run.clip,
        devices=run.devices,
        strategy="auto" if run.devices in ("auto", 1) else "ddp",
        deterministic=True,
        use_distributed_sampler=False,  # the data modules divide each batch themselves
        callbacks=[epochs, *stopping],
        plugins=[LightningEnvironment(), AtomicCheckpointIO()],  # Slurm's variables would make Lightning wait for others
        logger=False,
        enable_progress_bar=sys.stderr.isatty(),
        enable_model_summary=False,
        num_sanity_val_steps=0,
    )


def is_main_process() -> bool:
    """Whether this process is the one that writes; Lightning starts the others with the same command, and a number."""
    return os.environ.get("LOCAL_RANK", "0") == "0"


def checkpoint_of(task: str, run_name: str, run: Run, seed: int, inputs: list[Path]) -> Path:
    """Return where a training keeps its checkpoint; see `common.checkpoints`."""
    return checkpoint_file(task, run_name, [run.model_dump_json(), str(seed), torch.__version__], inputs)


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
