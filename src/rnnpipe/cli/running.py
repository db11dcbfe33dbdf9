"""The pipeline's stages, run by Snakemake with a line for what happens."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from rnnpipe.common.gpus import visible_gpus

SILENCED = {"DVC_NO_ANALYTICS": "1", "MLFLOW_DISABLE_TELEMETRY": "true", "DO_NOT_TRACK": "1"}
"""No tool of the pipeline calls home."""


def run_stages(cores: int, gpus: int | None, more: Sequence[str]) -> NoReturn:
    """Become the Snakemake that runs what is not up to date: signals and the exit status are its own.

    Parameters
    ----------
    cores : int
        Stages take them by the `threads` of dvc.yaml.
    gpus : int or None
        How many stages use a GPU at the same time; None: as many as this machine has.
    more : sequence of str
        Further arguments of Snakemake.
    """
    for name, value in SILENCED.items():
        os.environ.setdefault(name, value)
    # Stages are started as `dvc` and `python`: those of this environment, also where it is not active.
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])
    count = len(visible_gpus(os.environ)) if gpus is None else gpus
    command = [sys.executable, "-P", "-m", "rnnpipe.runner.snakemake_log", "--cores", str(cores)]
    command += ["--resources", f"gpu={count}"] if count else []
    sys.stdout.flush()
    sys.stderr.flush()
    os.execv(sys.executable, [*command, *more])
