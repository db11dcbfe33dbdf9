"""The MLflow store: the one place that writes runs. Experiments and runs are always named by id, never by global state."""

import json
import logging
import os
import shutil
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from filelock import FileLock

from rnnpipe.common.tables import flatten
from rnnpipe.tracking.addresses import artifact_folder
from rnnpipe.tracking.names import allowed_name

METRICS_PER_CALL = 1000
SETTINGS = {
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "DO_NOT_TRACK": "true",
    "MLFLOW_LOGGING_LEVEL": "WARNING",
    # A server that is down must not hold up training: the default is 7 retries over minutes.
    "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "1",
    "MLFLOW_HTTP_REQUEST_TIMEOUT": "20",
}


class Store:
    """An open store.

    Runs of a SQLite store have `mlflow-artifacts:` addresses, which hold no path: workspace, database and files can be
    moved together, and `rnnpipe ui` shows the files from where they then are.
    """

    def __init__(self, uri: str) -> None:
        for name, value in SETTINGS.items():
            os.environ.setdefault(name, value)
        logging.getLogger("urllib3.connectionpool").setLevel(logging.ERROR)  # a line for each retry
        from mlflow import MlflowClient

        self.uri = uri
        self._folder = artifact_folder(uri)
        # Two processes that open a new database both try to make its tables, and all but one crash.
        self._lock = FileLock(self._folder.parent / "mlflow.db.lock" if self._folder else "mlflow.db.lock", timeout=120)
        with self._lock:
            self._client = MlflowClient(tracking_uri=uri)

    @property
    def is_shared(self) -> bool:
        """Whether other workspaces may have runs in the store too: a server's is, a database beside the workspace is not."""
        return self._folder is None

    def experiment(self, name: str) -> str:
        """Return the id of an experiment, which is created, or restored from MLflow's trash, where needed."""
        with self._lock:
            found = self._client.get_experiment_by_name(name)
            if found is None:
                return self._create_experiment(name)
            if found.lifecycle_stage == "deleted":
                self._client.restore_experiment(found.experiment_id)
            return str(found.experiment_id)

    def _create_experiment(self, name: str) -> str:
        from mlflow.exceptions import MlflowException

        location = f"mlflow-artifacts:/{name}" if self._folder else None
        try:
            return str(self._client.create_experiment(name, artifact_location=location))
        except MlflowException as error:
            # The lock is this machine's; on a server another one may have been first.
            if error.error_code != "RESOURCE_ALREADY_EXISTS":
                raise
            existing = self._client.get_experiment_by_name(name)
            if existing is None:
                raise
            return str(existing.experiment_id)

    def tag_experiment(self, name: str, tag: str, value: str) -> None:
        """Set a tag of an experiment, if it is another value than it has."""
        experiment = self._client.get_experiment(self.experiment(name))
        if experiment.tags.get(tag) != value:
            self._client.set_experiment_tag(experiment.experiment_id, tag, value)

    def start(self, task: str, name: str, parameters: Mapping[str, Any], tags: Mapping[str, str], seconds: int = 0) -> str:
        """Start a run in the task's experiment, as if so many seconds ago, and return its id."""
        from mlflow.entities import Param

        began = int(time.time() - seconds) * 1000 if seconds else None
        run = self._client.create_run(self.experiment(task), start_time=began, tags=dict(tags), run_name=name)
        flat = flatten(parameters)  # lists are written as JSON
        texts = {key: json.dumps(value) if isinstance(value, list | tuple) else str(value) for key, value in flat.items()}
        self._client.log_batch(run.info.run_id, params=[Param(allowed_name(key), text) for key, text in texts.items()])
        return str(run.info.run_id)

    def log(self, run_id: str, values: Iterable[tuple[str, float, int]]) -> None:
        """Add (name, value, step) to a run."""
        from mlflow.entities import Metric

        now = int(time.time() * 1000)
        metrics = [Metric(name, value, now, step) for name, value, step in values]
        for start in range(0, len(metrics), METRICS_PER_CALL):
            self._client.log_batch(run_id, metrics=metrics[start : start + METRICS_PER_CALL])

    def watch_system(self, run_id: str) -> Any:
        """Log the load of processors, GPUs, memory, disk and network every 10 s, until the returned monitor's `finish`."""
        from mlflow.system_metrics.system_metrics_monitor import SystemMetricsMonitor

        monitor: Any = SystemMetricsMonitor(run_id, tracking_uri=self.uri)  # type: ignore[no-untyped-call]
        monitor.start()
        return monitor

    def copy_directory(self, run_id: str, directory: Path, name: str) -> None:
        """Copy a directory to the run's artifacts, under a name."""
        address = urlsplit(self._client.get_run(run_id).info.artifact_uri)
        if self._folder and address.scheme == "mlflow-artifacts":
            shutil.copytree(
                directory, self._folder / address.path.lstrip("/") / name, dirs_exist_ok=True, ignore=shutil.ignore_patterns(".*")
            )
        else:
            self._client.log_artifacts(run_id, str(directory), name)

    def end(self, run_id: str, status: str, seconds: int = 0) -> None:
        """Set a run's final status: FINISHED, FAILED or KILLED; it lasted so many seconds, or until now."""
        ended = self.run(run_id).info.start_time + 1000 * seconds if seconds else None
        self._client.set_terminated(run_id, status, ended)

    def tag(self, run_id: str, name: str, value: str) -> None:
        """Set a tag of a run, or another value of it."""
        self._client.set_tag(run_id, name, value)

    def log_datasets(self, run_id: str, digests: Mapping[str, str]) -> None:
        """Say which data a run was trained on: path of a directory → sha256 of what is in it."""
        from mlflow.entities import Dataset, DatasetInput, InputTag

        datasets = [
            DatasetInput(
                Dataset(name=Path(path).name, digest=digest[:36], source_type="local", source=json.dumps({"uri": path})),
                [InputTag("mlflow.data.context", "training")],
            )
            for path, digest in digests.items()
        ]
        self._client.log_inputs(run_id, datasets)

    def delete(self, run_id: str) -> None:
        """Move a run to MLflow's trash."""
        self._client.delete_run(run_id)

    def experiments(self) -> dict[str, str]:
        """Return name → id of all experiments, in the order of their names."""
        found = {experiment.name: str(experiment.experiment_id) for experiment in self._client.search_experiments()}
        return dict(sorted(found.items()))

    def best(self, task: str, metric: str, higher_is_better: bool, count: int) -> list[str]:
        """Return the ids of a task's finished runs of present results with the best values of a metric, the best first."""
        order = [f"metrics.`{metric}` {'DESC' if higher_is_better else 'ASC'}"]
        wanted = "attributes.status = 'FINISHED' AND tags.stale = 'false'"
        runs = self._client.search_runs([self.experiment(task)], wanted, order_by=order, max_results=count)
        return [str(run.info.run_id) for run in runs if metric in run.data.metrics]

    def run(self, run_id: str) -> Any:
        """Return a run (mlflow.entities.Run)."""
        return self._client.get_run(run_id)

    def runs(self, **tags: str) -> list[Any]:
        """Return the pipeline's runs (mlflow.entities.Run) that have these tags, newest first."""
        experiments = list(self.experiments().values())
        wanted = " AND ".join(["tags.stage_key LIKE '%'", *(f"tags.{name} = '{value}'" for name, value in tags.items())])
        found: list[Any] = []
        token = None
        while True:
            page = self._client.search_runs(experiments, wanted, max_results=1000, page_token=token)
            found += page
            token = page.token
            if not token:
                return sorted(found, key=lambda run: run.info.start_time, reverse=True)


def failures() -> tuple[type[Exception], ...]:
    """Return the errors of a store that is out of order: server down, database locked, read-only or damaged."""
    from mlflow.exceptions import MlflowException
    from sqlalchemy.exc import SQLAlchemyError

    return MlflowException, SQLAlchemyError, OSError


def reason(error: Exception) -> str:
    """Return the beginning of an error's first line."""
    return (str(error).splitlines() or [type(error).__name__])[0][:160]
