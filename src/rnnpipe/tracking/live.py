"""A run that is shown in MLflow while its stage trains."""

import contextlib
import logging
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.models.history import read_history
from rnnpipe.params import load_params
from rnnpipe.tracking.addresses import store_uri
from rnnpipe.tracking.pipeline import identity_of
from rnnpipe.tracking.runs import begin, keep_newest, log_best, log_history, mark_stale, metric_values
from rnnpipe.tracking.store import Store, failures, reason

logger = logging.getLogger(__name__)


class Tracker:
    """What a training stage writes to while it runs.

    Tracking never stops a stage: at the first failure of the store it says so in one line and is silent from then on.
    The missing run is made by `rnnpipe track` later.
    """

    def __init__(self) -> None:
        self._store: Store | None = None
        self._run_id = ""
        self._key = ""
        self._task = ""
        self._run = ""
        self._steps: list[int] = []
        self._monitor: Any = None

    def start(self, task: str, run: str, stage: str, parameters: Mapping[str, Any]) -> None:
        """Open the store and start the run; finished runs of the stage's former settings are stale from now on."""
        with self._forgiving():
            identity = identity_of(stage)
            store = Store(store_uri())
            self._run_id = begin(store, task, run, identity, parameters, "live")
            mark_stale(store, store.runs(stage=stage), [identity.key])
            self._monitor = store.watch_system(self._run_id)
            self._store, self._key, self._task, self._run = store, identity.key, task, run

    def log_metrics(self, metrics: Mapping[str, float], step: int) -> None:
        """Add numbers to the run's curves.

        Parameters
        ----------
        metrics : mapping of str to float
            Named as in history.csv: `train_loss` is shown as `train/loss_nats`.
        step : int
            Optimizer steps so far.
        """
        if self._store:
            with self._forgiving():
                self._store.log(self._run_id, metric_values(metrics, step))
                self._steps.append(step)

    def log_directory(self, directory: Path) -> None:
        """Copy the finished model directory to the run's artifacts, and show what its history says of the kept weights."""
        if self._store:
            with self._forgiving():
                self._store.copy_directory(self._run_id, directory, "model")
                history = read_history(directory / "history.csv")
                log_history(self._store, self._run_id, history, known=self._steps)
                log_best(self._store, self._run_id, history, load_params().run(self._task, self._run).selected_by)

    def end(self, status: str) -> None:
        """End the run; a FINISHED one takes the place of older ones with the same key."""
        if self._store:
            with self._forgiving():
                self._monitor.finish()
                self._store.end(self._run_id, status)
                if status == "FINISHED":
                    keep_newest(self._store, self._store.runs(stage_key=self._key))

    @contextlib.contextmanager
    def _forgiving(self) -> Iterator[None]:
        try:
            yield
        except Exception as error:
            if not isinstance(error, (RnnpipeError, *failures())):
                raise
            self._store = None
            logger.warning("not tracked in MLflow: %s (`rnnpipe track` makes the run later)", reason(error))


@contextlib.contextmanager
def live_run(task: str, run_name: str, stage: str, parameters: Mapping[str, Any], first: bool = True) -> Iterator[Tracker]:
    """Show a run in MLflow while the block trains: FINISHED at its clean end, FAILED at an exception.

    Parameters
    ----------
    task : str
        The experiment: `language_model`, `sentiment`, `ner`, `long_term`, `embeddings`.
    run_name : str
        Name of the run, as in params.yaml.
    stage : str
        DVC's address of the stage, such as `train_sentiment@lstm`.
    parameters : mapping
        All fields of the run (`run.resolved()`), so that the runs of a task have the same keys.
    first : bool, default=True
        Whether this is the first of all processes of the training, the one that writes.

    Yields
    ------
    Tracker
        It does nothing where the environment has `RNNPIPE_TRACKING=off`, and in all but the first of several processes.
    """
    tracker = Tracker()
    if os.environ.get("RNNPIPE_TRACKING") != "off" and first:
        tracker.start(task, run_name, stage, parameters)
    try:
        yield tracker
    except BaseException:
        tracker.end("FAILED")
        raise
    tracker.end("FINISHED")
