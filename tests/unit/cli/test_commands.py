from pathlib import Path

import pytest
from typer.testing import CliRunner

from rnnpipe.cli import app


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
        ("track", "params.yaml: no such file"),
        ("predict ner Berlin --model nowhere", "--model nowhere: no such run of ner, nor a directory"),
    ],
)
def test_a_mistake_is_one_line(command: str, said: str) -> None:
    result = CliRunner().invoke(app, command.split())
    assert result.exit_code == 1
    lines = result.stderr.splitlines()
    assert said in lines[-1]
    assert lines[-1].startswith("error: ")


def test_help_names_every_command() -> None:
    result = CliRunner().invoke(app, ["--help"])
    for command in (
        "preset",
        "predict",
        "score",
        "generate",
        "neighbours",
        "models",
        "track",
        "ui",
        "verify",
        "results",
        "vectors",
    ):
        assert command in result.stdout


def test_the_runs_are_printed_with_the_way_on() -> None:
    Path("reports").mkdir()
    parts = [
        "# Title",
        "3 holds.",
        "## Claims",
        "| glove |",
        "## Runs",
        "| run | accuracy |\n|---|---|\n| lstm | 90 |",
        "## Curves",
    ]
    Path("reports/results.md").write_text("\n\n".join(parts))
    result = CliRunner().invoke(app, ["results"])
    assert "3 holds." in result.stdout
    assert "| lstm | 90 |" in result.stdout
    assert "glove" not in result.stdout
    assert "Curves" not in result.stdout
    assert "reports/index.html" in result.stdout
    assert "make ui" in result.stdout
