"""A dead Snakemake's locks go; a living one's stay."""

import subprocess
import sys
from pathlib import Path

import pytest

from rnnpipe.runner import lock

HOLD = """
import pathlib, sys
from rnnpipe.runner.lock import release_dead_locks
release_dead_locks(pathlib.Path(sys.argv[1]))
print("held", flush=True)
input()
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "locks").mkdir()
    (tmp_path / "locks/0.input.lock").touch()
    return tmp_path


def test_locks_of_the_dead_go_and_those_of_the_living_stay(folder: Path) -> None:
    living = subprocess.Popen([sys.executable, "-c", HOLD, folder], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert living.stdout is not None
    living.stdout.readline()
    (folder / "locks/1.output.lock").touch()
    lock.release_dead_locks(folder, patience=0.1)
    assert [path.name for path in (folder / "locks").iterdir()] == ["1.output.lock"]
    living.kill()
    living.communicate()
    lock.release_dead_locks(folder, patience=0.1)
    assert list((folder / "locks").iterdir()) == []
    lock._held.pop().release()
