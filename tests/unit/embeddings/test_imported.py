import logging
from pathlib import Path

import numpy as np
import pytest

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.common.files import sha256_of_tree
from rnnpipe.embeddings.formats import write_published
from rnnpipe.embeddings.imported import import_vectors
from rnnpipe.stages import import_embedding
from rnnpipe.text.vocabulary import RESERVED, Vocabulary

VOCABULARY = Vocabulary([*RESERVED, "the", "Apple", "IBM", "apple"], [0, 2, 0, 5, 1, 1, 1])


def test_words_of_the_corpus_are_taken(tmp_path: Path) -> None:
    path = tmp_path / "glove.txt"
    path.write_text("the 1 1\napple 3 5\npear 9 9\n<unk> 7 7\n")
    found = import_vectors(path, "glove-text", VOCABULARY)
    assert found.vocabulary == Vocabulary([*RESERVED, "the", "Apple", "apple"], [0, 2, 0, 5, 1, 1])
    np.testing.assert_allclose(found.vectors, [[0, 0], [7 / 3, 11 / 3], [7 / 3, 11 / 3], [1, 1], [3, 5], [3, 5]], rtol=1e-6)
    assert found.config == {"coverage": 75.0, "token_coverage": 70.0, "lower_cased": 1}


def test_vectors_of_another_language_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "glove.txt"
    path.write_text("Apfel 1 1\n")
    with pytest.raises(RnnpipeError, match="no vector for any of the 4 words"):
        import_vectors(path, "glove-text", VOCABULARY)


@pytest.mark.parametrize("file_format", ["glove-text", "word2vec-text", "word2vec-binary"])
def test_our_own_files_come_back_equal(tmp_path: Path, vectors_of, file_format: str) -> None:
    rng = np.random.default_rng(1)
    source = vectors_of({word: rng.normal(size=7) for word in ("king", "grün", "東京", "दिल", "e\u0301", "\u200b")})
    write_published(tmp_path / "vectors", file_format, source)
    found = import_vectors(tmp_path / "vectors", file_format, source.vocabulary)
    np.testing.assert_array_equal(found.vectors, source.vectors)
    assert found.vocabulary == source.vocabulary
    assert found.config["coverage"] == 100


PARAMS = """
seed: 1
corpora: {c: {format: text, splits: {train: train.txt}, licence: MIT}}
imported: {published: {corpus: c, source: published, file: vectors, format: FORMAT}}
report: {title: test}
"""
GOOD = np.array([1.0, 2.0], dtype="<f4").tobytes()
BAD = np.array([1.0, np.nan], dtype="<f4").tobytes()


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Return a call of the stage on a file of a given format and content."""
    monkeypatch.chdir(tmp_path)
    Path("published").mkdir()
    VOCABULARY.save(Path("vocabulary.tsv"))

    def call(file_format: str, content: bytes) -> None:
        Path("params.yaml").write_text(PARAMS.replace("FORMAT", file_format), encoding="utf-8")
        Path("published/vectors").write_bytes(content)
        import_embedding.main("published", Path("published"), Path("vocabulary.tsv"), Path("embeddings/published"))

    return call


def test_the_stage_tells_the_coverage(stage, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        stage("glove-text", b"the 1 1\napple 3 5\n")
    assert "75.00 % of the vocabulary's words" in caplog.text
    assert "70.00 % of the train split's" in caplog.text


def test_the_stage_tells_what_was_odd_and_still_read(stage, caplog: pytest.LogCaptureFixture) -> None:
    stage("glove-text", b"the 1 1\n. . . 2 2\napple 3 5\n\xc3 4 4\nto name@place.test 1 1\n")
    assert "published/vectors: words that hold spaces: 2, the first at published/vectors:2, '. . .'" in caplog.text
    assert "published/vectors: words that are not UTF-8 and were skipped: 1, the first at published/vectors:4" in caplog.text


@pytest.mark.parametrize(
    ("file_format", "content", "message"),
    [
        ("glove-text", b"the 1 1\napple nan 5\n", r"published/vectors:2: 'apple': NaN"),
        ("glove-text", b"the 1 1\napple 3\n", r"published/vectors:2: 1 numbers where 2 .* a cut line or a wrong dimension"),
        ("word2vec-text", b"2 3\nthe 1 1\napple 3 5\n", r"published/vectors:2: 2 numbers where 3"),
        ("word2vec-binary", b"2 2\nthe " + GOOD + b"\napple " + GOOD[:3], r"published/vectors: ends within record 2 of 2"),
        ("word2vec-binary", b"2 2\nthe " + GOOD + b"\napple " + BAD, r"published/vectors: record 2: 'apple': NaN"),
        ("word2vec-binary", b"2 3\nthe " + GOOD + b"\napple " + GOOD, r"published/vectors: "),
        ("word2vec-binary", b"2 2\nthe top " + GOOD + b"\napple " + GOOD + b"\n", r"published/vectors: record 1: .*out of step"),
        ("glove-text", b"", r"published/vectors: holds no vectors"),
    ],
)
def test_a_damaged_file_overwrites_nothing(stage, file_format: str, content: bytes, message: str) -> None:
    stage("glove-text", b"the 1 1\napple 3 5\n")
    before = sha256_of_tree(Path("embeddings"))
    with pytest.raises(RnnpipeError, match=message) as error:
        stage(file_format, content)
    assert "\n" not in str(error.value)
    assert sha256_of_tree(Path("embeddings")) == before
    assert [path.name for path in Path("embeddings").iterdir()] == ["published"]
