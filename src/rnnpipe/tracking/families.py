"""Runs below a common parent: those that differ in their seed alone, and all trials of a grid.

A parent shows the mean of its runs under the names of their metrics, and the sample standard deviation under `sd/`. The parent
of a grid shows the scores of the grid's own evaluation.
"""

import hashlib
import os
import statistics
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rnnpipe.common.files import read_json
from rnnpipe.common.tables import flatten, rounded
from rnnpipe.tracking.names import scores_of
from rnnpipe.tracking.pipeline import Identity, TrainedStage
from rnnpipe.tracking.runs import begin, description, log_scores
from rnnpipe.tracking.store import Store

PARENT = "mlflow.parentRunId"
"""Tag by which MLflow's table puts a run below another one."""


@dataclass(frozen=True)
class Member:
    """A finished run, the only one of its key."""

    stage: TrainedStage
    parameters: Mapping[str, Any]
    """All fields, defaults filled in."""
    run_id: str


@dataclass(frozen=True)
class Family:
    """Runs that belong together."""

    name: str
    kind: str
    """`seeds`, or `trials` of a grid."""
    members: tuple[Member, ...]

    @property
    def title(self) -> str:
        """Its parent's name."""
        return f"{self.name}, {len(self.members)} {self.kind}"

    @property
    def task(self) -> str:
        """The experiment."""
        return self.members[0].stage.task

    @property
    def common(self) -> dict[str, Any]:
        """The parameters that all members share."""
        settings = [flatten(member.parameters) for member in self.members]
        return {name: value for name, value in settings[0].items() if all(other.get(name) == value for other in settings)}

    @property
    def identity(self) -> Identity:
        """What tells this family from others: its members' keys."""
        keys = "\n".join([self.kind, *sorted(member.stage.identity.key for member in self.members)])
        stages = " ".join(member.stage.identity.stage for member in self.members)
        return Identity(stages, "", hashlib.sha256(keys.encode()).hexdigest(), {})


def families_by_seed(members: Sequence[Member]) -> list[Family]:
    """Return the groups of two and more runs of one task that differ in nothing but `seed`."""
    groups: dict[tuple[str, str], list[Member]] = defaultdict(list)
    for member in members:
        settings = {name: value for name, value in member.parameters.items() if name != "seed"}
        groups[member.stage.identity.stage.split("@")[0], repr(settings)].append(member)
    return [Family(_common_name(group), "seeds", tuple(group)) for group in groups.values() if len(group) > 1]


def grids(members: Sequence[Member]) -> list[Family]:
    """Return the trials of each grid."""
    groups: dict[tuple[str, str], list[Member]] = defaultdict(list)
    for member in members:
        if member.stage.grid:
            groups[member.stage.task, member.stage.grid].append(member)
    return [Family(name, "trials", tuple(group)) for (_, name), group in groups.items()]


def show_families(store: Store, members: Sequence[Member], seconds: Mapping[str, int]) -> list[str]:
    """Give each family its parent, and its runs the place below it; return the parents' keys.

    A second call with the same runs changes nothing. The parents of seeds of a grid's trials lie below the grid's.
    """
    runs = {run.data.tags["stage_key"]: run for run in store.runs() if run.info.status == "FINISHED"}
    parents = []
    top = {member.run_id: runs[member.stage.identity.key] for member in members}
    for family in [*families_by_seed(members), *grids(members)]:
        parent = _parent(store, runs, family, seconds)
        parents.append(parent.data.tags["stage_key"])
        for member in family.members:
            run = top[member.run_id]
            if run is not parent and run.data.tags.get(PARENT) != parent.info.run_id:
                store.tag(run.info.run_id, PARENT, parent.info.run_id)
            top[member.run_id] = parent
    return parents


def _parent(store: Store, runs: Mapping[str, Any], family: Family, seconds: Mapping[str, int]) -> Any:
    """Return the finished run that stands for a family, made where there is none; its figures are the present ones."""
    identity = family.identity
    run = runs.get(identity.key)
    if run is None:
        lasted = sum(seconds.get(member.stage.identity.key, 0) for member in family.members)
        run = store.run(begin(store, family.task, family.title, identity, family.common, "family", lasted))
        store.end(run.info.run_id, "FINISHED", lasted)
    figures = _scores(family) if family.kind == "trials" else _means(runs, family)
    if log_scores(store, run, figures):
        corpus = str(family.common.get("corpus", ""))
        store.tag(run.info.run_id, "mlflow.note.content", description(family.task, family.title, identity, corpus, figures))
    return run


def _means(runs: Mapping[str, Any], family: Family) -> dict[str, float]:
    """Return the mean and the standard deviation of each metric that all members have."""
    metrics = [runs[member.stage.identity.key].data.metrics for member in family.members]
    shared = [name for name in metrics[0] if not name.startswith("system/") and all(name in other for other in metrics)]
    values = {name: [other[name] for other in metrics] for name in shared}
    spread = {f"sd/{name.replace('/', '_')}": statistics.stdev(numbers) for name, numbers in values.items()}
    means = {name: statistics.fmean(numbers) for name, numbers in values.items()}
    return {name: rounded(value) for name, value in {**means, **spread}.items()}


def _scores(family: Family) -> dict[str, float]:
    """Return the scores of a grid's evaluation, where there is a present one."""
    metrics = family.members[0].stage.metrics
    numbers = flatten(read_json(metrics)) if metrics else {}
    return scores_of(numbers)


def _common_name(members: Sequence[Member]) -> str:
    """Return what the names of runs begin with: `lstm` for `lstm-1` and `lstm-2`."""
    names = [member.stage.run for member in members]
    return os.path.commonprefix(names).rstrip("-_/") or f"{names[0]}, …"
