"""The embedding stages from a small grammar corpus to figures, and what they refuse."""

import csv
import hashlib
import json
import shutil
from pathlib import Path

import pytest
from feature_corpus import ENCODED, RAW, VOCABULARY, encode_features

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.embeddings.formats import write_published
from rnnpipe.embeddings.vectors import load_vectors
from rnnpipe.stages import (
    count_cooccurrence,
    declare_embedding,
    evaluate_embeddings,
    import_embedding,
    merge_cooccurrence,
    pretrain_glove,
    pretrain_word2vec,
)

PARAMS = """
seed: 1
grammars: {features: {kind: feature, train: 8000}}
corpora: {features: {format: text, splits: {train: train.txt}, words: whitespace, licence: MIT}}
counting_shards: [1, 2]
cooccurrence: {features: {window: 5}}
embeddings: {one_hot: {kind: one_hot}, random: {kind: random, dimension: 8}}
word2vec: {runs: {word2vec: {corpus: features, dimension: 16, subsample: 0.0, epochs: 2, learning_rate: 0.05}}}
glove: {runs: {glove: {corpus: features, dimension: 16, epochs: 30}}}
imported: {imported: {corpus: features, source: published, file: vectors.txt, format: glove-text}}
embedding_evaluation:
  one_hot: {corpus: features, truth: grammar}
  random: {corpus: features, truth: published}
  word2vec: {corpus: features, truth: grammar}
  glove: {corpus: features, truth: grammar}
  imported: {corpus: features, truth: grammar}
report: {title: test}
"""

COUNTED, COUNTS = Path("data/counted/features"), Path("data/cooccurrence/features")


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with parameters and the encoded corpus."""
    folder = tmp_path_factory.mktemp("stages")
    (folder / "params.yaml").write_text(PARAMS, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        encode_features()
        for shard in (1, 2):
            count_cooccurrence.main("features", shard, ENCODED, COUNTED / str(shard))
        merge_cooccurrence.main("features", COUNTED, COUNTS)
    return folder


@pytest.fixture(autouse=True)
def _inside(prepared: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(prepared)


def make(name: str, out: Path) -> None:
    """Run the stage that makes an embedding."""
    if name == "word2vec":
        pretrain_word2vec.main(name, ENCODED, out)
    elif name == "glove":
        pretrain_glove.main(name, COUNTS, out)
    elif name == "imported":
        make("glove", Path("embeddings/glove"))
        Path("data/raw/published").mkdir(exist_ok=True)
        write_published(Path("data/raw/published/vectors.txt"), "glove-text", load_vectors(Path("embeddings/glove")))
        import_embedding.main(name, Path("data/raw/published"), VOCABULARY, out)
    else:
        declare_embedding.main(name, out)


def sums(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


@pytest.mark.parametrize("name", ["one_hot", "random", "word2vec", "glove", "imported"])
def test_an_embedding_is_made_and_measured(name: str) -> None:
    embedding, report = Path("embeddings") / name, Path("reports/embeddings") / name
    make(name, embedding)
    evaluate_embeddings.main(name, embedding, ENCODED, report)
    tables = {"neighbours.csv", "map.csv", "analogies.csv", "features.csv"}
    assert {path.name for path in report.iterdir()} == {"metrics.json", *tables}
    metrics = json.loads((report / "metrics.json").read_text())
    assert metrics["coverage"] == 100
    if name in ("word2vec", "glove", "imported"):
        assert metrics["analogies"]["accuracy"] >= 80
        assert metrics["probe"]["accuracy"] >= 90
        assert metrics["cosine"]["apple_orange"] > metrics["cosine"]["apple_king"]
    if name == "one_hot":
        assert metrics["analogies"]["accuracy"] == metrics["cosine"]["apple_orange"] == metrics["cosine"]["apple_king"] == 0
    with (report / "analogies.csv").open(encoding="utf-8", newline="") as file:
        assert {row["category"] for row in csv.DictReader(file)} >= {"male-female" if name != "random" else "family"}


@pytest.mark.parametrize("name", ["word2vec", "glove", "imported", "random"])
def test_equal_inputs_give_equal_bytes(name: str, tmp_path: Path) -> None:
    make(name, tmp_path / "first")
    make(name, tmp_path / "second")
    assert sums(tmp_path / "first") == sums(tmp_path / "second")
    expected = {"config.json", "vocabulary.tsv", "vectors.safetensors", "history.csv"}
    without = {"imported": {"history.csv"}, "random": {"vocabulary.tsv", "vectors.safetensors", "history.csv"}}
    assert set(sums(tmp_path / "first")) == expected - without.get(name, set())


def test_a_damaged_file_overwrites_nothing(tmp_path: Path) -> None:
    out = tmp_path / "imported"
    make("imported", out)
    before = sums(out)
    Path("data/raw/published/vectors.txt").write_text("king 1 2\nqueen nan 1\n", encoding="utf-8")
    with pytest.raises(RnnpipeError, match="vectors.txt:2: 'queen': NaN"):
        import_embedding.main("imported", Path("data/raw/published"), VOCABULARY, out)
    assert sums(out) == before
    assert [path.name for path in tmp_path.iterdir()] == ["imported"]


def test_only_the_parts_that_are_asked_for_are_added_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(COUNTED, tmp_path / "counted")
    shutil.copytree(COUNTED / "2", tmp_path / "counted/3")
    merge_cooccurrence.main("features", tmp_path / "counted", tmp_path / "out", threads=2)
    assert sums(tmp_path / "out") == sums(COUNTS)
    with pytest.raises(RnnpipeError, match="counting_shards has no part 3"):
        count_cooccurrence.main("features", 3, ENCODED, tmp_path / "three")
    shutil.rmtree(tmp_path / "counted/2")
    with pytest.raises(RnnpipeError, match="2/meta.json: no such file"):
        merge_cooccurrence.main("features", tmp_path / "counted", tmp_path / "out")
    assert sums(tmp_path / "out") == sums(COUNTS)
    monkeypatch.chdir(tmp_path)
    Path("params.yaml").write_text(PARAMS.replace("counting_shards: [1, 2]\n", ""), encoding="utf-8")
    with pytest.raises(RnnpipeError, match="shards 2, not 1"):
        merge_cooccurrence.main("features", tmp_path / "counted", tmp_path / "out")


@pytest.mark.parametrize(
    ("run", "entry"),
    [
        (lambda out: declare_embedding.main("other", out), "embeddings.other"),
        (lambda out: count_cooccurrence.main("other", 1, ENCODED, out), "cooccurrence.other"),
        (lambda out: merge_cooccurrence.main("other", COUNTED, out), "cooccurrence.other"),
        (lambda out: pretrain_word2vec.main("other", ENCODED, out), "word2vec.runs.other"),
        (lambda out: pretrain_glove.main("other", COUNTS, out), "glove.runs.other"),
        (lambda out: import_embedding.main("other", RAW, VOCABULARY, out), "imported.other"),
        (lambda out: evaluate_embeddings.main("other", RAW, ENCODED, out), "embedding_evaluation.other"),
    ],
)
def test_an_unknown_entry_is_named(tmp_path: Path, run, entry: str) -> None:
    with pytest.raises(RnnpipeError, match=f"params.yaml: {entry}: no such"):
        run(tmp_path / "out")
    assert not (tmp_path / "out").exists()
