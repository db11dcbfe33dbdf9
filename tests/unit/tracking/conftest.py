"""A small DVC project of shell scripts, run once, and an empty MLflow database, made once: each test gets copies."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from rnnpipe.tracking.store import Store

PARAMS = """\
seed: 1
corpora:
  texts: {format: labelled, splits: {train: train.csv, valid: valid.csv}, licence: MIT}
embeddings:
  one_hot: {kind: one_hot}
sentiment:
  defaults: {corpus: texts, embedding: one_hot, network: {hidden: 8}}
  runs:
    rnn: {network: {cell: rnn}}
    lstm: {network: {cell: lstm}}
bag_of_words:
  runs:
    words: {corpus: texts}
registry: {tasks: []}  # what train.sh makes is no model
report: {title: small}
"""
STAGES = """\
stages:
  train_sentiment:
    foreach: ${sentiment.runs}
    do:
      cmd: sh train.sh models/sentiment/${key}
      deps: [train.sh, data]
      params: [seed, sentiment.defaults, "sentiment.runs.${key}"]
      outs: ["models/sentiment/${key}"]
  evaluate_sentiment:
    foreach: ${sentiment.runs}
    do:
      cmd: sh evaluate.sh reports/sentiment/${key}
      deps: [evaluate.sh, "models/sentiment/${key}"]
      metrics: [{"reports/sentiment/${key}/metrics.json": {cache: false}}]
  fit_bag_of_words:
    foreach: ${bag_of_words.runs}
    do:
      cmd: sh evaluate.sh reports/sentiment/${key}
      deps: [evaluate.sh, data]
      params: ["bag_of_words.runs.${key}"]
      metrics: [{"reports/sentiment/${key}/metrics.json": {cache: false}}]
"""
TRAIN = """\
mkdir -p $1
echo '{}' > $1/config.json
echo 'epoch,step,train_loss,validation_loss,validation_accuracy' > $1/history.csv
printf '1,10,0.7,0.6,\\n2,20,0.6,0.4,75.0\\n3,30,0.5,0.6,\\n' >> $1/history.csv
"""
EVALUATE = """\
mkdir -p $1
echo '{"accuracy.test": 80.0, "accuracy.validation": 76.0, "f1.validation": 70.5,' > $1/metrics.json
echo '"by_label": {"très bien!": 7}, "split": "test"}' >> $1/metrics.json
"""
DVC_SETTINGS = "[core]\n    analytics = false\n    check_update = false\n    no_scm = true\n"


@pytest.fixture(scope="session")
def finished_project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("project")
    files = {
        "params.yaml": PARAMS,
        "dvc.yaml": STAGES,
        "train.sh": TRAIN,
        "evaluate.sh": EVALUATE,
        "data/texts.txt": "good\nbad\n",
        ".dvc/config": DVC_SETTINGS,
    }
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    run_pipeline(folder)
    return folder


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("database") / "mlflow.db"
    Store(f"sqlite:///{path}")
    return path


@pytest.fixture
def project(finished_project: Path, empty_database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A finished project without runs in MLflow, as after `dvc pull`, in the working directory."""
    folder = tmp_path / "a project"
    shutil.copytree(finished_project, folder)
    shutil.copyfile(empty_database, folder / "mlflow.db")
    monkeypatch.chdir(folder)
    # The default address is relative, and MLflow keeps a connection for each address as long as the process lives.
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{folder}/mlflow.db")
    monkeypatch.setenv("DVC_SITE_CACHE_DIR", str(tmp_path / "site"))
    for name in ("RNNPIPE_TRACKING",):
        monkeypatch.delenv(name, raising=False)
    return folder


@pytest.fixture
def store(project: Path) -> Store:
    return Store(f"sqlite:///{project}/mlflow.db")


@pytest.fixture
def reproduce(project: Path) -> Callable[[], None]:
    """Run what is stale, as a user does after a change."""
    return lambda: run_pipeline(project)


def run_pipeline(folder: Path) -> None:
    subprocess.run([Path(sys.executable).parent / "dvc", "repro", "--quiet"], cwd=folder, check=True)
