"""The champions of MLflow's registry, as people ask for them: which they are, and where the files of one lie."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.tracking.addresses import database_file, store_uri
from rnnpipe.tracking.registry import ALIAS
from rnnpipe.tracking.store import Store, failures, reason

CURE = "`rnnpipe track` registers champions"


def champion_runs() -> set[tuple[str, str, str]]:
    """Return (task, corpus, run) of each champion, as `rnnpipe track` left it; none where there is no store yet."""
    return {(*_place(version.name), version.tags.get("run", "")) for version in _champions()}


def champion_directory(tasks: Sequence[str], name: str | None = None) -> Path:
    """Return the directory of a champion's model; one of a server is fetched into a temporary folder.

    Parameters
    ----------
    tasks : sequence of str
        Whose champions are meant.
    name : str, optional
        Of the registered model, `sentiment-opinions`; None: the only one of these tasks.

    Raises
    ------
    RnnpipeError
        There is none, or there are several, or the store is out of order.
    """
    found = {version.name: version for version in _champions() if _place(version.name)[0] in tasks}
    if name is None and len(found) > 1:
        raise RnnpipeError(f"--model {ALIAS}: there are {len(found)}; name one: {', '.join(f'{one}@{ALIAS}' for one in found)}")
    version = found.get(name) if name is not None else next(iter(found.values()), None)
    if version is None:
        there = f"there are {', '.join(f'{one}@{ALIAS}' for one in found)}" if found else CURE
        raise RnnpipeError(f"--model {f'{name}@' if name else ''}{ALIAS}: none of {' or '.join(tasks)} is registered; {there}")
    return _files(version)


def _champions() -> list[Any]:
    """Return the version of each registered model that has the alias (mlflow.entities.model_registry.ModelVersion)."""
    uri = store_uri()
    database = database_file(uri)
    if database and not database.is_file():
        return []
    from mlflow import MlflowClient

    try:
        Store(uri)  # makes what a new database needs, and keeps MLflow quiet
        client = MlflowClient(tracking_uri=uri)
        holders = [model.name for model in client.search_registered_models() if ALIAS in model.aliases]
        return [client.get_model_version_by_alias(name, ALIAS) for name in holders]
    except failures() as error:
        raise RnnpipeError(f"MLflow at {uri}: {reason(error)}") from None


def _files(version: Any) -> Path:
    from mlflow.artifacts import download_artifacts
    from mlflow.models import Model

    try:
        folder = Path(download_artifacts(version.source, tracking_uri=store_uri()))
        flavor = Model.load(str(folder)).flavors["python_function"]
        return folder / str(flavor["artifacts"]["model"]["path"])
    except failures() as error:
        raise RnnpipeError(f"models:/{version.name}@{ALIAS}: no model of rnnpipe ({reason(error)}); {CURE}") from None


def _place(name: str) -> tuple[str, str]:
    """Return task and corpus of a registered model."""
    task, _, corpus = name.partition("-")
    return task, corpus
