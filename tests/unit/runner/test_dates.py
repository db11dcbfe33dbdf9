"""After a copy the dates say nothing: what DVC finds unchanged gets a new one, and what is stale does not."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from rnnpipe.runner.dates import TIMESTAMP, refresh_dates
from rnnpipe.runner.rules import Rule

STAGES = """\
stages:
  check:
    cmd: cp params.yaml checked.txt
    deps: [params.yaml]
    outs: [checked.txt]
  split:
    cmd: mkdir -p words && cp own.txt words/all.txt
    deps: [own.txt, checked.txt]
    outs: [words]
  count:
    cmd: wc -l < words/all.txt > count.txt
    deps: [words]
    outs: [count.txt]
"""


def rule(name: str, inputs: list[str], files: list[str], directories: list[str], is_check: bool = False) -> Rule:
    common = {"description": "", "done": [], "is_forgotten": False, "values": "", "threads": 1, "priority": 0, "resources": {}}
    return Rule(name=name, inputs=inputs, files=files, directories=directories, is_check=is_check, **common)


RULES = [
    rule("count", ["words"], ["count.txt"], []),
    rule("split", ["own.txt"], [], ["words"]),
    rule("check", [], [], [], is_check=True),
]


@pytest.fixture
def copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A finished workspace in which every input looks newer than what was made of it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DVC_SITE_CACHE_DIR", str(tmp_path / "site"))
    (tmp_path / ".dvc").mkdir()
    (tmp_path / ".dvc/config").write_text("[core]\n    analytics = false\n    no_scm = true\n")
    for name, text in (
        (".dvcignore", f"{TIMESTAMP}\n"),
        ("dvc.yaml", STAGES),
        ("params.yaml", "seed: 1\n"),
        ("own.txt", "one\ntwo\n"),
    ):
        Path(name).write_text(text)
    subprocess.run([Path(sys.executable).parent / "dvc", "repro", "--quiet"], check=True)
    for date, path in enumerate(("count.txt", "words", "own.txt"), start=1_000_000):
        os.utime(path, (date, date))
    return tmp_path


def date(path: str) -> float:
    return Path(path).stat().st_mtime


def test_what_dvc_finds_unchanged_gets_a_new_date_in_the_order_of_its_making(copied: Path) -> None:
    assert refresh_dates(RULES) == ["split", "count"]
    assert date(f"words/{TIMESTAMP}") <= date("count.txt")
    assert date("own.txt") < date(f"words/{TIMESTAMP}")
    assert refresh_dates(RULES) == [], "nothing looks old any more"


def test_what_is_stale_keeps_its_date(copied: Path) -> None:
    Path("own.txt").write_text("another\n")
    assert refresh_dates(RULES) == ["count"], "of words that are still the same"
    assert not Path("words", TIMESTAMP).exists()


def test_nothing_is_done_while_parameters_are_unchecked(copied: Path) -> None:
    Path("params.yaml").write_text("seed: 2\n")
    assert refresh_dates(RULES) == []


def test_a_workspace_that_has_not_run_is_left_alone(copied: Path) -> None:
    Path("count.txt").unlink()
    assert refresh_dates(RULES) == ["split"]
    assert not Path("count.txt").exists()
