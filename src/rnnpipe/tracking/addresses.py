"""Where MLflow's store is: a database in the working directory, or what the environment names."""

import os
from pathlib import Path

DEFAULT_URI = "sqlite:///mlflow.db"


def store_uri() -> str:
    """Return the address of the store: `MLFLOW_TRACKING_URI`, or a database in the working directory."""
    return os.environ.get("MLFLOW_TRACKING_URI") or DEFAULT_URI


def database_file(uri: str) -> Path | None:
    """Return the file of a SQLite store, which may not be there yet; None of a server."""
    return Path(uri.removeprefix("sqlite:///")) if uri.startswith("sqlite:///") else None


def artifact_folder(uri: str) -> Path | None:
    """Return the folder beside a SQLite database that holds its runs' files; None where a server keeps them."""
    database = database_file(uri)
    return database.parent / "mlartifacts" if database else None
