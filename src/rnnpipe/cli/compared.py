"""A run as it is compared on a terminal: what it was told, what it reached, in which epoch and time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rnnpipe.cli.durations import last_seconds
from rnnpipe.common.errors import RnnpipeError
from rnnpipe.common.files import read_json
from rnnpipe.common.tables import flatten
from rnnpipe.params import Run, Score, load_params
from rnnpipe.report.read.groups import kept_row
from rnnpipe.report.read.measurements import Measured, read_measurements
from rnnpipe.report.read.settings import describe
from rnnpipe.report.read.word_vectors import method

MODELS, REPORTS, EMBEDDINGS = Path("models"), Path("reports"), Path("embeddings")
ANALOGIES = Score("analogies.accuracy", "analogies", 1, " %")
"""What word vectors are sorted by."""


@dataclass(frozen=True)
class Compared:
    """A run of params.yaml, with what its files say."""

    measured: Measured
    seconds: int | None
    """What its training last took; None where that is not known."""
    is_stale: bool
    """Whether its model was made with other parameters than those of params.yaml."""

    @property
    def name(self) -> str:
        """The run's."""
        return self.measured.name

    @property
    def task(self) -> str:
        """The task's, or `embeddings`."""
        return self.measured.task

    @property
    def model(self) -> str:
        """What it is, in a few words."""
        return method(self.measured).partition(",")[0] if self.task == "embeddings" else describe(self.measured)

    @property
    def epoch(self) -> int | None:
        """The epoch whose weights were kept; None of what has no epochs."""
        row = kept_row(self.measured)
        return round(row["epoch"]) if row else None

    @property
    def parameters(self) -> dict[str, Any]:
        """Dotted path → value, defaults filled in."""
        return flatten(self.measured.parameters.resolved())

    @property
    def metrics(self) -> dict[str, float]:
        """Dotted path → figure; what is no number is left out."""
        figures = {key: value for key, value in self.measured.metrics.items() if type(value) in (int, float)}
        return {key: value for key, value in figures.items() if not key.startswith("config.")}  # those repeat the parameters

    def value(self, key: str) -> Any:
        """Return a column, a figure or a parameter; None where the run has no such thing."""
        own = {"run": self.name, "model": self.model, "epoch": self.epoch, "time": self.seconds}
        return own.get(key, self.metrics.get(key, self.parameters.get(key)))

    def plain(self) -> dict[str, Any]:
        """Return all of it as JSON has it."""
        return {
            "task": self.task,
            "run": self.name,
            "stale": self.is_stale,
            "epoch": self.epoch,
            "seconds": self.seconds,
            "parameters": self.measured.parameters.resolved(),
            "metrics": self.metrics,
        }


def read_runs(task: str | None) -> dict[str, list[Compared]]:
    """Return task → its runs in the order of params.yaml, of one task or of all.

    Raises
    ------
    RnnpipeError
        There is no such task, or params.yaml is wrong.
    """
    measurements = read_measurements(load_params(), REPORTS, MODELS, EMBEDDINGS)
    found: dict[str, list[Compared]] = {}
    for run in map(_compared, (*measurements.runs, *measurements.embeddings)):
        if run.metrics or run.measured.history:
            found.setdefault(run.task, []).append(run)
    if task is not None and task not in found:
        raise RnnpipeError(f"--task {task}: no run of it has results; there are {', '.join(found) or 'none at all: make run'}")
    return {name: runs for name, runs in found.items() if task in (None, name)}


def score_of(runs: Sequence[Compared]) -> Score:
    """Return the score that the runs of a task are sorted by."""
    return next((run.measured.parameters.score for run in runs if isinstance(run.measured.parameters, Run)), ANALOGIES)


def find_run(tasks: dict[str, list[Compared]], name: str) -> Compared:
    """Return a run by its name, or by `<task>/<run>`.

    Raises
    ------
    RnnpipeError
        None has this name, or several tasks have one.
    """
    found = [run for runs in tasks.values() for run in runs if name in (run.name, f"{run.task}/{run.name}")]
    if len(found) == 1:
        return found[0]
    if found:
        raise RnnpipeError(f"{name}: several tasks have such a run; say {' or '.join(f'{run.task}/{run.name}' for run in found)}")
    known = ", ".join(run.name for runs in tasks.values() for run in runs)
    raise RnnpipeError(f"{name}: no such run; there are {known or 'none: `make run` makes those of params.yaml'}")


def _compared(run: Measured) -> Compared:
    config = MODELS / run.task / run.name / "config.json"
    is_stale = config.is_file() and read_json(config)["parameters"] != run.parameters.resolved()
    return Compared(run, _seconds(run), is_stale)


def _seconds(run: Measured) -> int | None:
    """Return what the stage of a run took, all trials of a grid together."""
    verb = "train" if isinstance(run.parameters, Run) else "pretrain" if run.task == "embeddings" else "fit"
    trials: Iterable[Path] = sorted(path.parent for path in (MODELS / run.task / run.name).glob("*/config.json"))
    names = [f"{run.name}-{trial.name}" for trial in trials] or [run.name]
    known = [seconds for name in names if (seconds := last_seconds(f"{verb}_{run.section}@{name}")) is not None]
    return sum(known) if known else None
