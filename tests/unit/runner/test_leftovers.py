"""What a stage left that is no stage any more goes if it can be had again, and stays with a word about it if not."""

import logging
import subprocess
import sys
from pathlib import Path

import pytest

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.runner.leftovers import remove_leftovers

STAGES = """\
stages:
  train:
    foreach: ${runs}
    do:
      cmd: mkdir -p models/${key} reports/${key} && echo ${key} > models/${key}/weights && echo ${key} > reports/${key}/m.json
      outs: ["models/${key}"]
      metrics: [{"reports/${key}/m.json": {cache: false}}]
  prepare:
    foreach: ${runs}
    do: {cmd: "echo 1 > data/${key}", outs: ["data/${key}"]}
  report:
    cmd: ls models reports > page
    deps: [models, reports]
    outs: [page]
"""
DVC_SETTINGS = "[core]\n    analytics = false\n    check_update = false\n"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project that ran `old`, `edited` and `now`, and whose params.yaml names `now` alone."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DVC_SITE_CACHE_DIR", str(tmp_path.parent / f"{tmp_path.name}-site"))
    for name, text in {
        ".dvc/config": DVC_SETTINGS,
        "dvc.yaml": STAGES,
        "params.yaml": "runs: {old: 1, edited: 2, now: 3}\n",
    }.items():
        Path(name).parent.mkdir(exist_ok=True)
        Path(name).write_text(text)
    for folder in ("models", "reports", "data"):
        Path(folder).mkdir()
    run("git", "init", "-q")
    run(str(Path(sys.executable).parent / "dvc"), "repro", "--quiet")
    run("git", "add", ".")
    run("git", "-c", "user.name=a", "-c", "user.email=a@b", "commit", "-q", "-m", "all")
    Path("params.yaml").write_text("runs: {now: 3}\n")
    return tmp_path


def run(*command: str) -> None:
    subprocess.run(command, check=True)


def test_leftovers_go_and_what_was_changed_stays(project: Path, caplog: pytest.LogCaptureFixture) -> None:
    Path("models/edited/weights").chmod(0o644)
    Path("models/edited/weights").write_text("my own")
    Path("models/mine").mkdir()
    caplog.set_level(logging.WARNING)
    assert sorted(map(str, remove_leftovers())) == ["models/old", "reports/edited/m.json", "reports/old/m.json"]
    assert [record.getMessage() for record in caplog.records] == [
        "models/edited: left by the former stage train@edited, and changed since; remove it or move it"
    ]
    assert sorted(path.name for path in Path("models").iterdir() if path.is_dir()) == ["edited", "mine", "now"]
    assert [path.name for path in Path("reports").iterdir() if path.is_dir()] == ["now"], "empty folders go too"
    assert Path("data/old").exists(), "no stage reads data/ as a whole"
    assert remove_leftovers() == []


def test_what_no_cache_and_no_commit_holds_stays(project: Path) -> None:
    run("rm", "-rf", ".dvc/cache")
    run("git", "-c", "user.name=a", "-c", "user.email=a@b", "commit", "-q", "--amend", "-m", "less", "--", "params.yaml")
    run("git", "rm", "-q", "--cached", "reports/old/m.json")
    run("git", "-c", "user.name=a", "-c", "user.email=a@b", "commit", "-q", "-m", "without")
    assert sorted(map(str, remove_leftovers())) == ["reports/edited/m.json"]
    assert Path("models/old/weights").exists()
    assert Path("reports/old/m.json").exists()


def test_before_the_first_run_nothing_is_left(project: Path) -> None:
    Path("dvc.lock").unlink()
    assert remove_leftovers() == []


def test_no_project_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(RnnpipeError) as caught:
        remove_leftovers()
    assert "\n" not in str(caught.value)
