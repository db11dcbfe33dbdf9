import logging
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from rnnpipe.common.command import SECONDS
from rnnpipe.common.errors import RnnpipeError
from rnnpipe.common.tables import flatten
from rnnpipe.params import load_params
from rnnpipe.tracking import live_run
from rnnpipe.tracking.backfill import backfill
from rnnpipe.tracking.pipeline import identity_of
from rnnpipe.tracking.runs import begin, log_history
from rnnpipe.tracking.store import Store

SCORES = {"test/accuracy_percent": 80.0, "best/validation_accuracy_percent": 76.0, "best/validation_f1_percent": 70.5}
CURVES = {"train/loss_nats": 0.5, "validation/loss_nats": 0.6, "validation/accuracy_percent": 75.0, "train/epoch": 3.0}
BEST = {
    "best_epoch": 2.0,
    "best/validation_loss_nats": 0.4,
    "best/validation_accuracy_percent": 75.0,
}
FASTER = "{network: {cell: lstm}, optimizer: {learning_rate: 0.5}}"


def by_name(store: Store) -> dict[str, Any]:
    return {run.data.tags["run"]: run for run in store.runs()}


def start(store: Store, stage: str = "train_sentiment@rnn") -> str:
    return begin(store, "sentiment", "rnn", identity_of(stage), {}, "live")


def finished(store: Store) -> Counter[str]:
    return Counter(run.data.tags["stage_key"] for run in store.runs() if run.info.status == "FINISHED")


def stale(store: Store) -> dict[str, str]:
    """Learning rate → whether the run is stale, of the run `lstm`."""
    runs = store.runs(stage="train_sentiment@lstm")
    return {run.data.params["optimizer.learning_rate"]: run.data.tags["stale"] for run in runs}


def test_runs_are_made_from_files(project: Path, store: Store) -> None:
    assert backfill() == 3
    runs = by_name(store)
    assert set(runs) == {"rnn", "lstm", "words"}
    assert {run.data.tags["source"] for run in runs.values()} == {"cache"}
    lstm = runs["lstm"]
    assert lstm.info.status == "FINISHED"
    key = lstm.data.tags["stage_key"]
    assert lstm.info.run_name == f"lstm texts {key[:7]}"
    assert lstm.data.metrics == {**CURVES, **BEST, **SCORES}, "of the kept weights the evaluation is believed"
    resolved = flatten(load_params().sentiment.runs["lstm"].resolved())
    assert lstm.data.params.keys() == resolved.keys() == runs["rnn"].data.params.keys()
    assert lstm.data.params["network.cell"] == "lstm"
    assert (project / "mlartifacts/sentiment" / lstm.info.run_id / "artifacts/model/config.json").exists()
    assert runs["words"].data.metrics == SCORES


def test_a_run_says_what_it_is_and_how_it_is_made_again(project: Path, store: Store) -> None:
    backfill()
    lstm = by_name(store)["lstm"]
    assert {
        "stage": "train_sentiment@lstm",
        "seed": "1",
        "stale": "false",
        "by_label.très bien_": "7",
        "command": "sh train.sh models/sentiment/lstm",
        "mlflow.source.name": "dvc repro train_sentiment@lstm",
    }.items() <= lstm.data.tags.items()
    assert len(lstm.data.tags["input train.sh"]) == 64
    note = lstm.data.tags["mlflow.note.content"]
    assert "**lstm**: sentiment on `texts`" in note
    assert "| test/accuracy_percent | 80 |" in note
    assert "dvc repro train_sentiment@lstm" in note


def test_a_run_made_from_files_lasted_as_long_as_its_stage(project: Path, store: Store) -> None:
    SECONDS.mkdir(parents=True)
    (SECONDS / "train_sentiment@lstm").write_text("60\n")
    backfill()
    info = by_name(store)["lstm"].info
    assert info.end_time - info.start_time == 60_000


def test_a_second_call_changes_nothing(project: Path, store: Store) -> None:
    backfill()
    before = by_name(store)
    database = Path("mlflow.db").read_bytes()
    assert backfill() == 0
    assert Path("mlflow.db").read_bytes() == database
    assert {name: run.info.run_id for name, run in by_name(store).items()} == {
        name: run.info.run_id for name, run in before.items()
    }


def test_a_live_run_is_kept_and_gets_its_scores(project: Path, store: Store) -> None:
    settings = load_params().sentiment.runs["rnn"]
    with live_run("sentiment", "rnn", "train_sentiment@rnn", settings.resolved()) as tracker:
        tracker.log_metrics({"train_loss": 0.5}, step=20)
    live = by_name(store)["rnn"]
    assert backfill() == 2
    runs = by_name(store)
    assert runs["rnn"].info.run_id == live.info.run_id
    assert runs["rnn"].data.metrics == {"train/loss_nats": 0.5, **SCORES}
    assert runs["rnn"].data.params.keys() == runs["lstm"].data.params.keys()


def test_other_scores_take_the_place_of_the_old_ones(project: Path, store: Store, reproduce: Callable[[], None]) -> None:
    backfill()
    Path("evaluate.sh").write_text(Path("evaluate.sh").read_text().replace("80.0", "60.0"))
    reproduce()
    backfill()
    assert by_name(store)["rnn"].data.metrics["test/accuracy_percent"] == 60.0


def test_parameters_changed_and_changed_back(project: Path, store: Store, reproduce: Callable[[], None]) -> None:
    text = Path("params.yaml").read_text()
    backfill()
    Path("params.yaml").write_text(text.replace("{network: {cell: lstm}}", FASTER))
    reproduce()
    assert backfill() == 1
    assert stale(store) == {"0.001": "true", "0.5": "false"}
    Path("params.yaml").write_text(text)
    reproduce()
    assert backfill() == 0
    assert sorted(finished(store).values()) == [1, 1, 1, 1]
    assert stale(store) == {"0.001": "false", "0.5": "true"}


def test_what_is_not_up_to_date_is_skipped(project: Path, store: Store, caplog: pytest.LogCaptureFixture) -> None:
    text = Path("params.yaml").read_text()
    Path("params.yaml").write_text(text.replace("{network: {cell: lstm}}", FASTER))
    with caplog.at_level(logging.INFO):
        assert backfill() == 2
    assert "skipped, not up to date: train_sentiment@lstm" in caplog.messages
    assert "lstm" not in by_name(store)


def test_one_finished_run_is_left_and_dead_ones_are_ended(project: Path, store: Store) -> None:
    ids = [start(store) for _ in range(3)]
    store.end(ids[0], "FINISHED")
    store.end(ids[1], "FINISHED")
    assert backfill() == 2
    assert sorted(run.info.status for run in store.runs(run="rnn")) == ["FINISHED", "KILLED"]


def test_a_killed_training_that_dvc_finished_later(project: Path, store: Store) -> None:
    start(store)
    assert backfill() == 3
    assert sorted(run.info.status for run in store.runs(run="rnn")) == ["FINISHED", "KILLED"]


def test_a_store_out_of_order_is_one_line(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "sqlite:////dev/null/mlflow.db")
    with pytest.raises(RnnpipeError, match=r"/dev/null"):
        backfill()


def test_scores_that_dvc_does_not_know_are_left_out(project: Path, store: Store) -> None:
    Path("reports/sentiment/words/metrics.json").write_text("{")
    Path("reports/sentiment/rnn/metrics.json").write_text("{")
    assert backfill() == 2
    runs = by_name(store)
    assert set(runs) == {"rnn", "lstm"}
    assert runs["rnn"].data.metrics == {**CURVES, **BEST}


def test_curves_by_epoch(store: Store) -> None:
    run_id = store.start("embeddings", "glove", {}, {"stage_key": "k"})
    log_history(store, run_id, [{"epoch": 1.0, "loss": 0.5}, {"epoch": 2.0, "loss": 0.25, "validation_f1": 80.0}])
    for name, curve in (("train/loss_nats", [(1, 0.5), (2, 0.25)]), ("validation/f1_percent", [(2, 80.0)])):
        assert [(point.step, point.value) for point in store._client.get_metric_history(run_id, name)] == curve
