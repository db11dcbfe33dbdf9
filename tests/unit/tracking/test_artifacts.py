from pathlib import Path

import pytest
from mlflow.exceptions import MlflowException
from mlflow.store.artifact.artifact_repository_registry import get_artifact_repository

ADDRESS = "mlflow-artifacts:/sentiment/models/m-1/artifacts"


def test_mlflow_finds_the_files_beside_a_database(tmp_path: Path) -> None:
    """By the entry point: a fresh `pip install -e .` registers it."""
    folder = tmp_path / "a folder/mlartifacts/sentiment/models/m-1/artifacts"
    folder.mkdir(parents=True)
    (folder / "MLmodel").touch()
    repository = get_artifact_repository(ADDRESS, f"sqlite:///{tmp_path}/a folder/mlflow.db")
    assert [file.path for file in repository.list_artifacts()] == ["MLmodel"]


def test_a_relative_database_is_beside_the_working_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "sqlite:///mlflow.db")
    get_artifact_repository(ADDRESS).log_artifact(__file__)
    assert (tmp_path / "mlartifacts/sentiment/models/m-1/artifacts" / Path(__file__).name).is_file()


def test_a_server_is_asked_as_ever() -> None:
    repository = get_artifact_repository(ADDRESS, "http://127.0.0.1:5000")
    assert repository.artifact_uri == "http://127.0.0.1:5000/api/2.0/mlflow-artifacts/artifacts/sentiment/models/m-1/artifacts"


def test_other_databases_are_refused_as_ever() -> None:
    with pytest.raises(MlflowException, match="http or https"):
        get_artifact_repository(ADDRESS, "postgresql://host/mlflow")
