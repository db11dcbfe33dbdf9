"""Which trained model or embedding a command takes: the one that is named, or the best one."""

import math
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from rnnpipe.cli.texts.options import LANGUAGE_MODELS
from rnnpipe.common.errors import RnnpipeError
from rnnpipe.common.escaping import escaped
from rnnpipe.common.files import read_json
from rnnpipe.common.tables import flatten
from rnnpipe.embeddings.vectors import DECLARED
from rnnpipe.models.history import best_row, read_history
from rnnpipe.params import Selection
from rnnpipe.params.tasks import TaskSections, run_class

MODELS, EMBEDDINGS, REPORTS = Path("models"), Path("embeddings"), Path("reports")
TASKS = tuple(TaskSections.model_fields)
FIGURES = ("analogies.accuracy", "analogies.three_cos_mul", "probe.accuracy")
"""What embeddings are compared by, as in the report's tables and in MLflow; of those equal in one the next decides."""
CHAMPION = "champion"


@dataclass(frozen=True)
class TrainedRun:
    """A model directory of the workspace, whose weights are not read."""

    task: str
    name: str
    """Of the run; of a grid `<run>/<trial>`."""
    directory: Path

    @cached_property
    def parameters(self) -> Mapping[str, Any]:
        """Of the run, as `config.json` has them; none of a damaged one, which is told when the model is opened."""
        found = _object(self.directory / "config.json").get("parameters")
        return found if isinstance(found, dict) else {}

    @property
    def corpus(self) -> str:
        """That it was trained on."""
        return str(self.parameters.get("corpus", ""))

    @property
    def selection(self) -> Selection:
        """The validation score that chose its epoch."""
        name = str(self.parameters.get("selection", "loss"))
        return Selection(name, run_class(self.task).directions.get(name, False))

    @cached_property
    def score(self) -> float | None:
        """That score of the kept weights; None where the history has none, or is damaged."""
        try:
            row = best_row(read_history(self.directory / "history.csv"), self.selection)
        except (ValueError, TypeError):
            return None
        return row[self.selection.column] if row else None


def trained_runs(task: str, models: Path = MODELS) -> list[TrainedRun]:
    """Return the trained models of a task by name, the trials of grids among them."""
    folder = models / task
    found = sorted(path.parent for depth in ("*", "*/*") for path in folder.glob(f"{depth}/config.json"))
    return [TrainedRun(task, path.relative_to(folder).as_posix(), path) for path in found]


def best_run(task: str, models: Path = MODELS) -> TrainedRun | None:
    """Return the task's model with the best validation score, by its own run's `selection`; of equals the first by name.

    Scores of different corpora, or by different selections, do not compare: with several of them it is better to name a model.
    """
    return max(trained_runs(task, models), key=_worth, default=None)


def default_run(tasks: Sequence[str], models: Path = MODELS) -> TrainedRun | None:
    """Return the best model of the first of some tasks that has any."""
    return next((best for task in tasks if (best := best_run(task, models))), None)


def default_runs() -> list[TrainedRun]:
    """Return what each command takes where no model is named."""
    asked = [LANGUAGE_MODELS, *((task,) for task in TASKS if task not in LANGUAGE_MODELS)]
    return [run for tasks in asked if (run := default_run(tasks))]


def _worth(run: TrainedRun) -> float:
    return -math.inf if run.score is None else run.score if run.selection.higher_is_better else -run.score


def find_model(tasks: Sequence[str], named: str | None, models: Path = MODELS) -> Path:
    """Return the directory of a model.

    Parameters
    ----------
    tasks : sequence of str
        Whose runs `named` may be; where nothing is named, the best one of the first that has any is taken.
    named : str, optional
        A run (`lstm`, `ner/lstm`), a directory, `champion`, or the champion of one corpus as MLflow names it
        (`sentiment-opinions@champion`, also with `models:/` before it).
    models : Path, default="models"
        Holds `<task>/<run>/`.

    Raises
    ------
    RnnpipeError
        There is no such model, or several are named so.
    """
    if named is None:
        best = default_run(tasks, models)
        if best is None:
            raise RnnpipeError(f"{models / tasks[0]}: no trained model; `dvc repro` trains one, or name a directory with --model")
        return best.directory
    if named == CHAMPION or named.endswith(f"@{CHAMPION}"):
        from rnnpipe.tracking.champion_files import champion_directory

        name = named.removeprefix("models:/").rpartition("@")[0]
        return champion_directory(tasks, name or None)
    found = [models / task / named for task in tasks if is_model(models / task / named)]
    if len(found) > 1:
        names = ", ".join(path.relative_to(models).as_posix() for path in found)
        raise RnnpipeError(f"--model {escaped(named)}: several tasks have a run of this name; name one of {names}")
    if found:
        return found[0]
    if is_model(models / named):
        return models / named
    if os.path.isdir(named):
        return Path(named)
    raise RnnpipeError(_unheard_of(tasks, named, models))


def is_model(path: Path) -> bool:
    """Tell whether a path leads to a model directory; of what no path can be, it does not."""
    return os.path.isfile(path / "config.json")


def _unheard_of(tasks: Sequence[str], named: str, models: Path) -> str:
    shown = escaped(named)
    if os.path.isfile(named):
        return f"--model {shown}: a file; name the directory of a model, such as models/{tasks[0]}/lstm"
    runs = [run for task in tasks for run in trained_runs(task, models)]
    known = ", ".join(run.name if len(tasks) == 1 else f"{run.task}/{run.name}" for run in runs)
    there = f"runs are {known}" if known else "`dvc repro` trains those of params.yaml"
    return f"--model {shown}: no such run of {' or '.join(tasks)}, nor a directory; {there}"


def best_embedding(embeddings: Path = EMBEDDINGS, reports: Path = REPORTS) -> Path:
    """Return the trained or imported embedding with the best figures of its evaluation (`FIGURES`), of equals the first by name.

    One that was not evaluated comes after all that were.
    """
    kinds = {path.parent: _object(path).get("kind") for path in sorted(embeddings.glob("*/config.json"))}
    found = [path for path, kind in kinds.items() if kind and kind not in DECLARED]
    if not found:
        raise RnnpipeError(f"{embeddings}: no trained embedding; `dvc repro` trains those of params.yaml")
    return max(found, key=lambda path: _figures(reports / "embeddings" / path.name / "metrics.json"))


def _object(path: Path) -> Mapping[str, Any]:
    """Return the object in a JSON file; an empty one where there is something else."""
    found = read_json(path)
    return found if isinstance(found, dict) else {}


def _figures(path: Path) -> list[float]:
    metrics = flatten(_object(path)) if path.is_file() else {}
    found = [metrics.get(name) for name in FIGURES]
    return [value if isinstance(value, int | float) else -math.inf for value in found]


def every_run(models: Path = MODELS) -> Iterator[TrainedRun]:
    """Yield the trained models of all tasks."""
    for task in TASKS:
        yield from trained_runs(task, models)
