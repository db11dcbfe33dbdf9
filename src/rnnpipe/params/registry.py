"""Parameters of MLflow's model registry: which models are registered as champions."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from rnnpipe.params.base import Strict
from rnnpipe.params.tasks import TaskSections, run_class


class Gate(Strict):
    """What a model of a task must reach on the validation split to become champion; in percent where the metric is a share."""

    metric: str | None = None
    """A validation score of the task, `accuracy` say; None: the one that chooses the epoch where a run names no other."""
    required: Annotated[float, Field(allow_inf_nan=False)] | None = None
    """Least score, or where less is better the greatest; None: any."""
    margin: Annotated[float, Field(ge=0.0, allow_inf_nan=False)] = 0.0
    """By how much a model must be better than the champion; 0: by anything."""


class Registry(Strict):
    """What `rnnpipe track` registers: of each task and corpus the best model, as `models:/<task>-<corpus>@champion`."""

    tasks: tuple[str, ...] = ("language_model", "ner", "sentiment")
    """Tasks whose models are registered; none: nothing is."""
    gates: dict[str, Gate] = {}
    """Task → gate; a task without one lets every model through."""

    @model_validator(mode="after")
    def _tasks_and_metrics_exist(self) -> Registry:
        for number, task in enumerate(self.tasks):
            if task not in TaskSections.model_fields:
                raise ValueError(f"tasks.{number}: {task!r} is not one of {', '.join(TaskSections.model_fields)}")
        for task, gate in self.gates.items():
            if task not in self.tasks:
                raise ValueError(f"gates.{task}: is none of the tasks that are registered; name it in tasks")
            known = run_class(task).directions
            if gate.metric is not None and gate.metric not in known:
                raise ValueError(f"gates.{task}.metric: {gate.metric!r} is not one of {', '.join(known)}")
        return self

    def gate(self, task: str) -> Gate:
        """Return the gate of a task."""
        return self.gates.get(task, Gate())


def registered_name(task: str, corpus: str) -> str:
    """Return the name of the registered model whose versions are models of a task and a corpus."""
    return f"{task}-{corpus}"
