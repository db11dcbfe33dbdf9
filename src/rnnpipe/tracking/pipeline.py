"""What tracking asks of dvc.yaml: the stages that train, their keys, and whether their outputs belong to the present inputs.

DVC resolves the stages itself, so nothing is declared twice. Reading takes none of DVC's locks: a stage can ask for its own
key while `dvc repro` runs it.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.runner.project import dvc_repository
from rnnpipe.runner.workspace import Workspace, is_parameter

TRAINING = ("train_", "fit_", "pretrain_")
"""How the names of stages begin that have a run in MLflow."""


@dataclass(frozen=True)
class Identity:
    """What a stage's result depends on."""

    stage: str
    """As DVC names it, such as `train_sentiment@lstm`."""
    command: str
    key: str
    """One sha256 over the command, the values of the parameters and the content of the inputs."""
    inputs: Mapping[str, str]
    """Path → sha256 of each file and directory that it reads."""


@dataclass(frozen=True)
class TrainedStage:
    """A stage that has a run in MLflow, and where its files lie."""

    identity: Identity
    task: str
    """Experiment in MLflow, taken from the output's path: `sentiment`, `language_model`, `embeddings` ..."""
    run: str
    output: Path
    """Model, embedding or report directory."""
    metrics: Path | None
    """Final scores, a trial's those of its whole grid; None where no evaluation of the present output is in the workspace."""

    @property
    def grid(self) -> str:
        """The grid that this is a trial of: `rnn` of `rnn/slow-1`; empty where it is none."""
        return self.run.rpartition("/")[0]

    @property
    def section(self) -> str:
        """Section of params.yaml that holds the run: `train_sentiment@lstm` → `sentiment`."""
        return self.identity.stage.split("@")[0].split("_", 1)[1]


def identity_of(stage: str) -> Identity:
    """Return what identifies a stage's result. Its key is the same during and after its run, on any machine, at any path.

    Parameters
    ----------
    stage : str
        DVC's address of the stage, such as `train_sentiment@lstm`.

    Raises
    ------
    RnnpipeError
        dvc.yaml has no such stage, or an input is missing.
    """
    from dvc.dvcfile import load_file

    with dvc_repository() as repository:
        file = load_file(repository, "dvc.yaml")
        return _identity(file.LOADER(file, file.contents)[stage], Workspace())  # without dvc.lock, which takes longest to parse


def stage_key(stage: str) -> str:
    """Return the key of a stage's identity, 64 hexadecimal digits."""
    return identity_of(stage).key


def trained_stages(skipped: Callable[[str], None]) -> list[TrainedStage]:
    """Return all stages with a run whose outputs are in the workspace and up to date.

    Parameters
    ----------
    skipped : callable
        Called with the address of each stage that is left out because it is not up to date.
    """
    workspace, found = Workspace(), []
    with dvc_repository() as repository:
        stages = repository.stage.load_all("dvc.yaml")
        maker = {out.def_path: stage for stage in stages for out in stage.outs}
        for stage in stages:
            if not stage.name.startswith(TRAINING):
                continue
            if not workspace.is_up_to_date(stage):
                skipped(stage.name)
                continue
            found.append(_trained(stage, maker, workspace))
    return found


def _trained(stage: Any, maker: dict[str, Any], workspace: Workspace) -> TrainedStage:
    output, task, run = _place(stage.outs[0].def_path)
    metrics = f"reports/{task}/{run.split('/')[0]}/metrics.json"
    evaluated = metrics in maker and (maker[metrics] is stage or workspace.is_up_to_date(maker[metrics]))
    return TrainedStage(_identity(stage, workspace), task, run, output, Path(metrics) if evaluated else None)


def _place(path: str) -> tuple[Path, str, str]:
    """Return (directory, task, run) of an output: `models/<task>/<run>`, `embeddings/<run>` or `reports/<task>/<run>/…`.

    A run of a grid has two parts: `models/long_term/<run>/<rate>-<seed>`.
    """
    parts = PurePosixPath(path).parts
    if parts[0] == "embeddings":
        return Path(*parts[:2]), parts[0], parts[1]
    if parts[0] == "models":
        return Path(path), parts[1], "/".join(parts[2:])
    return Path(*parts[:3]), parts[1], parts[2]


def _identity(stage: Any, workspace: Workspace) -> Identity:
    inputs = [dependency for dependency in stage.deps if not is_parameter(dependency)]
    missing = [dependency.def_path for dependency in inputs if not Path(dependency.fs_path).exists()]
    if missing:
        raise RnnpipeError(f"{missing[0]}: input of {stage.name} is missing; `dvc repro {stage.name}` makes it")
    parameters = {dependency.def_path: workspace.values(dependency) for dependency in stage.params}
    contents = {dependency.def_path: workspace.checksum(Path(dependency.fs_path)) for dependency in inputs}
    whole = json.dumps({"cmd": stage.cmd, "params": parameters, "deps": contents}, sort_keys=True)
    return Identity(stage.name, stage.cmd, hashlib.sha256(whole.encode()).hexdigest(), contents)
