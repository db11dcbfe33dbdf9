"""Where a training keeps its checkpoint, and when it is thrown away."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Sequence
from pathlib import Path

from rnnpipe.common.files import sha256_of_tree
from rnnpipe.common.fingerprint import running_code


def checkpoint_file(task: str, run_name: str, facts: Sequence[str], inputs: Sequence[Path], suffix: str = ".ckpt") -> Path:
    """Return where a training keeps its checkpoint: `checkpoints/<task>/<run name>/<key><suffix>`.

    The key is made from the facts, the content of the inputs and the code of the running stage: what was left behind by a
    training of anything else is not found.

    Parameters
    ----------
    task, run_name : str
    facts : sequence of str
        Parameters, seed, versions of libraries: whatever else the training depends on.
    inputs : sequence of Path
        Files and directories that it reads.
    suffix : str, default=".ckpt"
    """
    contents = [sha256_of_tree(path) for path in inputs]
    key = hashlib.sha256("\n".join([*facts, *contents, running_code()]).encode()).hexdigest()
    return Path("checkpoints", task, run_name, f"{key[:16]}{suffix}")


def discard(checkpoint: Path) -> None:
    """Remove a run's checkpoints, those of other parameters too, once its model is safe."""
    shutil.rmtree(checkpoint.parent, ignore_errors=True)
