"""MLflow's model registry: of each task and corpus the champion, loaded and served as `models:/<task>-<corpus>@champion`."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from rnnpipe.params import Params
from rnnpipe.text.vocabulary import RESERVED, Vocabulary
from rnnpipe.tracking.champions import Candidate, Champion, candidates, decide, selection
from rnnpipe.tracking.pipeline import TrainedStage
from rnnpipe.tracking.runs import workspace
from rnnpipe.tracking.store import Store

logger = logging.getLogger(__name__)

ALIAS = "champion"
REQUIREMENTS = ("mlflow", "numpy", "pydantic", "safetensors", "tokenizers", "torch")
"""What a served model imports beside this package, which no index has: it is installed where a model is served."""
EXAMPLE_WORDS = 8


def update_champions(store: Store, stages: Iterable[TrainedStage], params: Params) -> None:
    """Give the alias to the best model of each task and corpus that passes its gate, and say in a line what was done, or why not.

    A model that is registered already is not registered again. On a server the champion may be another workspace's; it stays
    until one of this workspace is better, so workspaces that share a server should mean the same corpus by the same name.
    """
    from mlflow import MlflowClient

    registry = _Registry(MlflowClient(tracking_uri=store.uri), store)
    for (task, corpus), group in candidates(stages, params).items():
        name, by = f"{task}-{corpus}", selection(task, params)
        decision = decide(group, registry.champion(name, group, by.metric), params.registry.gate(task), by)
        if decision.champion is not None:
            registry.promote(name, decision.champion, by.metric)
        logger.info("models:/%s@%s: %s", name, ALIAS, decision.reason)


class _Registry:
    """The registered models of a store."""

    def __init__(self, client: Any, store: Store) -> None:
        self._client = client
        self._store = store
        self._aliases = {model.name: model.aliases for model in client.search_registered_models()}

    def champion(self, name: str, group: Iterable[Candidate], metric: str) -> Champion | None:
        """Return the champion, with its score as it is now; None where there is none, or this workspace has it no more."""
        number = self._aliases.get(name, {}).get(ALIAS)
        if number is None:
            return None
        tags = self._client.get_model_version(name, number).tags
        ours = next((candidate for candidate in group if candidate.key == tags.get("stage_key")), None)
        if ours is not None:
            return Champion(ours.stage.run, ours.score)
        foreign = self._store.is_shared and tags.get("workspace") != workspace() and tags.get("metric") == metric
        return Champion(tags["run"], float(tags["score"])) if foreign else None

    def promote(self, name: str, candidate: Candidate, metric: str) -> None:
        """Give the alias to a model, which becomes a new version where it is none yet."""
        if name not in self._aliases:
            about = f"Task {candidate.stage.task}, corpus {candidate.corpus}: models of the best validation {metric}."
            self._client.create_registered_model(name, description=about)
        known = self._client.search_model_versions(f"name = '{name}' and tags.stage_key = '{candidate.key}'")
        number = known[0].version if known else self._register(name, candidate, metric)
        self._client.set_registered_model_alias(name, ALIAS, number)

    def _register(self, name: str, candidate: Candidate, metric: str) -> str:
        from mlflow.entities import LoggedModelOutput

        stage = candidate.stage
        run = next(run for run in self._store.runs(stage_key=candidate.key) if run.info.status == "FINISHED")
        tags = {
            "stage_key": candidate.key,
            "run": stage.run,
            "corpus": candidate.corpus,
            "metric": metric,
            "score": repr(candidate.score),
            "workspace": workspace(),
        }
        model = self._client.create_logged_model(
            run.info.experiment_id, stage.run.replace("/", "-"), run.info.run_id, tags, model_type=stage.task
        )
        with TemporaryDirectory() as folder:
            save_served_model(Path(folder) / "served", stage.task, stage.output, run.info.run_id, model.model_id)
            self._client.log_model_artifacts(model.model_id, str(Path(folder) / "served"))
        self._client.finalize_logged_model(model.model_id, "READY")
        self._client.log_outputs(run.info.run_id, [LoggedModelOutput(model.model_id, step=0)])
        made = self._client.create_model_version(name, model.artifact_location, run.info.run_id, tags, model_id=model.model_id)
        versions = [{"name": name, "version": made.version}]
        self._client.set_logged_model_tags(model.model_id, {"mlflow.modelVersions": json.dumps(versions)})
        return str(made.version)


def save_served_model(folder: Path, task: str, directory: Path, run_id: str | None = None, model_id: str | None = None) -> None:
    """Write a model directory as MLflow serves it: with the code that loads it, a signature, and an example, which is tried.

    Parameters
    ----------
    folder : Path
        Does not exist yet.
    task : str
        What the model was trained for.
    directory : Path
        The model directory.
    run_id, model_id : str, optional
        MLflow's names of the run and the model, to be found in the files.
    """
    os.environ.setdefault("MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR", "false")
    from mlflow.models import Model
    from mlflow.pyfunc import save_model

    words = Vocabulary.from_file(directory / "vocabulary.tsv").tokens[len(RESERVED) :][:EXAMPLE_WORDS]
    save_model(
        folder,
        python_model=str(Path(__file__).with_name("served_code.py")),
        model_config={"task": task},
        artifacts={"model": str(directory)},
        input_example=[" ".join(words)],
        pip_requirements=[f"{name}=={version(name).partition('+')[0]}" for name in REQUIREMENTS],
        mlflow_model=Model(run_id=run_id, model_id=model_id),
    )
