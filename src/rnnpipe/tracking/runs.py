"""What a run in MLflow says of itself, whether it was made live or from files; one finished run a key."""

import getpass
import math
import os
import socket
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from rnnpipe.common.git import head, is_dirty
from rnnpipe.models.history import best_row
from rnnpipe.params import Selection
from rnnpipe.tracking.names import best_name, curve_name
from rnnpipe.tracking.pipeline import Identity
from rnnpipe.tracking.store import Store
from rnnpipe.tracking.views import ship_views

SHORT = 7
"""Digits of a key in a run's name."""

SOURCES = ("src", "params.yaml", "dvc.yaml", "requirements.lock")
"""What decides a result besides data; outputs that are in git change while the pipeline runs."""


def begin(
    store: Store, task: str, run: str, identity: Identity, parameters: Mapping[str, Any], source: str, seconds: int = 0
) -> str:
    """Start a run and return its id.

    Parameters
    ----------
    store : Store
    task : str
        The experiment.
    run : str
        As params.yaml names it.
    identity : Identity
        Of the stage.
    parameters : mapping
        All fields of the run, defaults filled in.
    source : str
        `live`, or `cache` for a run made from a stage's files.
    seconds : int, default=0
        How long ago it began.
    """
    ship_views(store, task)
    corpus, commit = str(parameters.get("corpus", "")), head()
    tags = {
        "stage_key": identity.key,
        "stage": identity.stage,
        "run": run,
        "seed": str(parameters.get("seed", "")),
        "source": source,
        "stale": "false",
        "workspace": workspace(),
        "git_commit": commit,
        "git_dirty": str(is_dirty(*SOURCES)).lower(),
        **({"host": socket.gethostname(), "device": _device()} if source == "live" else {}),
        **{f"input {path}": digest for path, digest in identity.inputs.items()},
        "command": identity.command,
        "mlflow.user": _user(),
        "mlflow.source.name": _again(identity),  # MLflow shows what stands behind the last slash
        "mlflow.source.type": "LOCAL",
        "mlflow.source.git.commit": commit,
        "mlflow.note.content": description(task, run, identity, corpus, {}),
    }
    run_id = store.start(task, f"{run} {corpus} {identity.key[:SHORT]}", parameters, tags, seconds)
    store.log_datasets(run_id, {path: digest for path, digest in identity.inputs.items() if path.startswith("data/encoded/")})
    return run_id


def log_history(
    store: Store, run_id: str, history: Sequence[Mapping[str, float]], method: str = "", known: Iterable[int] = ()
) -> None:
    """Add the curves of a history, by optimizer step where it counts them, with the epoch beside them.

    Rows whose step is `known` have been logged while the stage trained; of these only the epoch is added.
    """
    values: list[tuple[str, float, int]] = []
    logged = set(known)
    for row in history:
        step = int(row.get("step", row["epoch"]))
        values.append(("train/epoch", row["epoch"], step))
        if step not in logged:
            numbers = {name: value for name, value in row.items() if name not in ("epoch", "step")}
            values += metric_values(numbers, step, method)
    store.log(run_id, values)


def log_best(store: Store, run_id: str, history: Sequence[Mapping[str, float]], selection: Selection | None) -> None:
    """Add the figures of the epoch whose weights were kept, which the curves' last values are not.

    At step 0, where all figures are that are no curve: MLflow draws them as bars.
    """
    kept = best_row(history, selection) if selection else None
    if kept:
        numbers = [(best_name(name), value, 0) for name, value in kept.items() if name.startswith("validation_")]
        store.log(run_id, [("best_epoch", kept["epoch"], 0), *numbers])


def log_scores(store: Store, run: Any, scores: Mapping[str, float]) -> bool:
    """Add the scores that a run (mlflow.entities.Run) does not show yet, at step 0; say whether there were any."""
    new = [(name, value, 0) for name, value in scores.items() if run.data.metrics.get(name) != value]
    store.log(run.info.run_id, new)
    return bool(new)


def metric_values(row: Mapping[str, float], step: int, method: str = "") -> list[tuple[str, float, int]]:
    """Return (name, value, step) of the finite numbers of a row of the history."""
    return [(curve_name(name, method), float(value), step) for name, value in row.items() if math.isfinite(value)]


def description(task: str, run: str, identity: Identity, corpus: str, figures: Mapping[str, float]) -> str:
    """Return a run's description in Markdown: what it is, its figures (of the test split, if any), how it is made again."""
    shown = {name: value for name, value in figures.items() if name.startswith(("test/", "sd/test"))} or figures
    rows = [f"| {name} | {value:g} |" for name, value in sorted(shown.items())]
    table = ["| figure | value |", "|---|---:|", *rows, ""] if rows else []
    return "\n".join([f"**{run}**: {task.replace('_', ' ')} on `{corpus}`.", "", *table, f"Made again by `{_again(identity)}`."])


def keep_newest(store: Store, runs: list[Any]) -> None:
    """Leave one FINISHED run of those with one key (newest first), and end what a dead process left RUNNING."""
    finished = [run for run in runs if run.info.status == "FINISHED"]
    for run in finished[1:]:
        store.delete(run.info.run_id)
    for run in runs:
        if finished and run.info.status == "RUNNING":
            store.end(run.info.run_id, "KILLED")


def mark_stale(store: Store, runs: Iterable[Any], keys: Iterable[str]) -> None:
    """Tag each run of this workspace by whether its key is one of `keys`, those of the workspace's present results.

    On a server, where other workspaces have runs too, theirs are left alone.
    """
    current = set(keys)
    for run in runs:
        if store.is_shared and run.data.tags.get("workspace") != workspace():
            continue
        stale = str(run.data.tags["stage_key"] not in current).lower()
        if run.data.tags.get("stale") != stale:
            store.tag(run.info.run_id, "stale", stale)


def workspace() -> str:
    """Return what tells this workspace's runs from those of others on the same server."""
    return f"{socket.gethostname()}:{Path.cwd()}"


def _again(identity: Identity) -> str:
    """Return the command that makes a run again."""
    return f"dvc repro {identity.stage}"


def _user() -> str:
    """Return who runs this, where the machine has a name for the number."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return ""


def _device() -> str:
    """Return the GPU's name, where this process may use one."""
    import torch

    if os.environ.get("CUDA_VISIBLE_DEVICES") == "" or not torch.cuda.is_available():
        return "cpu"
    return torch.cuda.get_device_name()
