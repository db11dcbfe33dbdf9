"""Vectors exported by the command, read back by gensim and by our own stage."""

from pathlib import Path

import numpy as np
import pytest
from gensim.models import KeyedVectors
from typer.testing import CliRunner, Result

from rnnpipe.cli import app
from rnnpipe.common.files import write_json
from rnnpipe.embeddings.imported import import_vectors
from rnnpipe.embeddings.vectors import Matrix, complete, save_vectors
from rnnpipe.text.vocabulary import RESERVED, Vocabulary

WORDS = ["king", "grün", "東京", "दिल", "don't", ".", "1"]
VOCABULARY = Vocabulary([*RESERVED, *WORDS], [0, 5, 0, *range(7, 0, -1)])
UNDERSCORE = "write _ for it in the corpus, and run again"
FORMATS = ["glove-text", "word2vec-text", "word2vec-binary"]


@pytest.fixture(autouse=True)
def vectors(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Matrix]:
    """Save an embedding `small` of three parts in an empty folder and return them."""
    monkeypatch.chdir(tmp_path)
    rng = np.random.default_rng(1)
    parts = {
        name: complete(rng.normal(size=(7, 5)) * 10.0 ** rng.integers(-20, 20, (7, 5))) for name in ("vectors", "word", "context")
    }
    Path("embeddings/small").mkdir(parents=True)
    words = {name: part for name, part in parts.items() if name != "vectors"}
    save_vectors(Path("embeddings/small"), VOCABULARY, parts["vectors"], {"kind": "glove"}, words)
    return parts


def export(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["vectors", "export", *arguments])


@pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")  # gensim's, with no_header
@pytest.mark.parametrize("file_format", FORMATS)
@pytest.mark.parametrize("part", ["vectors", "word", "context"])
def test_what_is_exported_comes_back_equal(vectors: dict[str, Matrix], file_format: str, part: str) -> None:
    result = export("small", "--format", file_format, "--out", "out/vectors", "--part", part)
    assert result.exit_code == 0, result.output
    theirs = KeyedVectors.load_word2vec_format(
        "out/vectors", binary=file_format == "word2vec-binary", no_header=file_format == "glove-text"
    )
    assert theirs.index_to_key == ["<unk>", *WORDS]
    assert theirs.vectors.tobytes() == vectors[part][[1, *range(3, 10)]].tobytes()
    ours = import_vectors(Path("out/vectors"), file_format, VOCABULARY)
    assert ours.vectors.tobytes() == vectors[part].tobytes(), "<unk> and <eos> too"
    assert ours.vocabulary == VOCABULARY
    assert [path.name for path in Path("out").iterdir()] == ["vectors"]


def test_a_directory_is_named_as_well_as_a_name() -> None:
    export("small", "--format", "glove-text", "--out", "name.txt")
    export("embeddings/small", "--format", "glove-text", "--out", "path.txt")
    export(str(Path("embeddings/small").resolve()), "--format", "glove-text", "--out", "absolute.txt")
    texts = {Path(name).read_bytes() for name in ("name.txt", "path.txt", "absolute.txt")}
    assert len(texts) == 1


@pytest.mark.parametrize(
    ("embedding", "options", "message"),
    [
        ("other", (), "error: other: no such embedding; there are dice, one, small"),
        ("dice", (), "error: embeddings/dice: a random embedding has no vectors of its own; name a trained one"),
        ("one", (), "error: embeddings/one: a one_hot embedding has no vectors of its own; name a trained one"),
        ("bare", ("--part", "context"), "error: bare/vectors.safetensors: no tensor 'context', but vectors"),
        ("spaced", (), f"error: 'new york' holds a space, at which readers of glove-text cut; {UNDERSCORE}"),
    ],
)
def test_a_mistake_is_one_line_and_overwrites_nothing(embedding: str, options: tuple[str, ...], message: str) -> None:
    for name, kind in (("dice", "random"), ("one", "one_hot")):
        Path("embeddings", name).mkdir()
        write_json(Path("embeddings", name, "config.json"), {"kind": kind, "dimension": 2})
    for name, word in (("bare", "king"), ("spaced", "new york")):
        Path(name).mkdir()
        vocabulary = Vocabulary([*RESERVED, word], [0] * 4)
        save_vectors(Path(name), vocabulary, complete(np.ones((1, 2))), {"kind": "word2vec"})
    Path("out.txt").write_text("before")
    result = export(embedding, "--format", "glove-text", "--out", "out.txt", *options)
    assert result.exit_code == 1
    assert result.stderr.splitlines() == [message]
    assert Path("out.txt").read_text() == "before"
    assert not list(Path().glob(".out.txt*"))


def test_without_any_embedding_the_way_to_one_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path / "empty")
    result = export("small", "--format", "glove-text", "--out", "out.txt")
    assert result.stderr.splitlines() == ["error: small: no such embedding; `dvc repro` makes those of params.yaml"]


def test_a_folder_is_no_file_to_write() -> None:
    result = export("small", "--format", "glove-text", "--out", "embeddings")
    assert result.exit_code == 1
    assert result.stderr.startswith("error: embeddings: cannot be written (Is a directory)")
    assert len(result.stderr.splitlines()) == 1
    assert Path("embeddings/small/config.json").exists()


def test_an_unknown_format_is_refused_with_the_known_ones() -> None:
    result = export("small", "--format", "csv", "--out", "out.csv")
    assert result.exit_code == 2
    assert all(name in result.stderr for name in FORMATS)
    assert not Path("out.csv").exists()
