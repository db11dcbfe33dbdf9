"""Runs are compared from their files: a table a task, sorted; two runs by what they differ in; all of it for programs."""

import json
from pathlib import Path
from typing import Any

import pytest
from report_files import Workspace, empty_workspace, full_workspace
from typer.testing import CliRunner, Result

from rnnpipe.cli import app
from rnnpipe.params import load_params


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.chdir(tmp_path)
    made = full_workspace(tmp_path)
    made.measure()
    for name in ("dvc.yaml", ".dvc"):
        Path(name).touch()
    return made


def runs(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["runs", *arguments])


def names(said: str) -> list[str]:
    return [line.split()[0] for line in said.splitlines()[2:] if line and line[0] != " "]


def listed() -> dict[str, dict[str, Any]]:
    return {f"{one['task']}/{one['run']}": one for one in json.loads(runs("--json").stdout)}


def test_a_table_for_each_task_in_eighty_columns(workspace: Workspace) -> None:
    said = runs().stdout
    for title in ("language_model: perplexity", "sentiment: accuracy %", "ner: span F1", "embeddings: analogies"):
        assert title in said
    assert max(map(len, said.splitlines())) <= 80


def test_the_best_score_stands_first(workspace: Workspace) -> None:
    assert names(runs("--task", "sentiment").stdout) == ["lstm-deep", "lstm", "gru", "rnn", "mlp", "bag-of-words"]
    assert names(runs("--task", "language_model").stdout)[0] == "lstm", "the least perplexity"


@pytest.mark.parametrize(
    ("column", "first"),
    [
        ("run", "bag-of-words"),
        ("-run", "rnn"),
        ("test", "lstm-deep"),
        ("-test", "bag-of-words"),
        ("validation", "lstm-deep"),
        ("macro_f1.test", "bag-of-words"),
        ("network.layers", "rnn"),
        ("-network.layers", "lstm-deep"),
    ],
)
def test_sorted_by_a_column_a_figure_or_a_parameter(workspace: Workspace, column: str, first: str) -> None:
    said = runs("--task", "sentiment", f"--sort={column}").stdout
    assert names(said)[0] == first
    assert max(map(len, said.splitlines())) <= 80


def test_what_has_no_such_value_stands_last(workspace: Workspace) -> None:
    for column in ("network.layers", "-network.layers"):
        assert set(names(runs("--task", "sentiment", f"--sort={column}").stdout)[-2:]) == {"mlp", "bag-of-words"}


def test_two_runs_differ_in_parameters_and_figures(workspace: Workspace) -> None:
    said = runs("--diff", "sentiment/lstm", "lstm-deep").stdout
    lines = [line.split() for line in said.splitlines()]
    assert ["network.layers", "1", "2"] in lines
    assert ["accuracy.test", "95", "95.5"] in lines
    assert not any(line[:1] == ["network.cell"] for line in lines), "equal in both"
    told = json.loads(runs("--task", "sentiment", "--diff", "lstm", "lstm-deep", "--json").stdout)
    assert told["parameters"] == {"network.layers": [1, 2]}
    assert "they do not differ" in runs("--task", "sentiment", "--diff", "lstm", "lstm").stdout


def test_programs_get_all_of_it(workspace: Workspace) -> None:
    one = listed()["sentiment/lstm"]
    assert one["metrics"]["accuracy.test"] == 95
    assert one["parameters"]["network"]["cell"] == "lstm"
    assert one["epoch"] == 6
    assert one["stale"] is False


def test_time_is_that_of_the_stages(workspace: Workspace) -> None:
    workspace.text("logs/seconds/train_sentiment@lstm", "75\n")
    workspace.text("logs/seconds/fit_mlp@mlp", "4\n")
    found = listed()
    assert (found["sentiment/lstm"]["seconds"], found["sentiment/mlp"]["seconds"]) == (75, 4)
    assert found["sentiment/gru"]["seconds"] is None
    assert "1 min 15 s" in runs("--task", "sentiment").stdout


def test_a_model_of_other_parameters_is_marked(workspace: Workspace) -> None:
    parameters = load_params().sentiment.runs["lstm"].resolved()
    workspace.text("models/sentiment/lstm/config.json", json.dumps({"parameters": {**parameters, "seed": 9}}))
    said = runs("--task", "sentiment").stdout
    assert "lstm*" in said
    assert said.splitlines()[-1].startswith("* trained with other parameters")
    assert listed()["sentiment/lstm"]["stale"] is True


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--task", "poetry"], "--task poetry: no run of it has results; there are language_model"),
        (["--sort", "poetry"], "--sort poetry: no run has such a column"),
        (["--diff", "lstm", "gru"], "lstm: several tasks have such a run; say language_model/lstm or"),
        (["--task", "sentiment", "--diff", "lstm", "poem"], "poem: no such run; there are"),
    ],
)
def test_a_mistake_is_one_line(workspace: Workspace, arguments: list[str], said: str) -> None:
    result = runs(*arguments)
    assert result.exit_code == 1
    assert result.stderr.startswith(f"error: {said}")
    assert result.stderr.count("\n") == 1


def test_without_results(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    empty_workspace(tmp_path).measure()
    for name in ("dvc.yaml", ".dvc"):
        Path(name).touch()
    assert runs("--json").stdout == "[]\n"
    assert "no run has results; `make run`" in runs().stderr
