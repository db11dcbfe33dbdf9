"""Nothing that people bring ends in a traceback: bytes, emptiness, folders, closed pipes, huge numbers."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rnnpipe.cli.texts.formats import Format

COMMANDS = [["predict", "sentiment"], ["predict", "ner"], ["score"]]
EXAMPLES = int(os.environ.get("RNNPIPE_EXAMPLES", "15"))
HARD = b"\xff\xfe\0\r\n\t\"',{}[]:#-_ wWDO\xc3\xa9\xe2\x80\xa8\x1b1@\\"
commands = pytest.mark.parametrize("command", COMMANDS, ids=" ".join)


@commands
def test_what_is_no_text_is_one_line(workspace: Any, command: list[str]) -> None:
    Path("folder").mkdir()
    Path("utf16.txt").write_bytes("w1\n".encode("utf-16"))
    Path("nul.txt").write_bytes(b"w1\0\n")
    for arguments in (
        ["caf\udce9"],
        ["\ud800"],
        ["--file", "folder"],
        ["--file", "nowhere"],
        ["--file", "x" * 5000],
        ["--file", "caf\udce9"],
        ["--file", "utf16.txt"],
        ["--file", "nul.txt"],
        ["--file", "nul.txt", "w1"],
        ["-", "w1"],
        ["-", "--file", "nul.txt"],
        ["w1", "--format", "csv"],
        ["w1", "--model", "folder"],
        ["w1", "--model", "nul.txt"],
        ["w1", "--model", "nowhere"],
        ["w1", "--model", "champion"],
        ["--format", "conll", "--column", "x"],
        ["--format", "conll", "--column", "9" * 99],
    ):
        assert workspace.refusal(*command, *arguments, given="w1\n"), arguments


@commands
@pytest.mark.parametrize("arguments", [[], ["-"], ["--file", "empty"], ["--file", os.devnull]])
def test_an_empty_source_ends_cleanly(workspace: Any, command: list[str], arguments: list[str]) -> None:
    Path("empty").touch()
    result = workspace.run(*command, *arguments, given="")
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr.endswith(": no text in it\n")


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    content=st.one_of(st.binary(max_size=40), st.lists(st.sampled_from(HARD), max_size=60).map(bytes)),
    command=st.sampled_from(COMMANDS),
    kind=st.sampled_from([*Format]),
    as_json=st.booleans(),
)
def test_any_bytes_are_answered_or_refused(workspace: Any, content: bytes, command: list[str], kind: str, as_json: bool) -> None:
    result = workspace.run(*command, "--format", kind, *(["--json"] if as_json else []), given=content)
    assert result.exit_code in (0, 1)
    said = [line for line in result.stderr.split("\n") if line.startswith("error: ")]
    assert len(said) == result.exit_code


def test_huge_numbers(workspace: Any) -> None:
    assert workspace.lines("generate", "--seed", "9" * 60, "--top-k", "9" * 60)
    assert workspace.lines("score", "w1 " * 20_000)
    for number in ("1e999", "-1e999", "9" * 400):
        assert "temperature" in workspace.refusal("generate", "--temperature", number)


def rnnpipe(command: str, **more: Any) -> subprocess.CompletedProcess[bytes]:
    called = f"{sys.executable} -c 'from rnnpipe.cli import app; app()' {command}"
    environment = {**os.environ, "PYTHONWARNINGS": "default"}
    return subprocess.run(called, shell=True, capture_output=True, timeout=120, check=False, env=environment, **more)


def test_a_reader_that_goes_away(workspace: Any) -> None:
    """Its pipe is closed while a generator has years to go on."""
    done = rnnpipe(f"generate --count {10**12} | head -n 1")
    assert done.stdout.count(b"\n") == 1
    assert done.stderr.decode().splitlines() == ["model: models/language_model/gru (corpus small; case matters)"]


def test_standard_input_that_is_closed(workspace: Any) -> None:
    done = rnnpipe("predict ner <&-")
    assert done.returncode == 1
    assert done.stderr.decode().splitlines() == ["error: standard input is closed; give texts as arguments, or --file"]


def test_answers_are_utf_8_in_any_locale(workspace: Any) -> None:
    os_locale = {"LC_ALL": "C", "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    assigned = " ".join(f"{name}={value}" for name, value in os_locale.items())
    done = subprocess.run(
        f"printf '東京 é\\n' | {assigned} {sys.executable} -c 'from rnnpipe.cli import app; app()' predict sentiment",
        shell=True,
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.decode().split("\t")[2] == "東京 é\n"


def test_help_loads_no_heavy_library() -> None:
    heavy = ("torch", "numpy", "mlflow", "dvc", "pydantic")
    code = f"import sys; from rnnpipe.cli import app; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert done.stdout == "[]\n"
