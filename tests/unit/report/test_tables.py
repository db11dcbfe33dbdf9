"""The tables that DVC shows: few columns, all runs of a task in one plot, and nothing lost where a run is missing."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from rnnpipe.common.tables import flatten, read_csv
from rnnpipe.report.tables import write_plot_tables, write_scores


@pytest.fixture
def scores(workspace: Any) -> Callable[[], dict[str, Any]]:
    def written() -> dict[str, Any]:
        folder = workspace.root / "scores"
        write_scores(workspace.measure(), folder)
        return {str(path.relative_to(folder)): json.loads(path.read_text()) for path in sorted(folder.rglob("*.json"))}

    return written


def test_each_measured_run_has_its_scores_on_both_splits(workspace: Any, scores: Callable[[], dict[str, Any]]) -> None:
    workspace.change("sentiment/lstm", "accuracy.test", 91.25)
    workspace.change("sentiment/lstm", "accuracy.validation", 92.5)
    written = scores()
    assert written["sentiment/lstm.json"] == {"accuracy.test": 91.25, "accuracy.validation": 92.5}
    assert {path.split("/")[0] for path in written} == {"embeddings", "language_model", "ner", "sentiment"}
    assert "sentiment/bag-of-words.json" in written, "baselines too"


def test_the_table_of_scores_is_narrow(scores: Callable[[], dict[str, Any]]) -> None:
    columns = {name for values in scores().values() for name in flatten(values)}
    assert sum(len(name) + 4 for name in columns) < 300


def test_a_run_that_was_not_measured_has_no_file(workspace: Any, scores: Callable[[], dict[str, Any]]) -> None:
    Path(workspace.root / "reports/ner/lstm/metrics.json").unlink()
    assert "ner/lstm.json" not in scores()


def test_a_plot_s_table_holds_all_runs(workspace: Any) -> None:
    write_plot_tables(workspace.measure(), workspace.root / "plots")
    curves = read_csv(workspace.root / "plots/sentiment_history.csv")
    lines = (workspace.root / "models/sentiment/lstm/history.csv").read_text().splitlines()
    assert sum(row["run"] == "lstm" for row in curves) == len(lines) - 1
    assert {row["run"] for row in curves} == {"rnn", "gru", "lstm", "lstm-deep"}
    assert "step" not in curves[0]
    norms = read_csv(workspace.root / "plots/long_term_gradients.csv")
    assert {"rnn", "lstm"} <= {row["run"] for row in norms}
    assert all(float(row["norm"]) >= 0 for row in norms)


def test_tables_without_rows_have_their_header(empty_workspace: Any) -> None:
    folder = empty_workspace.root / "plots"
    write_plot_tables(empty_workspace.measure(), folder)
    assert {path.read_text() for path in folder.iterdir()} == {
        "run,epoch\n",
        "run,actual,predicted,count\n",
        "run,distance,accuracy\n",
        "run,k,norm\n",
    }
