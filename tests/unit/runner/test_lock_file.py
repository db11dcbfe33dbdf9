"""Whatever is left of a dvc.lock, DVC can read it afterwards, and what it reads is true; entries go in and out one by one."""

from pathlib import Path

import pytest
from ruamel.yaml import YAML

from rnnpipe.runner.lock_file import mend_lock_file, read_entry, write_entry

ROOT = Path(__file__).parent.parent.parent.parent

WHOLE = """\
schema: '2.0'
stages:
  first:
    cmd: python first.py
    outs:
    - path: a
      md5: d3b07384d113edec49eaa6238ad5ff00
  second@x:
    cmd: python second.py
    outs:
    - path: b
      md5: c157a79031e1c40f85931829bc5fc552
"""


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DVC_SITE_CACHE_DIR", str(tmp_path / "site"))
    Path(".dvc").mkdir()
    Path(".dvc/config").write_text("[core]\n    analytics = false\n    no_scm = true\n")
    return tmp_path / "dvc.lock"


@pytest.mark.parametrize("size", range(len(WHOLE)))
def test_a_file_that_breaks_off_holds_whole_entries_alone(path: Path, size: int) -> None:
    path.write_text(WHOLE[:size])
    mend_lock_file(path)
    left = YAML(typ="safe", pure=True).load(path)["stages"] if path.exists() else {}
    if WHOLE[:size].endswith("\n") and left:
        left.pop(list(left)[-1])  # whole lines of an entry: DVC sees which outputs it does not know
    assert left.items() <= YAML(typ="safe", pure=True).load(WHOLE)["stages"].items()
    assert "first" in left or size <= WHOLE.index("  second@x") + 2 or WHOLE[:size].endswith("\n")


def test_a_whole_file_is_left_alone(path: Path) -> None:
    path.write_text(WHOLE)
    before = path.stat()
    mend_lock_file(path)
    assert (path.stat().st_ino, path.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_entries_are_written_as_dvc_writes_them(path: Path) -> None:
    whole = (ROOT / "dvc.lock").read_text()
    entries = YAML(typ="safe", pure=True).load(whole)["stages"]
    for stage, entry in entries.items():
        write_entry(stage, entry, path)
    assert path.read_text() == whole
    for stage, entry in entries.items():
        assert read_entry(stage, path) == entry
        write_entry(stage, entry, path)
    assert path.read_text() == whole


@pytest.mark.parametrize("stage", ["second@x", "new@" + "long" * 40, "123", "odd@: #"])
def test_an_entry_takes_its_own_place_and_no_other(stage: str, path: Path) -> None:
    rest = "datasets:\n- name: photos\n  type: url\n"
    path.write_text(WHOLE + rest)
    before = YAML(typ="safe", pure=True).load(path)
    for command in ("python once.py", "python " + "twice.py " * 30):
        write_entry(stage, {"cmd": command, "outs": [{"path": "c"}]}, path)
        assert read_entry(stage, path) == {"cmd": command, "outs": [{"path": "c"}]}
        found = YAML(typ="safe", pure=True).load(path)
        assert found == {**before, "stages": {**before["stages"], stage: {"cmd": command, "outs": [{"path": "c"}]}}}
        assert path.read_text().endswith(rest)


def test_a_stage_that_is_not_there_has_no_entry(path: Path) -> None:
    assert read_entry("second", path) == {}
    path.write_text(WHOLE)
    assert read_entry("second", path) == read_entry("cmd", path) == {}
