"""Which model and which embedding is taken."""

import json
import math
from pathlib import Path
from typing import Any

import pytest
from registered import Registered
from small_runs import saved_model
from typer.testing import CliRunner

from rnnpipe.cli import app
from rnnpipe.cli.texts.choice import best_embedding, best_run, find_model
from rnnpipe.common.errors import RnnpipeError
from rnnpipe.common.files import write_json


def trained_before(folder: Path, selection: str, *rows: tuple[float, float]) -> None:
    """Write what is read of a tagger: its selection, and a history of (validation loss, validation F1)."""
    folder.mkdir(parents=True)
    write_json(folder / "config.json", {"parameters": {"selection": selection}})
    text = "".join(f"{epoch},{loss},{f1}\n" for epoch, (loss, f1) in enumerate(rows, start=1))
    (folder / "history.csv").write_text(f"epoch,validation_loss,validation_f1\n{text}")


def best(models: Path) -> str:
    found = best_run("ner", models)
    assert found
    return found.name


def test_the_best_model_is_chosen_by_the_score_of_its_run(tmp_path: Path) -> None:
    trained_before(tmp_path / "ner/a", "f1", (0.2, 50.0), (0.4, 60.0))
    trained_before(tmp_path / "ner/b", "f1", (0.9, 70.0), (0.8, 10.0))
    trained_before(tmp_path / "ner/c", "f1", (0.1, 5.0))
    assert best(tmp_path) == "b"


def test_the_best_model_by_loss_has_the_lowest(tmp_path: Path) -> None:
    trained_before(tmp_path / "ner/a", "loss", (0.7, 90.0))
    trained_before(tmp_path / "ner/b", "loss", (0.2, 10.0), (1.2, 99.0))
    trained_before(tmp_path / "ner/c", "loss", (0.4, 50.0))
    assert best(tmp_path) == "b"


def test_the_best_model_is_not_one_whose_score_is_no_number(tmp_path: Path) -> None:
    trained_before(tmp_path / "ner/a", "f1", (0.7, math.nan))
    trained_before(tmp_path / "ner/b", "f1", (0.2, 10.0))
    assert best(tmp_path) == "b"


def test_a_model_is_named_by_its_run_its_task_and_run_or_its_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for path in ("sentiment/lstm", "ner/lstm", "ner/gru", "long_term/rnn/fast-1"):
        trained_before(Path("models") / path, "loss", (0.1, 1.0))
    assert find_model(["ner"], "lstm") == Path("models/ner/lstm")
    assert find_model(["ner"], "sentiment/lstm") == Path("models/sentiment/lstm"), "which is then refused"
    assert find_model(["ner"], "models/ner/gru") == Path("models/ner/gru")
    assert find_model(["language_model", "long_term"], "rnn/fast-1") == Path("models/long_term/rnn/fast-1")
    assert find_model(["language_model", "long_term"], None) == Path("models/long_term/rnn/fast-1")
    with pytest.raises(RnnpipeError, match="several tasks have a run of this name; name one of sentiment/lstm, ner/lstm$"):
        find_model(["sentiment", "ner"], "lstm")
    with pytest.raises(RnnpipeError, match="^--model gruu: no such run of ner, nor a directory; runs are gru, lstm$"):
        find_model(["ner"], "gruu")
    with pytest.raises(RnnpipeError, match="config.json: a file; name the directory"):
        find_model(["ner"], "models/ner/gru/config.json")
    for strange in ("x" * 5000, "\0", "caf\udce9"):
        with pytest.raises(RnnpipeError, match="no such run"):
            find_model(["ner"], strange)


def test_no_model(tmp_path: Path) -> None:
    with pytest.raises(RnnpipeError, match="no trained model"):
        find_model(["ner"], None, tmp_path)


def test_a_model_of_another_task(workspace: Any) -> None:
    assert "models/ner/gru: a model for ner, not for sentiment" in workspace.refusal(
        "predict", "sentiment", "w1", "--model", "ner/gru"
    )


def test_the_champion_is_what_the_registry_has(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{tmp_path}/mlflow.db")  # MLflow keeps what it opened, by address
    with pytest.raises(RnnpipeError, match="none of sentiment is registered; `rnnpipe track` registers champions"):
        find_model(["sentiment"], "champion")
    assert not Path("mlflow.db").exists()
    registered = Registered(tmp_path)
    registered.train("sentiment", "gru", 80.0)
    champion = registered.train("sentiment", "lstm", 90.0)
    registered.train("ner", "lstm", 70.0)
    registered.track()
    sums = (champion / "SHA256SUMS").read_bytes()
    for name in ("champion", "sentiment-labelled@champion", "models:/sentiment-labelled@champion"):
        found = find_model(["sentiment"], name)
        assert "models/sentiment/lstm" not in str(found), "its files are the registry's"
        assert (found / "SHA256SUMS").read_bytes() == sums
    with pytest.raises(RnnpipeError, match=r"there are 2; name one: (ner-columns|sentiment-labelled)@champion, "):
        find_model(["sentiment", "ner"], "champion")
    with pytest.raises(RnnpipeError, match="--model unheard@champion: none of sentiment .*there are sentiment-labelled@champion"):
        find_model(["sentiment"], "unheard@champion")


def test_the_best_embedding_is_the_best_evaluated_one(tmp_path: Path) -> None:
    embeddings, reports = tmp_path / "embeddings", tmp_path / "reports"
    with pytest.raises(RnnpipeError, match="no trained embedding"):
        best_embedding(embeddings, reports)
    for name, kind in {"a": "random", "b": "glove", "c": "one_hot", "d": "word2vec", "e": "window", "f": "glove"}.items():
        write_json(embeddings / name / "config.json", {"kind": kind})
    assert best_embedding(embeddings, reports) == embeddings / "b"
    figures = {"a": (100, 100, 100), "d": (90, 80, 60), "e": (90, 85, 50), "f": (90, 85, 50)}
    for name, (add, mul, probe) in figures.items():
        analogies = {"accuracy": add, "three_cos_mul": mul}
        write_json(reports / "embeddings" / name / "metrics.json", {"analogies": analogies, "probe": {"accuracy": probe}})
    assert best_embedding(embeddings, reports) == embeddings / "e"
    write_json(reports / "embeddings/b/metrics.json", {"analogies": {"accuracy": 90.5}})
    assert best_embedding(embeddings, reports) == embeddings / "b"


def test_models_are_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{tmp_path}/mlflow.db")  # MLflow keeps what it opened, by address
    registered = Registered(tmp_path)
    for run, score in {"gru": 80.0, "lstm": 90.0}.items():
        registered.train("sentiment", run, score)
    registered.track()
    saved_model(Path("models/ner/odd\tname"), "ner", history=())
    result = CliRunner().invoke(app, ["models"], catch_exceptions=False)
    rows = [line.split() for line in result.stdout.splitlines()]
    assert rows[0] == ["task", "run", "corpus", "validation", "weights"]
    assert rows[1][:5] == ["sentiment", "gru", "labelled", "accuracy", "80"]
    assert rows[2][5:] == [rows[1][5], "default,", "champion"]
    assert rows[3][:5] == ["ner", "odd\\tname", "small", "f1", "–"]
    objects = list(map(json.loads, CliRunner().invoke(app, ["models", "--json"]).stdout.splitlines()))
    assert [one["champion"] for one in objects] == [False, True, False]
    assert objects[1]["directory"] == "models/sentiment/lstm"
    assert objects[2]["score"] is None


def test_a_damaged_model_is_listed_without_figures(workspace: Any, tmp_path: Path) -> None:
    Path("models/odd").mkdir()
    for name, text in {"config.json": "[]", "history.csv": "epoch,validation_loss\n1,x\n", "model.safetensors": "?"}.items():
        path = Path("models/long_term/broken") / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    rows = [line.split() for line in workspace.lines("models")]
    assert ["long_term", "broken", "loss", "–", "–", "default"] not in rows
    assert ["long_term", "broken", "loss", "–", "–"] in rows
    write_json(Path("embeddings/odd/config.json"), [])
    assert "no trained embedding" in workspace.refusal("neighbours", "king")


def test_a_name_of_two_lines_is_told_in_one(workspace: Any) -> None:
    assert "--model a\\nb: no such run" in workspace.refusal("predict", "ner", "w1", "--model", "a\nb")
    assert "a\\nb: no such file" in workspace.refusal("predict", "ner", "--file", "a\nb")
