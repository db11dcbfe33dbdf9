"""What is typed: help, mistakes in a line, a terminal's ways; and what a few commands print."""

import os
import re
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from report_files import full_workspace
from typer.main import get_command
from typer.testing import CliRunner

from rnnpipe.cli import app

MAIN = "from rnnpipe.cli import app; app()"


@pytest.fixture(autouse=True)
def empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("preset unheard_of", "no such preset"),
        ("predict sentiment good", "no trained model"),
        ("predict ner Berlin", "no trained model"),
        ("score good", "no trained model"),
        ("generate", "no trained model"),
        ("neighbours king", "no trained embedding"),
        ("results", "make run"),
        ("track", "dvc.yaml: no such file"),
        ("predict ner Berlin --model nowhere", "--model nowhere: no such run of ner, nor a directory"),
    ],
)
def test_a_mistake_is_one_line(command: str, said: str) -> None:
    result = CliRunner().invoke(app, command.split())
    assert result.exit_code == 1
    lines = result.stderr.splitlines()
    assert said in lines[-1]
    assert lines[-1].startswith("error: ")


def commands() -> dict[str, Any]:
    """Name as it is typed → command."""
    root = get_command(app)
    return {**root.commands, **{f"vectors {name}": one for name, one in root.commands["vectors"].commands.items()}}  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", sorted({*commands()} - {"vectors"}))
def test_help_has_examples_that_can_be_typed(name: str) -> None:
    said = CliRunner().invoke(app, [*name.split(), "--help"]).stdout
    shown = said.partition("Examples:\n")[2].splitlines()
    assert shown
    options = {option for one in commands()[name].params for option in one.opts}
    for line in shown:
        assert f"rnnpipe {name}" in line
        words = line.partition(" | ")[0].partition(" -- ")[0]
        assert {word.partition("=")[0] for word in words.split() if word.startswith("--")} <= options


def test_help_lists_every_command_on_one_screen() -> None:
    said = CliRunner().invoke(app, ["--help"]).stdout
    for name in commands():
        assert name.startswith("vectors ") or f"\n  {name} " in said
    assert "Exit status: 0 done; 1 " in said
    assert "--install-completion" in said
    assert said.count("\n") <= 40


def test_help_loads_none_of_what_commands_need() -> None:
    code = "import sys; from rnnpipe.cli import app; app(['--help'], standalone_mode=False); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"rich", "numpy", "torch", "pydantic", "mlflow", "dvc", "snakemake"} & set(done.stdout.split())


def test_version() -> None:
    assert re.fullmatch(r"rnnpipe \d+\.\d+\.\d+\n", CliRunner().invoke(app, ["--version"]).stdout)


@pytest.mark.parametrize("command", ["track", "ui", "verify", "plan", "run", "runs"])
def test_outside_a_project_nothing_is_made(command: str) -> None:
    result = CliRunner().invoke(app, [command])
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("error: dvc.yaml: no such file; go to the folder of a project")
    assert result.stderr.count("\n") == 1
    assert list(Path().iterdir()) == []


def test_a_port_that_is_taken_is_told_at_once() -> None:
    for name in ("params.yaml", "dvc.yaml", ".dvc"):
        Path(name).touch()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        result = CliRunner().invoke(app, ["ui", "--port", str(port)])
    assert result.exit_code == 1
    assert result.stderr == f"error: port {port}: Address already in use; name another one, such as --port {port % 65535 + 1}\n"
    assert not Path("mlflow.db").exists()


@pytest.mark.parametrize("command", ["results", "runs --json", "--help"])
def test_a_reader_who_has_seen_enough_is_no_error(command: str, tmp_path: Path) -> None:
    full_workspace(tmp_path).measure()
    for name in ("dvc.yaml", ".dvc"):
        Path(name).touch()
    Path("reports/results.md").write_text(PAGE)
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [sys.executable, "-c", MAIN, *command.split()], stdout=writer, stderr=subprocess.PIPE, text=True, check=False
    )
    os.close(writer)
    assert done.stderr == ""
    assert done.returncode == 1


def test_the_shell_completes_commands_and_options() -> None:
    for typed, completed in (("rnnpipe pl", "plan"), ("rnnpipe runs --so", "--sort")):
        told = {"_RNNPIPE_COMPLETE": "complete_bash", "COMP_WORDS": typed, "COMP_CWORD": str(typed.count(" "))}
        done = subprocess.run(
            [sys.executable, "-c", "from rnnpipe.cli import app; app(prog_name='rnnpipe')"],
            env={**os.environ, **told},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.stdout.split() == [completed]


PAGE = """\
# Title

3 hold.

## Claims

| glove |

## Runs

A lead.

**Chosen.** The best.

| task | corpus | chosen run | model | chosen by | score | validation | test |
|---|---|---|---|---|---|---:|---:|
| Named entities | my\\_own | lstm | lstm 1 × 32 | validation span F1, best of 3 | span F1 | 76.5 | **73.8** |

**Named entities.** All.

| run | f1 |
|---|---|
| gru | 70 |
"""


def test_what_came_out_is_printed_with_the_way_on() -> None:
    Path("reports").mkdir()
    Path("reports/results.md").write_text(PAGE)
    said = CliRunner().invoke(app, ["results"]).stdout
    assert said.startswith("3 hold.")
    assert "Named entities  my_own  lstm        span F1        76.5  73.8" in said
    assert not any(word in said for word in ("glove", "gru", "**"))
    for way in ("rnnpipe runs", "reports/index.html", "make ui"):
        assert way in said
    assert max(map(len, said.splitlines())) <= 80


def test_a_project_without_networks_has_no_table() -> None:
    Path("reports").mkdir()
    Path("reports/results.md").write_text("# Title\n\n## Word vectors\n\n| a |\n|---|\n| b |\n")
    assert CliRunner().invoke(app, ["results"]).stdout.count("\n") == 1
