"""Champions in the registry of a real store."""

import logging
import shutil
from dataclasses import replace
from pathlib import Path

import mlflow
import pytest
from registered import Registered

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.inference import open_model
from rnnpipe.serving import label_texts
from rnnpipe.tracking.store import Store

NAME = "sentiment-labelled"
URI = f"models:/{NAME}@champion"


@pytest.fixture
def workspace(empty_database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Registered:
    folder = tmp_path / "a workspace"
    folder.mkdir()
    shutil.copyfile(empty_database, folder / "mlflow.db")
    monkeypatch.chdir(folder)
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{folder}/mlflow.db")
    made = Registered(folder)
    made.train("sentiment", "rnn", 80.0)
    made.train("sentiment", "lstm", 90.0)
    return made


def test_the_best_model_is_loaded_by_name_and_alias(workspace: Registered) -> None:
    workspace.track()
    champion = workspace.champion("sentiment")
    assert (str(champion.version), champion.tags["run"], champion.tags["stage_key"]) == ("1", "lstm", "key-of-lstm")
    assert Store(workspace.uri).run(champion.run_id).data.tags["stage_key"] == "key-of-lstm"
    texts = ["w1 w2 w3", "", "w9 unheard-of"]
    found = mlflow.pyfunc.load_model(URI).predict(texts)
    assert found == label_texts(open_model(Path("models/sentiment/lstm")), texts)


def test_a_moved_workspace_keeps_its_champion(workspace: Registered, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace.track()
    moved = tmp_path / "elsewhere"
    shutil.move(workspace.folder, moved)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{moved}/mlflow.db")
    (answer,) = mlflow.pyfunc.load_model(URI).predict(["w1"])
    assert answer.label in ("no", "yes")


def test_a_second_call_changes_nothing(workspace: Registered, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "rnnpipe"):
        workspace.track()
        before = (workspace.folder / "mlflow.db").read_bytes()
        files = sorted((workspace.folder / "mlartifacts").rglob("*"))
        workspace.track()
    assert (workspace.folder / "mlflow.db").read_bytes() == before
    assert sorted((workspace.folder / "mlartifacts").rglob("*")) == files
    assert [message for message in caplog.messages if message.startswith("models:/")] == [
        f"{URI}: lstm, validation accuracy 90 (version 1)",
        f"{URI}: lstm stays, validation accuracy 90 (version 1)",
    ]


def test_a_better_model_takes_the_alias(workspace: Registered) -> None:
    workspace.track()
    workspace.train("sentiment", "gru", 95.0)
    workspace.track()
    assert (workspace.champion("sentiment").tags["run"], workspace.versions("sentiment")) == ("gru", 2)


def test_a_key_is_registered_once_and_comes_back(workspace: Registered) -> None:
    workspace.track()
    workspace.train("sentiment", "lstm", 70.0, key="other settings")
    workspace.track()
    assert (workspace.champion("sentiment").tags["run"], workspace.versions("sentiment")) == ("rnn", 2), (
        "a result that is gone is replaced by a worse one"
    )
    workspace.train("sentiment", "lstm", 90.0)
    workspace.track()
    assert (workspace.champion("sentiment").tags["stage_key"], workspace.versions("sentiment")) == ("key-of-lstm", 2)


def test_what_does_not_pass_the_gate_is_not_registered(workspace: Registered, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "rnnpipe"):
        workspace.track(gates={"sentiment": {"required": 95.0}})
    assert caplog.messages[-1] == f"{URI}: none is good enough: lstm has validation accuracy 90, required is 95"
    assert workspace.client.search_registered_models() == []
    assert not (workspace.folder / "mlartifacts").exists()


def test_a_champion_stays_within_the_margin(workspace: Registered) -> None:
    workspace.track()
    workspace.train("sentiment", "gru", 91.0)
    workspace.track(gates={"sentiment": {"margin": 1.5}})
    assert workspace.champion("sentiment").tags["run"] == "lstm"


def test_a_champion_whose_result_is_gone_stays_where_nothing_passes(
    workspace: Registered, caplog: pytest.LogCaptureFixture
) -> None:
    workspace.track()
    workspace.train("sentiment", "lstm", 70.0, key="other settings")
    with caplog.at_level(logging.INFO, "rnnpipe"):
        workspace.track(gates={"sentiment": {"required": 85.0}})
    assert workspace.champion("sentiment").tags["stage_key"] == "key-of-lstm"
    assert caplog.messages[-1].endswith("; a former result stays (version 1)")


def test_the_model_card_is_the_description_and_lies_beside_the_model(workspace: Registered) -> None:
    workspace.track()
    champion = workspace.champion("sentiment")
    assert "# lstm: sentiment on `labelled`" in champion.description
    assert "Nothing was measured on the test split" in champion.description
    card = Path(mlflow.artifacts.download_artifacts(URI)) / "README.md"
    assert card.read_text() == champion.description
    report = Path("reports/sentiment/lstm")
    report.mkdir(parents=True)
    (report / "metrics.json").write_text('{"accuracy.test": 75.0, "documents.test": 8}')
    lstm = workspace.stages["sentiment", "lstm"]
    workspace.stages["sentiment", "lstm"] = replace(lstm, metrics=report / "metrics.json")
    workspace.track()
    assert "| test | accuracy | 75.00 % | 40.93 to 92.85 |" in workspace.champion("sentiment").description
    assert card.read_text() == workspace.champion("sentiment").description
    assert workspace.versions("sentiment") == 1


def test_nothing_is_pickled(workspace: Registered) -> None:
    workspace.track()
    folder = Path(mlflow.artifacts.download_artifacts(URI))
    kinds = {path.suffix for path in folder.rglob("*") if path.is_file()}
    assert kinds <= {"", ".csv", ".json", ".md", ".py", ".safetensors", ".tsv", ".txt", ".yaml"}
    assert {path.name for path in folder.iterdir() if path.suffix == ""} <= {
        "MLmodel",
        "SHA256SUMS",
        "artifacts",
        "registered_model_meta",
    }


def test_another_workspaces_champion_on_a_server_has_to_be_beaten(workspace: Registered, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace.track()
    monkeypatch.setattr("rnnpipe.tracking.registry.workspace", lambda: "another")
    monkeypatch.setattr(Store, "is_shared", property(lambda self: True))
    workspace.stages.clear()
    workspace.train("sentiment", "gru", 85.0)
    workspace.track()
    assert workspace.champion("sentiment").tags["run"] == "lstm"
    workspace.train("sentiment", "gru", 92.0, key="better")
    workspace.track()
    assert workspace.champion("sentiment").tags["run"] == "gru"


def test_what_somebody_registered_by_hand_stays(workspace: Registered, caplog: pytest.LogCaptureFixture) -> None:
    workspace.client.create_registered_model(NAME)
    workspace.client.create_model_version(NAME, "/somewhere")
    workspace.client.set_registered_model_alias(NAME, "champion", "1")
    with caplog.at_level(logging.INFO, "rnnpipe"):
        workspace.track()
    assert caplog.messages[-1] == f"{URI}: version 1 stays, which somebody registered by hand"
    assert workspace.champion("sentiment").source == "/somewhere"


def test_a_damaged_model_is_one_line(workspace: Registered) -> None:
    Path("models/sentiment/lstm/vocabulary.tsv").unlink()
    with pytest.raises(RnnpipeError, match=r"models/sentiment/lstm"):
        workspace.track()
