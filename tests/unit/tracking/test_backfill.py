import logging
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rnnpipe.tracking.holes import _history, track

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.params import load_params
from rnnpipe.tracking import live_run
from rnnpipe.tracking.pipeline import stage_key
from rnnpipe.tracking.runs import run_tags
from rnnpipe.tracking.store import Store

SCORES = {"test/accuracy": 80.0, "report/f1.valid": 70.0, "report/by_label.très bien_": 7.0}


def by_name(store: Store) -> dict[str, Any]:
    return {run.info.run_name: run for run in store.runs()}


def finished(store: Store) -> Counter[str]:
    return Counter(run.data.tags["stage_key"] for run in store.runs() if run.info.status == "FINISHED")


def test_runs_are_made_from_files(project: Path, store: Store) -> None:
    assert track() == 3
    runs = by_name(store)
    assert set(runs) == {"rnn", "lstm", "words"}
    assert {run.data.tags["source"] for run in runs.values()} == {"cache"}
    lstm = runs["lstm"]
    assert lstm.info.status == "FINISHED"
    assert lstm.data.metrics == {"train/loss": 0.5, "val/loss": 0.4, "val/accuracy": 75.0, **SCORES}
    assert lstm.data.params.keys() == load_params().sentiment.runs["lstm"].model_dump().keys() == runs["rnn"].data.params.keys()
    assert (project / "mlartifacts/sentiment" / lstm.info.run_id / "artifacts/model/config.json").exists()
    assert runs["words"].data.metrics == SCORES


def test_a_second_call_changes_nothing(project: Path, store: Store) -> None:
    track()
    before = by_name(store)
    database = Path("mlflow.db").read_bytes()
    assert track() == 0
    assert Path("mlflow.db").read_bytes() == database
    assert {name: run.info.run_id for name, run in by_name(store).items()} == {
        name: run.info.run_id for name, run in before.items()
    }


def test_a_live_run_is_kept_and_gets_its_scores(project: Path, store: Store) -> None:
    settings = load_params().sentiment.runs["rnn"]
    with live_run("sentiment", "rnn", "train_sentiment@rnn", settings.model_dump()) as tracker:
        tracker.log_metrics({"train_loss": 0.5}, step=20)
    live = by_name(store)["rnn"]
    assert track() == 2
    runs = by_name(store)
    assert runs["rnn"].info.run_id == live.info.run_id
    assert runs["rnn"].data.metrics == {"train/loss": 0.5, **SCORES}
    assert runs["rnn"].data.params.keys() == runs["lstm"].data.params.keys()


def test_other_scores_take_the_place_of_the_old_ones(project: Path, store: Store, reproduce: Callable[[], None]) -> None:
    track()
    Path("evaluate.sh").write_text(Path("evaluate.sh").read_text().replace("80.0", "60.0"))
    reproduce()
    track()
    assert by_name(store)["rnn"].data.metrics["test/accuracy"] == 60.0


def test_parameters_changed_and_changed_back(project: Path, store: Store, reproduce: Callable[[], None]) -> None:
    text = Path("params.yaml").read_text()
    track()
    Path("params.yaml").write_text(text.replace("{cell: lstm}", "{cell: lstm, learning_rate: 0.5}"))
    reproduce()
    assert track() == 1
    Path("params.yaml").write_text(text)
    reproduce()
    assert track() == 0
    assert sorted(finished(store).values()) == [1, 1, 1, 1]


def test_what_is_not_up_to_date_is_passed_over(project: Path, store: Store, caplog: pytest.LogCaptureFixture) -> None:
    text = Path("params.yaml").read_text()
    Path("params.yaml").write_text(text.replace("{cell: lstm}", "{cell: lstm, learning_rate: 0.5}"))
    with caplog.at_level(logging.INFO):
        assert track() == 2
    assert "passed over, not up to date: train_sentiment@lstm" in caplog.messages
    assert "lstm" not in by_name(store)


def test_one_finished_run_is_left_and_dead_ones_are_ended(project: Path, store: Store) -> None:
    tags = run_tags("train_sentiment@rnn", stage_key("train_sentiment@rnn"), "live")
    ids = [store.start("sentiment", "rnn", {}, tags) for _ in range(3)]
    store.end(ids[0], "FINISHED")
    store.end(ids[1], "FINISHED")
    assert track() == 2
    runs = [run for run in store.runs() if run.info.run_name == "rnn"]
    assert sorted(run.info.status for run in runs) == ["FINISHED", "KILLED"]


def test_a_killed_training_that_dvc_finished_later(project: Path, store: Store) -> None:
    store.start("sentiment", "rnn", {}, run_tags("train_sentiment@rnn", stage_key("train_sentiment@rnn"), "live"))
    assert track() == 3
    assert sorted(run.info.status for run in store.runs() if run.info.run_name == "rnn") == ["FINISHED", "KILLED"]


def test_a_store_out_of_order_is_one_line(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "sqlite:////dev/null/mlflow.db")
    with pytest.raises(RnnpipeError, match=r"/dev/null"):
        track()


def test_scores_that_dvc_does_not_know_are_left_out(project: Path, store: Store) -> None:
    Path("reports/sentiment/words/metrics.json").write_text("{")
    Path("reports/sentiment/rnn/metrics.json").write_text("{")
    assert track() == 2
    runs = by_name(store)
    assert set(runs) == {"rnn", "lstm"}
    assert not SCORES.keys() & runs["rnn"].data.metrics.keys()


def test_curves_by_epoch(tmp_path: Path) -> None:
    path = tmp_path / "history.csv"
    path.write_text("epoch,loss,val_f1\n1,0.5,\n2,0.25,80\n")
    assert _history(path) == [("loss", 0.5, 1), ("loss", 0.25, 2), ("val/f1", 80.0, 2)]
    assert _history(tmp_path / "none.csv") == []
