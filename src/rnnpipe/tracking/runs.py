"""What live runs and runs made from files have in common: their tags, the names of their metrics, one finished run a key."""

import math
import shutil
import subprocess
from collections.abc import Mapping
from typing import Any

from rnnpipe.tracking.store import Store, allowed_name


def run_tags(stage: str, key: str, source: str) -> dict[str, str]:
    """Return the tags of a run; `source` is `live`, or `cache` for a run made from a stage's files."""
    return {"stage_key": key, "stage": stage, "git_commit": _git_commit(), "source": source}


def keep_newest(store: Store, runs: list[Any]) -> None:
    """Leave one FINISHED run of those with one key (newest first), and end what a dead process left RUNNING."""
    finished = [run for run in runs if run.info.status == "FINISHED"]
    for run in finished[1:]:
        store.delete(run.info.run_id)
    for run in runs:
        if finished and run.info.status == "RUNNING":
            store.end(run.info.run_id, "KILLED")


def metric_values(row: Mapping[str, float], step: int) -> list[tuple[str, float, int]]:
    """Return (name, value, step) of the finite numbers of a row: `train_loss` and `train/loss` are both named `train/loss`."""
    values = []
    for name, value in row.items():
        split, _, rest = name.partition("_")
        shown = f"{split}/{rest}" if rest and split in ("train", "validation", "test") else name
        if math.isfinite(value):
            values.append((allowed_name(shown), float(value), step))
    return values


def _git_commit() -> str:
    git = shutil.which("git")
    if git is None:
        return "none"
    done = subprocess.run([git, "rev-parse", "HEAD"], capture_output=True, text=True, check=False)
    return done.stdout.strip() or "none"
