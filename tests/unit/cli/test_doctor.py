"""Each thing that a run needs is looked at, and what is not well comes with a cure."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from rnnpipe.cli import app, doctor
from rnnpipe.cli.doctor import Finding, findings, show


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    return tmp_path


def found(what: str) -> Finding:
    return next(one for one in findings() if one.what == what)


def test_outside_a_project_nothing_can_run_and_nothing_is_made() -> None:
    result = CliRunner().invoke(app, ["doctor"])
    assert result.exit_code == 1
    assert "error params    params.yaml: no such file" in result.stdout
    assert "ok    rnnpipe   0." in result.stdout
    assert list(Path().iterdir()) == []


def test_a_warning_stops_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert show(iter([Finding("cores", "2"), Finding("git", "none", "install git")]))
    assert not show(iter([Finding("disk", "full", "free some", stops=True)]))
    assert capsys.readouterr().out.splitlines() == [
        "ok    cores     2",
        "warn  git       none",
        "                install git",
        "error disk      full",
        "                free some",
    ]


@pytest.mark.parametrize(
    ("lock", "mark", "said"),
    [
        ("ruff==0.0.1\n", "warn", "ruff "),
        ("no-such-package==1.0\n", "ok", "as requirements.lock says"),
        ("", "ok", "as requirements.lock says"),
        (None, "ok", "no requirements.lock here"),
    ],
)
def test_libraries_are_held_against_the_lock_file(lock: str | None, mark: str, said: str) -> None:
    if lock is not None:
        Path("requirements.lock").write_text(lock)
    one = found("libraries")
    assert one.found.startswith(said)
    assert one.mark == mark or lock is None


def test_without_a_library_that_all_need_nothing_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("requirements.lock").write_text("torch==2.13.0\n")
    monkeypatch.setattr(doctor, "_installed", lambda name: "")
    assert (found("libraries").found, found("libraries").mark, found("libraries").cure) == (
        "missing: torch",
        "error",
        "make install",
    )


@pytest.mark.parametrize(("free", "mark"), [(50, "ok"), (2, "warn"), (0.1, "error")])
def test_disk(free: float, mark: str, monkeypatch: pytest.MonkeyPatch) -> None:
    usage: Callable[[str], Any] = lambda path: type("Usage", (), {"free": free * 1024**3})  # noqa: E731
    monkeypatch.setattr(doctor.shutil, "disk_usage", usage)
    assert found("disk").mark == mark


def test_a_store_that_is_no_store_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    assert found("MLflow").found == "mlflow.db is not there yet: the first run makes it"
    Path("mlflow.db").write_text("this is no database, only a text that is long enough to be taken for one" * 20)
    assert found("MLflow").mark == "warn"
    assert "results are made all the same" in found("MLflow").cure


def test_wrong_parameters_stop_a_run() -> None:
    Path("params.yaml").write_text("seed: one\nreport: {title: x}\n")
    assert found("params").mark == "error"
    assert "params.yaml: seed" in found("params").found
