"""One stage, one GPU: stages that run side by side on one machine share none unless they are told to."""

import logging
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from filelock import FileLock, Timeout

logger = logging.getLogger(__name__)

SWITCH = "RNNPIPE_GPU_LOCK"
"""Environment variable; `off`: every stage sees all GPUs, as a training on several of them wants it."""

_held: list[FileLock] = []
"""Locks of this process; the operating system opens them when it ends."""


def claim_gpus(count: int, pause: float = 1.0) -> None:
    """Wait until so many of this machine's GPUs are free, and keep them for this process until it ends.

    CUDA sees no others from then on. Nothing is done on a machine without GPUs, in a job of Slurm, which has given its GPUs to
    the job, and in a process that another one has started as one of several.

    Parameters
    ----------
    count : int
        More than there are: all.
    pause : float, default=1.0
        Seconds between two looks.
    """
    if not count or os.environ.get(SWITCH) == "off" or {"LOCAL_RANK", "SLURM_JOB_ID"} & os.environ.keys():
        return
    gpus = visible_gpus(os.environ)
    if not gpus:
        return
    told = False
    while not (claimed := _try(gpus, min(count, len(gpus)))):
        if not told:
            logger.info("waiting for a GPU: other stages use all %d (%s=off shares them)", len(gpus), SWITCH)
            told = True
        time.sleep(pause)
    os.environ["CUDA_VISIBLE_DEVICES"] = ",".join(claimed)


def visible_gpus(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the GPUs that CUDA would use: their name in CUDA_VISIBLE_DEVICES → their name all over the machine."""
    tool = shutil.which("nvidia-smi")
    if tool is None:
        return {}
    command = [tool, "--query-gpu=index,uuid", "--format=csv,noheader"]
    listed = subprocess.run(command, capture_output=True, text=True, check=False)
    lines = listed.stdout.splitlines() if listed.returncode == 0 else []
    known = dict(line.split(", ", 1) for line in lines if ", " in line)
    chosen = environment.get("CUDA_VISIBLE_DEVICES")
    if chosen is None or not known:
        return known
    return {name: known.get(name, name) for name in chosen.split(",") if name not in ("", "-1")}


def _try(gpus: Mapping[str, str], count: int) -> list[str]:
    """Lock `count` of the GPUs, or none, so that two processes do not wait for each other's."""
    locks: dict[str, FileLock] = {}
    for name, identity in gpus.items():
        lock = FileLock(Path(tempfile.gettempdir(), f"rnnpipe-{identity}.lock"), mode=0o666)
        try:
            lock.acquire(blocking=False)
        except Timeout:
            continue
        locks[name] = lock
        if len(locks) == count:
            _held.extend(locks.values())
            return list(locks)
    for lock in locks.values():
        lock.release()
    return []
