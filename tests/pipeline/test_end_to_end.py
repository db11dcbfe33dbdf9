"""What the page on one's own text says, run to the end by both runners.

The tests of this file stand in the order of a user's day and share two workspaces, so one worker runs them all.
"""

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from pages import blocks
from ruamel.yaml import YAML
from workspace import Workspace, merged

from rnnpipe.tracking.store import Store

pytestmark = pytest.mark.timeout(900)

# Everything that the page's lines do not name, as small as it gets; sections that nobody uses are left out.
BARE = """
seed: 1
embeddings:
  random-32: {kind: random, dimension: 32}
language_model: {defaults: {network: {hidden: 16}, optimizer: {learning_rate: 0.01}, trainer: {epochs: 2}}}
sentiment: {defaults: {network: {hidden: 16}, optimizer: {learning_rate: 0.01}, trainer: {epochs: 3}}}
ner: {defaults: {network: {hidden: 16}, optimizer: {learning_rate: 0.02}, trainer: {epochs: 6, batch_size: 16}}}
report: {title: My own text}
"""
# Vectors of the page's Hindi sentences, counted in two parts.
VECTORS = """
counting_shards: [1, 2]
cooccurrence: {hindi: {window: 3}}
glove: {defaults: {}, runs: {hindi-glove: {corpus: hindi, dimension: 8, epochs: 2}}}
window: {defaults: {}, runs: {hindi-window: {corpus: hindi, context: around_4, softmax: hierarchical, dimension: 8}}}
embedding_evaluation: {hindi-glove: {corpus: hindi, truth: published}}
"""


def page(language: str) -> list[str]:
    return [block.text for block in blocks("docs/own-text.md") if block.heading == "Three corpora" and block.language == language]


def own_text_params() -> dict[str, Any]:
    yaml = YAML(typ="safe")
    params: dict[str, Any] = merged(yaml.load(BARE), yaml.load(VECTORS))
    for block in page("yaml"):
        params = merged(params, yaml.load(block))
    return params


def own_text(folder: Path) -> Workspace:
    workspace = Workspace(folder, own_text_params())
    for block in page("sh"):
        workspace.run(f"set -e\n{block}")
    return workspace


@pytest.fixture(scope="module")
def by_snakemake(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    workspace = own_text(tmp_path_factory.mktemp("snakemake") / "project")
    first = planned(workspace)
    workspace.kill("snakemake --cores 2", after=18)
    workspace.run("snakemake --cores 2")
    assert first == dict.fromkeys(workspace.lock()["stages"], "to run"), "the plan of a fresh clone"
    return workspace


def planned(workspace: Workspace) -> dict[str, str]:
    """Return stage → what `rnnpipe plan` says of it, those that are up to date left out."""
    told = json.loads(workspace.run("rnnpipe plan --json"))
    return {one["stage"]: one["fate"] for one in told if one["fate"] != "up to date"}


def begun(said: str) -> set[str]:
    """Return the stages that `rnnpipe run` has begun."""
    return set(re.findall(r"^(\S+)  begins$", said, re.MULTILINE))


@pytest.fixture(scope="module")
def by_dvc(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    workspace = own_text(tmp_path_factory.mktemp("dvc") / "another place")
    workspace.run("dvc repro", RNNPIPE_TRACKING="off")
    return workspace


def test_own_text_is_trained_evaluated_and_reported(by_snakemake: Workspace) -> None:
    page = (by_snakemake.folder / "reports/results.md").read_text(encoding="utf-8")
    for task, run in [("language_model", "hindi-lstm"), ("sentiment", "tickets-gru"), ("ner", "recipes-bilstm")]:
        assert (by_snakemake.folder / f"reports/{task}/{run}/metrics.json").is_file()
        assert run in page
    assert "claim" not in page.lower(), "those of the lecture are about its own corpora"
    assert page.index("## Runs") < 100


def test_vectors_of_ones_own_text_are_trained_and_exported(by_snakemake: Workspace) -> None:
    assert by_snakemake.lock()["stages"].keys() >= {"count_cooccurrence@hindi-1", "count_cooccurrence@hindi-2"}
    for name in ("hindi-glove", "hindi-window"):
        by_snakemake.run(f"rnnpipe vectors export {name} --format word2vec-text --out {name}.txt")
        assert (by_snakemake.folder / f"{name}.txt").read_text(encoding="utf-8").splitlines()[0].endswith(" 8")


def test_labels_are_the_users_own(by_snakemake: Workspace) -> None:
    answer = by_snakemake.run("rnnpipe predict sentiment 'where is my new chair'")
    assert re.search(r"billing|delivery|account|praise", answer)
    config = (by_snakemake.folder / "models/ner/recipes-bilstm/config.json").read_text(encoding="utf-8")
    assert "B-FOOD" in config


def test_afterwards_neither_runner_has_work(by_snakemake: Workspace) -> None:
    assert "up to date" in by_snakemake.run("dvc status")
    assert "Nothing to be done" in by_snakemake.run("snakemake --cores 2")
    assert "Running stage" not in by_snakemake.run("dvc repro --dry")


def test_a_copy_whose_files_have_other_dates_has_nothing_to_do(by_snakemake: Workspace, tmp_path: Path) -> None:
    by_snakemake.run(f"cp -r . '{tmp_path}/a copy'")
    assert "Nothing to be done" in by_snakemake.run(f"cd '{tmp_path}/a copy' && snakemake --cores 2")


def test_dvc_and_snakemake_show_the_results(by_snakemake: Workspace, tmp_path: Path) -> None:
    table = by_snakemake.run("dvc metrics show")
    assert "reports/scores/sentiment/tickets-gru.json" in table
    assert max(map(len, table.splitlines())) <= 400
    by_snakemake.run(f"dvc plots show --out '{tmp_path}/plots'")
    assert "tickets-gru" in (tmp_path / "plots/index.html").read_text(encoding="utf-8")
    by_snakemake.run(f"snakemake --report '{tmp_path}/report.html'")
    assert "confusion.csv" in (tmp_path / "report.html").read_text(encoding="utf-8")


def test_both_runners_make_the_same_bytes(by_snakemake: Workspace, by_dvc: Workspace) -> None:
    assert by_dvc.sums() == by_snakemake.sums()
    assert by_dvc.lock() == by_snakemake.lock()
    assert "up to date" in by_dvc.run("dvc status")


def test_a_lock_file_that_breaks_off_comes_back(by_snakemake: Workspace) -> None:
    """DVC writes dvc.lock in place; killed meanwhile, it leaves the beginning, and Snakemake has nothing to do."""
    path, sums = by_snakemake.folder / "dvc.lock", by_snakemake.sums()
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) * 4 // 5])
    by_snakemake.run("snakemake --cores 2")
    assert "up to date" in by_snakemake.run("dvc status")
    assert by_snakemake.sums() == sums


def test_a_remark_in_the_code_runs_the_check_and_nothing_else(by_snakemake: Workspace, by_dvc: Workspace) -> None:
    for workspace in (by_snakemake, by_dvc):
        for name in ("layers/cells/frame.py", "params/__init__.py", "common/files.py"):
            with (workspace.folder / "src/rnnpipe" / name).open("a", encoding="utf-8") as file:
                file.write("\n# a remark that changes nothing\n")
    assert re.findall(r"Running stage '([^']+)'", by_dvc.run("dvc repro")) == ["check"]
    assert planned(by_snakemake) == {"check": "to run"}
    assert re.findall(r"^Job \d+: (\S+)", by_snakemake.run("snakemake --cores 2"), re.MULTILINE) == ["check"]
    for workspace in (by_snakemake, by_dvc):
        assert "up to date" in workspace.run("dvc status")


def test_one_change_trains_one_run_and_back_none(by_snakemake: Workspace) -> None:
    before = by_snakemake.sums()
    by_snakemake.write_params(
        merged(own_text_params(), {"sentiment": {"runs": {"tickets-gru": {"optimizer": {"learning_rate": 0.00123}}}}})
    )
    forecast = planned(by_snakemake)
    said = by_snakemake.run("rnnpipe run --cores 2")
    changed = {"train_sentiment@tickets-gru", "evaluate_sentiment@tickets-gru"}
    assert begun(said) == forecast.keys() == {"check", *changed, "write_report"}
    assert set(forecast.values()) == {"to run"}
    assert by_snakemake.sums() != before
    assert re.search(r"epoch \d of 3  loss \S+  accuracy \S+", said)
    assert max(map(len, said.splitlines())) <= 80
    assert not re.search(r"[\x00-\x09\x0b-\x1f]|Building DAG|Select jobs|Complete log|rule ", said)

    by_snakemake.write_params(own_text_params())
    forecast = planned(by_snakemake)
    said = by_snakemake.run("rnnpipe run --cores 2")
    assert begun(said) == forecast.keys()
    assert forecast.pop("train_sentiment@tickets-gru") == "restored"
    assert "train_sentiment@tickets-gru  restored from the cache" in said
    assert set(forecast.values()) == {"to run"}
    assert by_snakemake.sums() == before
    log = (by_snakemake.folder / "logs/train_sentiment@tickets-gru.log").read_text(encoding="utf-8")
    assert "is cached" in log


def test_mlflow_has_one_finished_run_for_each_result(by_snakemake: Workspace) -> None:
    by_snakemake.run("rnnpipe track")
    by_snakemake.run("rnnpipe track")
    listed = by_snakemake.run(
        "python -c \"import mlflow; client = mlflow.MlflowClient('sqlite:///mlflow.db');"
        "ids = [e.experiment_id for e in client.search_experiments()];"
        "[print('KEY', r.data.tags.get('stage_key')) for r in client.search_runs(ids) if r.info.status == 'FINISHED']\""
    )
    keys = Counter(re.findall(r"KEY (\S+)", listed))
    assert len(keys) == 6, "three runs, one of them with two learning rates, and two embeddings"
    assert set(keys.values()) == {1}


def test_a_clone_that_pulls_shows_the_same_runs(by_snakemake: Workspace, tmp_path: Path) -> None:
    remote = f"dvc remote add --local store '{tmp_path}/remote'"
    by_snakemake.run("rnnpipe track; git add -A; git -c user.name=me -c user.email=me@home commit -qm 'as it ran'")
    by_snakemake.run(f"{remote}; dvc push --quiet --remote store; git clone -q . '{tmp_path}/clone'")
    by_snakemake.run(f"cd '{tmp_path}/clone'; {remote}; dvc pull --quiet --remote store; rnnpipe track")
    first, second = shown(by_snakemake.folder), shown(tmp_path / "clone")
    assert len(second) == 5, "three networks and two embeddings"
    assert second == {name: first[name] for name in second}


def shown(folder: Path) -> dict[str, Any]:
    """Return what MLflow shows of each run of present results: figures and curves, parameters, minutes."""
    store = Store(f"sqlite:///{folder}/mlflow.db")
    runs = [run for run in store.runs(stale="false") if run.info.status == "FINISHED"]
    return {run.info.run_name: (figures(store, run), run.data.params, duration(run)) for run in runs}


def figures(store: Store, run: Any) -> dict[str, Any]:
    """Return the points of each metric; how busy and how fast the first machine was is no part of the results."""
    names = [name for name in run.data.metrics if not name.startswith("system/") and name != "train/tokens_per_second"]
    return {
        name: sorted({(point.step, point.value) for point in store._client.get_metric_history(run.info.run_id, name)})
        for name in names
    }


def duration(run: Any) -> int:
    return round((run.info.end_time - run.info.start_time) / 1000)


@pytest.mark.parametrize("runner", ["dvc repro", "snakemake --cores 1"])
@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"unheard_of_key": 3}, "unheard_of_key"),
        ({"ner": {"defaults": {"optimizer": {"learning_rate": "fast"}}}}, "ner.runs.recipes-bilstm"),
    ],
)
def test_a_wrong_parameter_is_refused_by_name(by_snakemake: Workspace, runner: str, change: dict[str, Any], named: str) -> None:
    before = by_snakemake.sums()
    by_snakemake.write_params(merged(own_text_params(), change))
    answer = by_snakemake.run(runner, succeed=False)
    by_snakemake.write_params(own_text_params())
    assert named in answer
    assert "Traceback" not in answer
    assert by_snakemake.sums() == before


def test_a_bad_file_is_told_with_its_line_and_takes_nothing_away(by_dvc: Workspace) -> None:
    def made() -> dict[str, str]:
        return {path: digest for path, digest in by_dvc.sums().items() if not path.startswith("data/raw/")}

    before, raw = made(), by_dvc.folder / "data/raw/hindi/sentences.txt"
    good = raw.read_bytes()
    raw.unlink()  # the file is a read-only link into DVC's cache
    raw.write_bytes(good.replace("सेब".encode(), b"\xff", 1))
    line = good[: good.index("सेब".encode())].count(b"\n") + 1
    answer = by_dvc.run("dvc repro", succeed=False)
    assert f"data/raw/hindi/sentences.txt:{line}:" in answer
    assert "Traceback" not in answer
    assert made() == before
