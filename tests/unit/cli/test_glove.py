"""GloVe vectors of a plain text by one command."""

from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner, Result

from rnnpipe.cli import app
from rnnpipe.common.files import sha256_of_tree
from rnnpipe.embeddings.vectors import load_vectors

SMALL = ["--dimension", "4", "--window", "2", "--min-count", "1", "--epochs", "3"]


@pytest.fixture(autouse=True)
def text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = Path("text.txt")
    path.write_text("der König spricht\nder König schläft\n東京 ruft\n", encoding="utf-8")
    return path


def glove(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["vectors", "glove", *SMALL, *arguments])


def test_a_text_becomes_vectors_of_its_words(text: Path) -> None:
    result = glove(str(text), "--out", "mine")
    assert result.exit_code == 0, result.output
    vectors = load_vectors(Path("mine"))
    assert vectors.vocabulary.tokens[3:] == ["König", "der", "ruft", "schläft", "spricht", "東京"]
    assert vectors.vectors.shape == (9, 4)
    e, w = (load_vectors(Path("mine"), part).vectors for part in ("word", "context"))
    np.testing.assert_allclose(vectors.vectors[3:], (e[3:] + w[3:]) / 2, rtol=1e-6)
    assert sorted(path.name for path in Path().iterdir()) == ["mine", "text.txt"]


def test_threads_and_memory_do_not_change_a_byte(text: Path) -> None:
    for name, more in (("one", ["--threads", "1"]), ("two", ["--threads", "2", "--memory-mb", "64"]), ("other", ["--seed", "2"])):
        assert glove(str(text), "--out", name, *more).exit_code == 0
    assert sha256_of_tree(Path("one")) == sha256_of_tree(Path("two"))
    assert sha256_of_tree(Path("one")) != sha256_of_tree(Path("other"))


def test_its_vectors_can_be_exported(text: Path) -> None:
    assert glove(str(text), "--out", "mine").exit_code == 0
    result = CliRunner().invoke(app, ["vectors", "export", "mine", "--format", "glove-text", "--out", "mine.txt"])
    assert result.exit_code == 0, result.output
    assert Path("mine.txt").read_text(encoding="utf-8").count("\n") == 7


@pytest.mark.parametrize(
    ("content", "told"),
    [("", "text.txt: no words in it"), ("word\n", "no two words of the vocabulary stand together"), (None, "text.txt")],
)
def test_what_is_no_text_is_refused_in_a_line_and_leaves_nothing(text: Path, content: str | None, told: str) -> None:
    text.unlink()
    if content is not None:
        text.write_text(content, encoding="utf-8")
    result = glove(str(text), "--out", "mine")
    assert result.exit_code == 1
    assert told in result.stderr
    assert result.stderr.count("\n") == 1
    assert [path for path in Path().iterdir() if path != text] == []


def test_a_directory_that_exists_is_left_alone(text: Path) -> None:
    Path("mine").mkdir()
    result = glove(str(text), "--out", "mine")
    assert "mine: exists already" in result.stderr
    assert list(Path("mine").iterdir()) == []
