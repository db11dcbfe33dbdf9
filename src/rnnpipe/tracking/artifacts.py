"""Files of runs and models for MLflow's clients that read a SQLite database themselves, without a server.

In such a store addresses are `mlflow-artifacts:/…`, which MLflow resolves by asking a server. This package registers the
function below for them (entry point `mlflow.artifact_repository`), so that `models:/<name>@champion` and `runs:/…` are also found
where there is none, in the folder beside the database, wherever that lies today.
"""

from typing import Any
from urllib.parse import urlsplit

from rnnpipe.tracking.addresses import artifact_folder


def open_repository(artifact_uri: str, tracking_uri: str | None = None, registry_uri: str | None = None) -> Any:
    """Return MLflow's repository of a `mlflow-artifacts:` address: the folder beside a SQLite database, else the server."""
    from mlflow import get_tracking_uri
    from mlflow.store.artifact.local_artifact_repo import LocalArtifactRepository
    from mlflow.store.artifact.mlflow_artifacts_repo import MlflowArtifactsRepository

    uri = tracking_uri or get_tracking_uri()
    folder = artifact_folder(uri)
    if folder is None:
        return MlflowArtifactsRepository(artifact_uri, uri, registry_uri)
    return LocalArtifactRepository(str(folder.absolute() / urlsplit(artifact_uri).path.lstrip("/")), uri, registry_uri)
