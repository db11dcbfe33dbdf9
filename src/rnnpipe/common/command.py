"""What all stage files share: a command line made from the signature of `main`, and errors in one line."""

import argparse
import ctypes
import inspect
import logging
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from rnnpipe.common.errors import RnnpipeError

THREAD_VARIABLES = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS")


def run_stage(main: Callable[..., None]) -> None:
    """Call `main` with its arguments taken from the command line: parameter `out_dir` is the option `--out-dir`.

    Each parameter of `main` is annotated `str`, `int` or `Path` and is required unless it has a default.
    The option `--threads` (default=1) sets how many threads numerical libraries take, before they are imported:
    a stage uses what it declares and not what the machine has, since the number changes the order of summation
    and with it the last bits of a result. A `main` with a parameter `threads` is told the number: its result does not
    depend on it, so it gets no more than the machine has.
    """
    arguments = vars(_parser(main).parse_args())
    threads = arguments.pop("threads")
    if "threads" in inspect.signature(main).parameters:
        threads = arguments["threads"] = min(threads, _processors())
    for variable in THREAD_VARIABLES:
        os.environ[variable] = str(threads)
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "true")
    os.environ["RAYON_NUM_THREADS"] = str(threads)
    _end_with_parent()
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    try:
        main(**arguments)
    except RnnpipeError as error:
        sys.exit(f"error: {error}")


def _parser(main: Callable[..., None]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=inspect.getdoc(inspect.getmodule(main)))
    parser.add_argument("--threads", type=int, default=1)
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


def _end_with_parent() -> None:
    """Ask Linux to end this process when the runner that started it dies, so that no second writer is left behind."""
    if sys.platform == "linux":
        pr_set_pdeathsig = 1
        ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGTERM)
