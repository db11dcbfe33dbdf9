"""The runs that MLflow lacks, made from the files of stages that DVC restored from its cache."""

import logging
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from filelock import FileLock

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.common.files import read_json, sha256_of_tree
from rnnpipe.common.tables import flatten
from rnnpipe.models.history import read_history
from rnnpipe.params import Params, load_params
from rnnpipe.runner.project import noted_seconds
from rnnpipe.tracking.addresses import store_uri
from rnnpipe.tracking.durations import read_durations, write_durations
from rnnpipe.tracking.families import Member, show_families
from rnnpipe.tracking.names import allowed_name, is_metric, scores_of
from rnnpipe.tracking.pipeline import TrainedStage, trained_stages
from rnnpipe.tracking.registry import update_champions
from rnnpipe.tracking.runs import begin, description, keep_newest, log_best, log_history, log_scores, mark_stale
from rnnpipe.tracking.store import Store, failures, reason

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
    members, seconds = [], read_durations()
    for stage in stages:
        key = stage.identity.key
        finished = next((run for run in runs[key] if run.info.status == "FINISHED"), None)
        if finished is None:
            finished = store.run(_replay(store, stage, params, seconds.get(key)))
            keep_newest(store, store.runs(stage_key=key))
            made += 1
        if not stage.grid:
            _attach_scores(store, finished, stage)
        seconds[key] = round((finished.info.end_time - finished.info.start_time) / 1000)
        members.append(Member(stage, params.run(stage.section, stage.run).resolved(), finished.info.run_id))
    parents = show_families(store, members, seconds)
    mark_stale(store, store.runs(), [*parents, *(stage.identity.key for stage in stages)])
    write_durations(seconds, {stage.identity.key: stage.identity for stage in stages})
    update_champions(store, stages, params)
    return made


def _replay(store: Store, stage: TrainedStage, params: Params, seconds: int | None) -> str:
    """Make a finished run from a stage's history and model directory, which took so many seconds; return its id."""
    run = params.run(stage.section, stage.run)
    parameters = run.resolved()
    lasted = seconds or noted_seconds(stage.identity.stage) or 0
    run_id = begin(store, stage.task, stage.run, stage.identity, parameters, "cache", lasted)
    history = read_history(stage.output / "history.csv")
    log_history(store, run_id, history, _method(stage.section, parameters))
    log_best(store, run_id, history, getattr(run, "selected_by", None))
    if not stage.output.is_relative_to("reports"):
        store.copy_directory(run_id, stage.output, "model")
    store.end(run_id, "FINISHED", lasted)
    return run_id


def _method(section: str, parameters: Mapping[str, Any]) -> str:
    """Return what tells the losses of word vectors apart: they are sums of different things."""
    return str(parameters.get("architecture", section)) if section in ("word2vec", "glove", "window") else ""


def _attach_scores(store: Store, run: Any, stage: TrainedStage) -> None:
    """Add what a run does not show yet of its evaluation.

    Of metrics.json the scores are metrics, counts and facts of the text tags; predictions, tables and samples are artifacts.
    """
    if stage.metrics is None:
        return
    numbers = {name: value for name, value in flatten(read_json(stage.metrics)).items() if type(value) in (int, float)}
    scores = scores_of(numbers)
    log_scores(store, run, scores)
    corpus = run.data.params.get("corpus", "")
    tags = {allowed_name(name): f"{value:g}" for name, value in numbers.items() if not is_metric(name, value)}
    tags["report"] = sha256_of_tree(stage.metrics.parent)
    if run.data.tags.get("report") != tags["report"]:
        store.copy_directory(run.info.run_id, stage.metrics.parent, "report")
    tags["mlflow.note.content"] = description(stage.task, stage.run, stage.identity, corpus, scores)
    for name, text in tags.items():
        if run.data.tags.get(name) != text:
            store.tag(run.info.run_id, name, text)
