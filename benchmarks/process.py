"""Commands run one at a time, with their time and the most memory they held."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Usage:
    """What a process took."""

    wall: float
    """Seconds from start to end."""
    cpu: float
    """Seconds of all its processors together."""
    peak_mb: float
    """Most memory resident at once, MiB. Linux counts what the caller held when it forked, so the caller stays small."""


def run(command: Sequence[object], stdin: Path | None = None, stdout: Path | None = None) -> Usage:
    """Run a command to its end; what it says is shown only if it fails."""
    with (
        open(stdin or os.devnull, "rb") as source,
        open(stdout or os.devnull, "wb") as target,
        tempfile.TemporaryFile() as said,
    ):
        start = time.perf_counter()
        process = subprocess.Popen([str(part) for part in command], stdin=source, stdout=target, stderr=said)
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            said.seek(0)
            sys.exit(f"error: {command[0]}: status {process.returncode}\n{said.read().decode(errors='replace')[-2000:]}")
    unit = 1024 if sys.platform == "linux" else 1024**2  # Linux counts KiB, macOS bytes
    return Usage(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / unit)


def step(name: str, threads: int, **settings: Any) -> tuple[dict[str, Any], Usage]:
    """Run one function of steps.py in a process of its own, so that its peak memory is its own; return its figures."""
    variables = {"NUMBA_NUM_THREADS": threads, "OMP_NUM_THREADS": threads}
    with tempfile.NamedTemporaryFile(suffix=".json") as figures:
        assignments = [f"{key}={value}" for key, value in variables.items()]
        arguments = json.dumps({"threads": threads, **settings})
        usage = run(["env", *assignments, sys.executable, HERE / "steps.py", name, arguments], stdout=Path(figures.name))
        return json.loads(Path(figures.name).read_text(encoding="utf-8")), usage
