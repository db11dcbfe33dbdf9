import logging
import math
from pathlib import Path

import pytest

from rnnpipe.tracking import live_run, stage_key
from rnnpipe.tracking.runs import metric_values
from rnnpipe.tracking.store import Store

STAGE = "train_sentiment@rnn"
PARAMETERS = {"cell": "rnn", "hidden": 8, "patience": None, "rates": (0.1, 0.2), "nested": {"deep": True}}


def train(message: str | None = None, first: bool = True) -> None:
    with live_run("sentiment", "rnn", STAGE, PARAMETERS, first) as tracker:
        tracker.log_metrics({"train_loss": 0.7, "validation/loss": 0.6}, step=10)
        tracker.log_metrics({"train_loss": 0.5, "validation/loss": 0.4}, step=20)
        if message:
            raise ValueError(message)
        tracker.log_directory(Path("models/sentiment/rnn"))


def test_a_clean_end(project: Path, store: Store) -> None:
    train()
    (run,) = store.runs()
    assert (run.info.status, run.info.run_name) == ("FINISHED", "rnn")
    assert run.info.experiment_id == store.experiments()["sentiment"]
    assert run.data.params == {"cell": "rnn", "hidden": "8", "patience": "None", "rates": "[0.1, 0.2]", "nested.deep": "True"}
    assert run.data.metrics == {"train/loss": 0.5, "validation/loss": 0.4}
    expected = {"stage_key": stage_key(STAGE), "stage": STAGE, "git_commit": "none", "source": "live"}
    assert expected.items() <= run.data.tags.items()


def test_files_are_kept_under_an_address_without_a_path(project: Path, store: Store) -> None:
    train()
    (run,) = store.runs()
    assert run.info.artifact_uri == f"mlflow-artifacts:/sentiment/{run.info.run_id}/artifacts"
    kept = project / "mlartifacts/sentiment" / run.info.run_id / "artifacts/model/history.csv"
    assert kept.read_bytes() == Path("models/sentiment/rnn/history.csv").read_bytes()


def test_an_exception_goes_on_and_the_run_has_failed(project: Path, store: Store) -> None:
    with pytest.raises(ValueError, match="diverged"):
        train("diverged")
    assert [run.info.status for run in store.runs()] == ["FAILED"]


def test_a_second_run_of_one_key_takes_the_place_of_the_first(project: Path, store: Store) -> None:
    train()
    (first,) = store.runs()
    train()
    (second,) = store.runs()
    assert first.info.run_id != second.info.run_id


@pytest.mark.parametrize(("tracking", "first"), [("off", True), ("on", False)])
def test_no_run_where_none_is_wanted(
    project: Path, store: Store, monkeypatch: pytest.MonkeyPatch, tracking: str, first: bool
) -> None:
    monkeypatch.setenv("RNNPIPE_TRACKING", tracking)
    train(first=first)
    assert store.runs() == []


@pytest.mark.parametrize("uri", ["sqlite:////dev/null/mlflow.db", "http://127.0.0.1:9"])
def test_training_goes_on_without_a_store(
    project: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, uri: str
) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", uri)
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    with caplog.at_level(logging.WARNING):
        train()
    (record,) = caplog.records
    assert "rnnpipe track" in record.getMessage()
    assert "\n" not in record.getMessage()


def test_a_store_that_fails_on_the_way_warns_once(
    project: Path, store: Store, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Store, "log", full)
    with caplog.at_level(logging.WARNING):
        train()
    assert [record.getMessage().split(":")[0] for record in caplog.records] == ["not tracked in MLflow"]
    assert [run.info.status for run in store.runs()] == ["RUNNING"]


def test_names_of_metrics() -> None:
    row = {"train_loss": 1, "validation_f1": 2.0, "test/B-è!": 3.0, "tokens_per_second": 4.0, "validation_bad": math.nan}
    assert metric_values(row, 7) == [
        ("train/loss", 1.0, 7),
        ("validation/f1", 2.0, 7),
        ("test/B-è_", 3.0, 7),
        ("tokens_per_second", 4.0, 7),
    ]
