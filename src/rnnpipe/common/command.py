"""What all stage files share: a command line made from the signature of `main`, and errors in one line."""

import argparse
import inspect
import logging
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.common.gpus import claim_gpus
from rnnpipe.common.temporary import sweep

SECONDS = Path("logs/seconds")
"""File for each stage, named as DVC names it: how long it took when it last ran."""


def run_stage(main: Callable[..., None]) -> None:
    """Call `main` with its arguments taken from the command line: parameter `out_dir` is the option `--out-dir`.

    Each parameter of `main` is annotated `str`, `int` or `Path` and is required unless it has a default. The option `--threads`
    (default=1) was read when the package of stages was imported, see `process.prepare`; a `main` with a parameter `threads` is
    told the number: its result does not depend on it, so it gets no more than the machine has. `--gpus` (default=0) says how
    many GPUs the stage keeps for itself where there are any.
    """
    arguments = vars(_parser(main).parse_args())
    threads, gpus = arguments.pop("threads"), arguments.pop("gpus")
    if "threads" in inspect.signature(main).parameters:
        arguments["threads"] = min(threads, _processors())
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    sweep(Path())
    claim_gpus(gpus)
    start = time.monotonic()
    try:
        main(**arguments)
    except RnnpipeError as error:
        sys.exit(f"error: {error}")
    except (MemoryError, RuntimeError) as error:  # torch has no class of its own for memory of the CPU
        if not isinstance(error, MemoryError) and "allocate" not in str(error):
            raise
        what = str(error).strip().partition("\n")[0]
        sys.exit(f"error: out of memory ({what}); make batch_size, hidden or the corpus smaller, or take a larger machine")
    _note(time.monotonic() - start)


def _parser(main: Callable[..., None]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=inspect.getdoc(inspect.getmodule(main)), allow_abbrev=False)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--gpus", type=int, default=0)
    for name, parameter in inspect.signature(main).parameters.items():
        if name == "threads":
            continue
        kind: Any = parameter.annotation
        if kind not in (str, int, Path):
            raise TypeError(f"{name}: a stage's main takes str, int and Path, not {kind}")
        required = parameter.default is parameter.empty
        default = None if required else parameter.default
        parser.add_argument("--" + name.replace("_", "-"), type=kind, required=required, default=default)
    return parser


def _processors() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


def _note(seconds: float) -> None:
    """Write down how long the stage took that DVC runs in this process, for the order of the next run."""
    stage = os.environ.get("DVC_STAGE")
    if stage and "LOCAL_RANK" not in os.environ:
        SECONDS.mkdir(parents=True, exist_ok=True)
        (SECONDS / stage).write_text(f"{seconds:.0f}\n", encoding="utf-8")
