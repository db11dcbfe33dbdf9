from pathlib import Path

import pytest
from small_runs import TASKS, saved_model
from typer.testing import CliRunner, Result

from rnnpipe.cli import app


class Workspace:
    """An empty folder with an untrained model `gru` of each task, which is the working directory."""

    def run(self, *words: str, given: str | bytes | None = None) -> Result:
        """Call `rnnpipe`; what ends in a traceback raises."""
        return CliRunner().invoke(app, list(words), input=given, catch_exceptions=False)

    def lines(self, *words: str, given: str | bytes | None = None) -> list[str]:
        """Return what a command that succeeds prints."""
        result = self.run(*words, given=given)
        assert result.exit_code == 0, result.stderr
        return result.stdout.removesuffix("\n").split("\n") if result.stdout else []

    def refusal(self, *words: str, given: str | bytes | None = None) -> str:
        """Return the one line with which a command refuses."""
        result = self.run(*words, given=given)
        assert result.exit_code == 1, result.output
        (line,) = [line for line in result.stderr.split("\n") if line and not line.startswith(("model: ", "vectors: "))]
        assert line.startswith("error: ")
        return line


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models")
    for task in TASKS:
        saved_model(folder / task / "gru", task)
    return folder


@pytest.fixture
def workspace(models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "models").mkdir()
    for task in TASKS:
        (tmp_path / "models" / task).symlink_to(models / task)
    return Workspace()
