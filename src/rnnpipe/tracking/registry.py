"""MLflow's model registry: of each task and corpus the champion, loaded and served as `models:/<task>-<corpus>@champion`."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from rnnpipe.cards import model_card
from rnnpipe.params import Params
from rnnpipe.params.registry import registered_name
from rnnpipe.tracking.champions import Candidate, Champion, candidates, decide, selection
from rnnpipe.tracking.pipeline import TrainedStage
from rnnpipe.tracking.runs import workspace
from rnnpipe.tracking.served_directory import save_served_model
from rnnpipe.tracking.store import Store

logger = logging.getLogger(__name__)

ALIAS = "champion"
MODELS, REPORTS = Path("models"), Path("reports")
CARD = "README.md"
"""The model card, beside the files of a served model."""
DESCRIPTION = 5000
"""Characters of a description that MLflow's databases keep."""


def update_champions(store: Store, stages: Iterable[TrainedStage], params: Params) -> None:
    """Give the alias to the best model of each task and corpus that passes its gate, and say in a line what was done, or why not.

    A model that is registered already is not registered again. On a server the champion may be another workspace's; it stays
    until a model of this one is better, so workspaces that share a server should mean the same corpus by the same name.
    """
    registry = _Registry(store)
    for (task, corpus), group in candidates(stages, params).items():
        name, by = registered_name(task, corpus), selection(task, params)
        version = registry.champion(name)
        if version is not None and "stage_key" not in version.tags:
            logger.info("models:/%s@%s: version %s stays, which somebody registered by hand", name, ALIAS, version.version)
            continue
        standing = _standing(version, group, by.metric, store)
        decision = decide(group, standing, params.registry.gate(task), by)
        if decision.champion is not None:
            version = registry.crown(name, decision.champion, by.metric)
        elif version and not standing:
            decision = replace(decision, reason=f"{decision.reason}; a former result stays")
        which = f" (version {version.version})" if version else ""
        logger.info("models:/%s@%s: %s%s", name, ALIAS, decision.reason, which)
        holder = _of_key(group, version.tags["stage_key"]) if version else None
        if holder is not None:
            stage = holder.stage
            registry.describe(version, model_card(params, stage.task, stage.run, MODELS, REPORTS, stage.metrics is not None))


def _standing(version: Any, group: Sequence[Candidate], metric: str, store: Store) -> Champion | None:
    """Return what is to be beaten, with its score as it is now; None where there is no champion, or its result is gone."""
    if version is None:
        return None
    holder = _of_key(group, version.tags["stage_key"])
    if holder is not None:
        return Champion(holder.stage.run, holder.score)
    tags = version.tags
    is_anothers = store.is_shared and tags["workspace"] != workspace() and tags["metric"] == metric
    return Champion(tags["run"], float(tags["score"])) if is_anothers else None


def _of_key(group: Sequence[Candidate], key: str) -> Candidate | None:
    return next((candidate for candidate in group if candidate.key == key), None)


class _Registry:
    """The registered models of a store, and their versions (mlflow.entities.model_registry.ModelVersion)."""

    def __init__(self, store: Store) -> None:
        from mlflow import MlflowClient

        self._store = store
        self._client = MlflowClient(tracking_uri=store.uri)

    def champion(self, name: str) -> Any:
        """Return the version that has the alias; None where there is none."""
        registered = self._registered(name)
        number = registered.aliases.get(ALIAS) if registered else None
        return self._client.get_model_version(name, number) if number else None

    def crown(self, name: str, candidate: Candidate, metric: str) -> Any:
        """Give the alias to a model, which becomes a new version if it is none yet; return its version."""
        if self._registered(name) is None:
            stage = candidate.stage
            about = f"Task `{stage.task}`, corpus `{candidate.corpus}`: the champion is the best by validation {metric}."
            self._client.create_registered_model(name, description=about)
        known = self._client.search_model_versions(f"name = '{name}' and tags.stage_key = '{candidate.key}'")
        version = known[0] if known else self._register(name, candidate, metric)
        self._client.set_registered_model_alias(name, ALIAS, version.version)
        return version

    def describe(self, version: Any, card: str) -> None:
        """Put a model card into the version's description and beside its files, if it is another one than it has."""
        card = card[:DESCRIPTION]
        if version.description != card:
            with TemporaryDirectory() as folder:
                (Path(folder) / CARD).write_text(card, encoding="utf-8", newline="\n")
                self._client.log_model_artifacts(version.tags["model_id"], folder)
            self._client.update_model_version(version.name, version.version, card)

    def _registered(self, name: str) -> Any:
        """Return a registered model; None where there is none of this name."""
        return next(iter(self._client.search_registered_models(f"name = '{name}'")), None)

    def _register(self, name: str, candidate: Candidate, metric: str) -> Any:
        from mlflow.entities import LoggedModelOutput

        stage = candidate.stage
        run = next(run for run in self._store.runs(stage_key=candidate.key) if run.info.status == "FINISHED").info
        tags = {"stage_key": candidate.key, "run": stage.run, "workspace": workspace()}
        tags |= {"metric": metric, "score": repr(candidate.score)}
        label = stage.run.replace("/", "-")
        model = self._client.create_logged_model(run.experiment_id, label, run.run_id, tags, model_type=stage.task)
        with TemporaryDirectory() as folder:
            save_served_model(Path(folder) / "served", stage.task, stage.output, run.run_id, model.model_id)
            self._client.log_model_artifacts(model.model_id, str(Path(folder) / "served"))
        self._client.finalize_logged_model(model.model_id, "READY")
        self._client.log_outputs(run.run_id, [LoggedModelOutput(model.model_id, step=0)])
        # The address itself: MLflow would look up `models:/<id>` in the store of its global state.
        tags["model_id"] = model.model_id
        version = self._client.create_model_version(name, model.artifact_location, run.run_id, tags, model_id=model.model_id)
        registered = json.dumps([{"name": name, "version": version.version}])
        self._client.set_logged_model_tags(model.model_id, {"mlflow.modelVersions": registered})
        return version
