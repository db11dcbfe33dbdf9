"""What DVC has kept of former runs is found by what went in, and only where all of it can still be had."""

import json
import os
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from rnnpipe.runner.run_cache import RunCache

ENTRY = """\
cmd: {cmd}
deps:
- path: data/raw
  hash: md5
  md5: aa1
  size: 9
params:
  params.yaml:
    seed: 1
outs:
- path: models/x
  hash: md5
  md5: {out}.dir
  size: 9
  nfiles: 2
"""


class Kept:
    """A cache of DVC's in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        legacy, local = SimpleNamespace(path=str(folder)), SimpleNamespace(path=str(folder / "files/md5"))
        self.cache = RunCache(SimpleNamespace(cache=SimpleNamespace(legacy=legacy, local=local)))

    def run(self, out: str, cmd: str = "train", age: int = 0) -> None:
        path = self.folder / "runs/ab" / "abc" / out
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(ENTRY.format(out=out, cmd=cmd))
        os.utime(path, (1000 - age, 1000 - age))

    def object(self, name: str, content: str = "") -> Path:
        path = self.folder / "files/md5" / name[:2] / name[2:]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
        return path

    def directory(self, name: str) -> None:
        self.object(f"{name}.dir", json.dumps([{"md5": f"{name}1", "relpath": "a"}, {"md5": f"{name}2", "relpath": "b"}]))
        self.object(f"{name}1")
        self.object(f"{name}2")

    def made(self, **other: Any) -> dict[str, str] | None:
        asked: dict[str, Any] = {"cmd": "train", "inputs": {"data/raw": "aa1"}, "params": {"params.yaml": {"seed": 1}}}
        return self.cache.made(**{**asked, "outs": ["models/x"], **other})


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    return Kept(tmp_path)


def test_a_run_is_found_by_command_inputs_and_parameters(kept: Kept) -> None:
    kept.run("cc")
    kept.directory("cc")
    assert kept.made() == {"models/x": "cc.dir"}
    assert kept.cache.knows(["models/x"])
    for other in ({"cmd": "train twice"}, {"inputs": {"data/raw": "bb1"}}, {"inputs": {"data/raw": None}}, {"params": {}}):
        assert kept.made(**other) is None
    assert not kept.cache.knows(["models/y"])


def test_of_several_runs_the_newest_counts(kept: Kept) -> None:
    kept.run("cc", age=5)
    kept.run("dd")
    kept.directory("cc")
    kept.directory("dd")
    assert kept.made() == {"models/x": "dd.dir"}


def test_what_is_gone_cannot_be_restored(kept: Kept) -> None:
    kept.run("cc")
    assert kept.made() is None
    kept.directory("cc")
    kept.object("cc2").unlink()
    assert kept.made() is None, "a file of the directory"
    assert not kept.cache.holds([None])
    assert kept.cache.holds(["cc1"])


def test_an_empty_cache(kept: Kept) -> None:
    assert kept.made() is None
    assert not kept.cache.knows(["models/x"])
