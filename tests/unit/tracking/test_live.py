import logging
import math
from pathlib import Path

import pytest

from rnnpipe.tracking import live_run, stage_key
from rnnpipe.tracking.names import is_metric, score_name
from rnnpipe.tracking.runs import metric_values
from rnnpipe.tracking.store import Store

STAGE = "train_sentiment@rnn"
PARAMETERS = {"cell": "rnn", "hidden": 8, "patience": None, "rates": (0.1, 0.2), "nested": {"deep": True}}


def train(message: str | None = None, first: bool = True) -> None:
    with live_run("sentiment", "rnn", STAGE, PARAMETERS, first) as tracker:
        tracker.log_metrics({"train_loss": 0.6, "validation_loss": 0.4, "tokens_per_second": 9.0}, step=20)
        tracker.log_metrics({"train_loss": 0.5, "validation_loss": 0.6, "tokens_per_second": 9.0}, step=30)
        if message:
            raise ValueError(message)
        tracker.log_directory(Path("models/sentiment/rnn"))


def test_a_clean_end(project: Path, store: Store) -> None:
    train()
    (run,) = store.runs()
    assert (run.info.status, run.info.run_name) == ("FINISHED", f"rnn  {stage_key(STAGE)[:7]}")
    assert run.info.experiment_id == store.experiments()["sentiment"]
    assert run.data.params == {"cell": "rnn", "hidden": "8", "patience": "None", "rates": "[0.1, 0.2]", "nested.deep": "True"}
    curves = {"train/loss_nats": 0.5, "validation/loss_nats": 0.6, "train/tokens_per_second": 9.0, "train/epoch": 3.0}
    assert curves.items() <= run.data.metrics.items()
    best = {"best_epoch": 2.0, "best/validation_loss_nats": 0.4, "best/validation_accuracy_percent": 75.0}
    assert best.items() <= run.data.metrics.items()
    expected = {"stage_key": stage_key(STAGE), "stage": STAGE, "git_commit": "none", "source": "live", "device": "cpu"}
    assert expected.items() <= run.data.tags.items()


def test_a_training_that_went_on_shows_its_whole_curve(project: Path, store: Store) -> None:
    """The steps that another process logged before it was killed are in another run."""
    train()
    (run,) = store.runs()
    curve = store._client.get_metric_history(run.info.run_id, "train/loss_nats")
    assert sorted((point.step, point.value) for point in curve) == [(10, 0.7), (20, 0.6), (30, 0.5)]


def test_data_that_a_run_was_trained_on(project: Path, store: Store) -> None:
    run_id = store.start("sentiment", "rnn", {}, {"stage_key": "k"})
    store.log_datasets(run_id, {"data/encoded/texts": "a" * 64})
    (given,) = store.run(run_id).inputs.dataset_inputs
    assert (given.dataset.name, given.dataset.digest) == ("texts", "a" * 36)


def test_former_results_of_a_stage_are_stale_while_it_trains_anew(project: Path, store: Store) -> None:
    train()
    text = Path("params.yaml").read_text()
    Path("params.yaml").write_text(text.replace("{network: {cell: rnn}}", "{network: {cell: gru}}"))
    train()
    assert [run.data.tags["stale"] for run in store.runs()] == ["false", "true"]


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


def test_names_of_curves() -> None:
    row = {"train_loss": 1, "validation_f1": 2.0, "test_B-è!": 3.0, "tokens_per_second": 4.0, "validation_bad": math.nan}
    assert metric_values(row, 7) == [
        ("train/loss_nats", 1.0, 7),
        ("validation/f1_percent", 2.0, 7),
        ("test/B-è_", 3.0, 7),
        ("train/tokens_per_second", 4.0, 7),
    ]
    assert metric_values({"loss": 1.0}, 1, method="glove") == [("train/glove_loss", 1.0, 1)]


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("accuracy.test", "test/accuracy_percent"),
        ("macro_f1.test_longer", "test_longer/macro_f1_percent"),
        ("oov_rate.validation", "best/validation_oov_rate_percent"),
        ("perplexity.test", "test/perplexity"),
        ("perplexity.per_character", "test/perplexity_per_character"),
        ("agreement.long", "agreement/long_percent"),
        ("analogies.three_cos_mul", "analogies/three_cos_mul_percent"),
        ("similarity.grammar.spearman", "similarity/grammar_spearman"),
        ("cosine.apple_king", "cosine/apple_king"),
        ("coverage", "report/coverage_percent"),
    ],
)
def test_names_of_scores(key: str, name: str) -> None:
    assert score_name(key) == name


def test_counts_and_facts_of_the_text_are_no_metrics() -> None:
    assert is_metric("accuracy.test", 80.0)
    assert not is_metric("documents.test", 4000)
    assert not is_metric("truth.bayes_accuracy", 97.85)
    assert not is_metric("perplexity.floor", 2.9)
