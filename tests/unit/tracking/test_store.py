import os
import subprocess
import sys
from pathlib import Path

import pytest

from rnnpipe.tracking.addresses import artifact_folder
from rnnpipe.tracking.names import allowed_name
from rnnpipe.tracking.store import Store

WRITE = """
import sys
from rnnpipe.tracking.addresses import store_uri
from rnnpipe.tracking.store import Store
store = Store(store_uri())
run = store.start("sentiment", sys.argv[1], {"cell": "rnn"}, {"stage_key": sys.argv[1]})
store.log(run, [("train/loss", 1.0, step) for step in range(5)])
store.end(run, "FINISHED")
"""


def test_two_processes_may_be_first(tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "MLFLOW_TRACKING_URI"}
    writers = [subprocess.Popen([sys.executable, "-c", WRITE, key], cwd=tmp_path, env=environment) for key in "ab"]
    assert [writer.wait(timeout=120) for writer in writers] == [0, 0]
    store = Store(f"sqlite:///{tmp_path}/mlflow.db")
    assert sorted(run.data.tags["stage_key"] for run in store.runs()) == ["a", "b"]
    assert {run.info.experiment_id for run in store.runs()} == {store.experiments()["sentiment"]}


def test_an_experiment_is_taken_out_of_the_trash(store: Store) -> None:
    number = store.experiment("sentiment")
    store._client.delete_experiment(number)
    assert store.experiment("sentiment") == number
    assert "sentiment" in store.experiments()


def test_more_metrics_than_one_call_takes(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rnnpipe.tracking.store.METRICS_PER_CALL", 10)
    run = store.start("sentiment", "long", {}, {"stage_key": "k"})
    store.log(run, [("train/loss", float(step), step) for step in range(25)])
    assert len(store._client.get_metric_history(run, "train/loss")) == 25


def test_files_lie_beside_the_database() -> None:
    assert artifact_folder("sqlite:///mlflow.db") == Path("mlartifacts")
    assert artifact_folder("sqlite:////srv/mlflow.db") == Path("/srv/mlartifacts")
    assert artifact_folder("http://127.0.0.1:5000") is None


def test_nested_parameters_are_flat_and_lists_are_json(store: Store) -> None:
    store.start("sentiment", "nested", {"a": {"b": {"c": 1}}, "d": (1, 2), "e": [], "f": None}, {"stage_key": "k"})
    (run,) = store.runs(stage_key="k")
    assert run.data.params == {"a.b.c": "1", "d": "[1, 2]", "e": "[]", "f": "None"}


def test_allowed_name() -> None:
    assert allowed_name("test/f1.PER-ü (x)") == "test/f1.PER-ü _x_"
