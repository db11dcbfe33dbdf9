"""Which process of a training this is, on one machine or several."""

from __future__ import annotations

import os

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.params import Trainer

VARIABLE = "RNNPIPE_CLUSTER"
RANKS = {"none": ("NODE_RANK", "LOCAL_RANK"), "slurm": ("SLURM_PROCID",), "torchrun": ("RANK",)}
"""Whose variables are honoured → those that are all 0 (or not set) in the first of all processes."""


def cluster_of(trainer: Trainer) -> str:
    """Return whose variables say which process this is: those that RNNPIPE_CLUSTER names, or else the parameter `cluster`."""
    cluster = os.environ.get(VARIABLE) or trainer.cluster
    if cluster not in RANKS:
        raise RnnpipeError(f"{VARIABLE}: {cluster!r} is not one of {', '.join(RANKS)}")
    return cluster


def is_first_process(trainer: Trainer) -> bool:
    """Tell whether this is the process that writes: the first of all, on the first machine.

    Lightning starts the others with the same command and a number in their environment.
    """
    return all(os.environ.get(name, "0") == "0" for name in RANKS[cluster_of(trainer)])
