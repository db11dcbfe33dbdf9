"""The runs that MLflow lacks, made from the files of stages that DVC restored from its cache."""

import logging
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from filelock import FileLock

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.common.files import read_json
from rnnpipe.common.tables import flatten
from rnnpipe.models.history import read_history
from rnnpipe.params import Params, load_params
from rnnpipe.tracking.pipeline import TrainedStage, trained_stages
from rnnpipe.tracking.runs import keep_newest, metric_values, run_tags
from rnnpipe.tracking.store import Store, failures, reason, store_uri

logger = logging.getLogger(__name__)


def backfill() -> int:
    """Give each trained stage whose outputs are up to date its one FINISHED run, with its final scores.

    A second call changes nothing.

    Returns
    -------
    int
        Number of runs that were made.

    Raises
    ------
    RnnpipeError
        The store cannot be used, or params.yaml or dvc.yaml are wrong.
    """
    params = load_params()
    stages = trained_stages(lambda address: logger.info("skipped, not up to date: %s", address))
    try:
        with FileLock("mlflow.db.track.lock"):
            return _fill(Store(store_uri()), stages, params)
    except failures() as error:
        raise RnnpipeError(f"{store_uri()}: {reason(error)}") from error


def _fill(store: Store, stages: list[TrainedStage], params: Params) -> int:
    runs: dict[str, list[Any]] = defaultdict(list)
    for run in store.runs():
        runs[run.data.tags["stage_key"]].append(run)
    for same_key in runs.values():
        keep_newest(store, same_key)
    made = 0
    for stage in stages:
        finished = next((run for run in runs[stage.key] if run.info.status == "FINISHED"), None)
        if finished is None:
            logger.info("made from cache: %s", stage.address)
            run_id, shown = _replay(store, stage, params)
            keep_newest(store, store.runs(stage.key))
            made += 1
        else:
            run_id, shown = finished.info.run_id, finished.data.metrics
        _attach_scores(store, run_id, stage.metrics, shown)
    return made


def _replay(store: Store, stage: TrainedStage, params: Params) -> tuple[str, Mapping[str, float]]:
    """Make a finished run from a stage's history and model directory; return its id and the numbers that it shows."""
    curves = _curves(stage.output / "history.csv")
    parameters = params.run(stage.section, stage.run).resolved()
    run_id = store.start(stage.task, stage.run, parameters, run_tags(stage.address, stage.key, "cache"))
    store.log(run_id, curves)
    if not stage.output.is_relative_to("reports"):
        store.copy_directory(run_id, stage.output)
    store.end(run_id, "FINISHED")
    return run_id, {name: value for name, value, _ in curves}


def _curves(path: Path) -> list[tuple[str, float, int]]:
    """Return (name, value, step) of all curves in a history file, by epoch if it counts no steps; empty if there is no file."""
    values = []
    for row in read_history(path):
        epoch = row.pop("epoch")
        values += metric_values(row, int(row.pop("step", epoch)))
    return values


def _attach_scores(store: Store, run_id: str, path: Path | None, shown: Mapping[str, float]) -> None:
    """Add the numbers in metrics.json that the run does not show yet, at step 0; a curve of the validation split stays one."""
    if path is None:
        return
    numbers = {_shown(name): value for name, value in flatten(read_json(path)).items() if type(value) in (int, float)}
    scores = metric_values({name: value for name, value in numbers.items() if not _is_curve(name, shown)}, step=0)
    store.log(run_id, [score for score in scores if shown.get(score[0]) != score[1]])


def _is_curve(name: str, shown: Mapping[str, float]) -> bool:
    return name.startswith("validation/") and name in shown


def _shown(score: str) -> str:
    """Return a score's name in MLflow, where names are grouped by what stands before `/`.

    A score of a split, `accuracy.test`, is `test/accuracy`; anything else is `report/...`.
    """
    name, _, split = score.rpartition(".")
    return f"{split}/{name}" if split in ("validation", "test") and name else f"report/{score}"
