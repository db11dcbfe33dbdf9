"""Killed at any point, a directory is the old one or the new one, and what lies about is swept by a later run."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from rnnpipe.common.files import atomic_directory, atomic_file
from rnnpipe.common.temporary import sweep

KILLED = """
import os, pathlib, signal, sys
from rnnpipe.common import files, temporary

moment = sys.argv[1]
def killed(*_): os.kill(os.getpid(), signal.SIGKILL)
rename, calls = pathlib.Path.rename, []
def counted(self, to):
    calls.append(to)
    if moment == f"before rename {len(calls)}": killed()
    rename(self, to)
    if moment == f"after rename {len(calls)}": killed()
pathlib.Path.rename = counted
with files.atomic_directory(pathlib.Path("data/made/corpus")) as folder:
    (folder / "file").write_text("new")
    if moment == "writing": killed()
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with an older output."""
    (tmp_path / ".dvc").mkdir()
    monkeypatch.chdir(tmp_path)
    with atomic_directory(Path("data/made/corpus")) as folder:
        (folder / "file").write_text("old")
    return tmp_path


@pytest.mark.parametrize(
    ("moment", "left"),
    [
        ("writing", "old"),
        ("before rename 1", "old"),
        ("after rename 1", "old"),
        ("before rename 2", "old"),
        ("after rename 2", "new"),
        ("never", "new"),
    ],
)
def test_a_killed_replacement_leaves_one_of_both(moment: str, left: str, project: Path) -> None:
    done = subprocess.run([sys.executable, "-c", KILLED, moment], check=False)
    assert done.returncode == (0 if moment == "never" else -signal.SIGKILL)
    assert list((project / "data/made").iterdir()) in ([project / "data/made/corpus"], []), "nothing lies where stages read"
    sweep(project)
    assert (project / "data/made/corpus/file").read_text() == left
    assert list((project / "tmp").iterdir()) == []


def test_an_error_takes_nothing_away(project: Path) -> None:
    for _ in range(2):
        with pytest.raises(ZeroDivisionError), atomic_directory(Path("data/made/corpus")):
            _ = 1 / 0
        with pytest.raises(ZeroDivisionError), atomic_file(Path("data/made/corpus/file")) as temporary:
            temporary.write_text("half")
            _ = 1 / 0
    assert Path("data/made/corpus/file").read_text() == "old"
    assert list(Path("tmp").iterdir()) == []


def test_only_what_nobody_owns_is_swept(project: Path) -> None:
    with atomic_file(Path("data/made/corpus/file")) as temporary:
        temporary.write_text("newer")
        elsewhere = project / "tmp/.another-machine-1-x"
        elsewhere.mkdir()
        sweep(project)
    sweep(project)
    assert Path("data/made/corpus/file").read_text() == "newer"
    assert list((project / "tmp").iterdir()) == [elsewhere]
    sweep(project / "data")


def test_outside_of_a_project_the_work_lies_beside_the_target(tmp_path: Path) -> None:
    with atomic_directory(tmp_path / "a" / "b") as folder:
        assert folder.is_relative_to(tmp_path / "a")
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["b"]


def test_what_is_written_may_be_read_by_others(tmp_path: Path) -> None:
    mask = os.umask(0o022)
    try:
        with atomic_file(tmp_path / "file") as temporary:
            temporary.write_text("text")
        with atomic_directory(tmp_path / "folder"):
            pass
    finally:
        os.umask(mask)
    assert (tmp_path / "file").stat().st_mode & 0o777 == 0o644
    assert (tmp_path / "folder").stat().st_mode & 0o777 == 0o755
