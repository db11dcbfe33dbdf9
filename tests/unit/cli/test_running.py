"""`rnnpipe run` becomes Snakemake: same process, same environment, all that was asked for."""

import os
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from rnnpipe.cli import app, running


class Became(Exception):
    """The program that the process would be now."""


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def become(program: str, arguments: list[str]) -> None:
        assert program == sys.executable
        raise Became(*arguments[1:])

    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", "/usr/bin")
    for name in running.SILENCED:
        monkeypatch.setenv(name, "")  # to be set back afterwards
        monkeypatch.delenv(name)
    monkeypatch.setattr(running.os, "execv", become)
    monkeypatch.setattr(running, "visible_gpus", lambda environment: {"0": "a", "1": "b"})
    for name in ("params.yaml", "dvc.yaml", ".dvc"):
        Path(name).touch()


def became(*arguments: str) -> list[str]:
    result = CliRunner().invoke(app, ["run", *arguments])
    assert isinstance(result.exception, Became), result.output
    program, *rest = result.exception.args
    assert (program, rest[:2]) == ("-P", ["-m", "rnnpipe.runner.snakemake_log"])
    return rest[2:]


def test_all_cores_and_all_gpus() -> None:
    assert became() == ["--cores", str(os.cpu_count()), "--resources", "gpu=2"]


def test_what_is_asked_for() -> None:
    assert became("--cores", "3", "--gpus", "0", "encode@x") == ["--cores", "3", "encode@x"]
    assert became("--cores", "1", "--gpus", "1", "--", "--keep-going", "encode@x")[4:] == ["--keep-going", "encode@x"]


def test_stages_find_the_programs_of_this_environment_and_none_calls_home() -> None:
    became()
    assert os.environ["PATH"] == f"{Path(sys.executable).parent}:/usr/bin"
    assert os.environ["DVC_NO_ANALYTICS"] == "1"
