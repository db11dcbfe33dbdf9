"""What a stage's process needs before it imports anything: its number of threads, how often garbage is looked for, its end."""

import ctypes
import gc
import os
import platform
import signal
import sys
from collections.abc import Sequence

THREAD_VARIABLES = (
    "MKL_NUM_THREADS",
    "NUMBA_NUM_THREADS",
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "RAYON_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
)


def prepare(arguments: Sequence[str]) -> None:
    """Set up this process as that of a stage.

    Numerical libraries take their number of threads from the environment when they are imported, and a runner may have put its
    own there: it is set to the stage's `--threads` (default=1). A stage uses what it declares and not what the machine has,
    since the number changes the order of summation and with it the last bits of a result.

    Parameters
    ----------
    arguments : sequence of str
        The stage's command line.
    """
    for variable in THREAD_VARIABLES:
        os.environ[variable] = str(declared_threads(arguments))
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "true")
    # Python looks for garbage after each 700 new objects, Lightning and MLflow make a million: a tenth of a short training.
    gc.set_threshold(100_000, 50, 100)
    _flush_denormals()
    _end_with_parent()


def declared_threads(arguments: Sequence[str]) -> int:
    """Return the value of `--threads`, 1 where there is none; what is no number is left for the parser to refuse."""
    words = [word for argument in arguments for word in argument.split("=", 1)]
    value = words[words.index("--threads") + 1 :][:1] if "--threads" in words else []
    return int(value[0]) if value and value[0].isdecimal() else 1


def _flush_denormals() -> None:
    """Take numbers too small for a float's full precision for 0, as `torch.set_flush_denormal(True)` does.

    Processors work on them up to a hundred times slower, and the means of gradients that Adam keeps for rare words fade into
    them. Done here, before any library has threads, all threads inherit it, and torch need not be imported. Elsewhere than on
    Linux with such a processor nothing is done.
    """
    if sys.platform == "linux" and platform.machine() == "x86_64":
        library, environment = ctypes.CDLL(None), (ctypes.c_uint32 * 8)()  # fenv_t; MXCSR is its last word
        if hasattr(library, "fegetenv"):
            library.fegetenv(environment)
            environment[7] |= 0x8040  # flush to zero, denormals are zero
            library.fesetenv(environment)


def _end_with_parent() -> None:
    """Ask Linux to end this process when the runner that started it dies, so that no second writer is left behind."""
    if sys.platform == "linux":
        parent, pr_set_pdeathsig = os.getppid(), 1
        ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGTERM)
        if os.getppid() != parent:
            sys.exit(128 + signal.SIGTERM)  # it died while we asked
