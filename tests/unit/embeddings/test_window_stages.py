"""The stages of the window network and of its softmax layers, on a small grammar corpus whose truth is known."""

import csv
import hashlib
import json
import subprocess
import sys
from pathlib import Path

import pytest
from feature_corpus import ENCODED, encode_features

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.embeddings.intrinsic.analogy import accuracy, answer
from rnnpipe.embeddings.intrinsic.questions import grammar_questions
from rnnpipe.embeddings.intrinsic.similarity import similarity
from rnnpipe.embeddings.matrix import embedding_matrix
from rnnpipe.embeddings.vectors import WordVectors, load_vectors
from rnnpipe.stages import declare_embedding, measure_softmax, pretrain_window
from rnnpipe.text.encoded import EncodedCorpus

CONTEXTS = ["previous_4", "previous_1", "around_4", "nearby_1"]
PARAMS = """
seed: 1
grammars: {features: {kind: feature, train: 4000}}
corpora: {features: {format: text, splits: {train: train.txt}, words: whitespace, licence: MIT}}
embeddings: {random: {kind: random, dimension: 16}}
window:
  defaults: {corpus: features, dimension: 16, epochs: 3, batch_size: 256, window: 5}
  runs: {previous_4: {context: previous_4}, previous_1: {context: previous_1}, around_4: {context: around_4},
    nearby_1: {context: nearby_1}}
softmax:
  features: {corpus: features, vocabulary_sizes: [100, 1000], negatives: [1, 5], exponents: [0.75, 1.0], draws: 20000,
    dimension: 16, epochs: 1, seeds: [1, 4]}
report: {title: test}
"""


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with parameters and the encoded corpus."""
    folder = tmp_path_factory.mktemp("window")
    (folder / "params.yaml").write_text(PARAMS, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        encode_features()
    return folder


@pytest.fixture(autouse=True)
def _inside(prepared: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(prepared)


def sums(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


def scores(vectors: WordVectors) -> tuple[float, float]:
    """Return Spearman's correlation and the solved analogies in percent."""
    questions = grammar_questions(EncodedCorpus.open(ENCODED))
    spearman, solved = (
        similarity(vectors, questions.similarity["grammar"]).spearman,
        accuracy(answer(vectors, questions.analogies)),
    )
    assert spearman is not None
    assert solved is not None
    return spearman, solved


@pytest.mark.parametrize("context", CONTEXTS)
def test_each_context_is_better_than_random_vectors(context: str) -> None:
    out = Path("embeddings") / context
    pretrain_window.main(context, ENCODED, out)
    vectors = load_vectors(out)
    declare_embedding.main("random", Path("embeddings/random"))
    random, _ = embedding_matrix(Path("embeddings/random"), vectors.vocabulary, seed=1)
    spearman, solved = scores(vectors)
    random_spearman, random_solved = scores(WordVectors(random, vectors.vocabulary, {}))
    assert spearman > random_spearman + 0.4
    assert solved > random_solved + 30
    assert vectors.config["kind"] == "window"
    assert vectors.config["context"] == context
    with (out / "history.csv").open(encoding="utf-8", newline="") as file:
        history = list(csv.DictReader(file))
    assert [row["epoch"] for row in history] == ["1", "2", "3"]
    assert float(history[-1]["loss"]) < float(history[0]["loss"])


def test_equal_inputs_give_equal_bytes(tmp_path: Path) -> None:
    for name in ("first", "second"):
        pretrain_window.main("nearby_1", ENCODED, tmp_path / name)
    assert sums(tmp_path / "first") == sums(tmp_path / "second")
    assert set(sums(tmp_path / "first")) == {"config.json", "vocabulary.tsv", "vectors.safetensors", "history.csv"}


@pytest.mark.parametrize("stage", ["pretrain_window", "measure_softmax"])
def test_threads_are_set_before_torch_is_imported(stage: str) -> None:
    """Torch reads their number when it is imported, and a stage is told it on the command line."""
    code = f"import sys, rnnpipe.stages.{stage}; sys.exit('torch' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_softmax_is_measured_alike_each_time(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    for out in (first, second):
        measure_softmax.main("features", ENCODED, out)
    assert sums(first) == sums(second)
    assert set(sums(first)) == {"cost.csv", "frequencies.csv", "scores.csv", "metrics.json"}
    metrics = json.loads((first / "metrics.json").read_text())
    assert metrics["cost"]["full"] == {"100": 100.0, "1000": 1000.0}
    assert metrics["frequencies"]["p_value"] > 0.001
    assert set(metrics["scores"]["negative"]) == {"1", "5"}
    assert set(metrics["scores"]["exponent"]) == {"0_75", "1"}
    with (first / "scores.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    found = [(int(row["negative"]), float(row["exponent"]), int(row["seed"])) for row in rows]
    assert found == [(negative, exponent, seed) for negative, exponent in [(1, 0.75), (5, 0.75), (5, 1.0)] for seed in (1, 4)]
    assert len({row["spearman"] for row in rows}) == 6, "each seed has vectors of its own"
    assert set(metrics["scores"]["negative"]["1"]) == {"analogies", "analogies_sd", "spearman", "spearman_sd"}
    with (first / "frequencies.csv").open(encoding="utf-8", newline="") as file:
        drawn = list(csv.DictReader(file))
    assert sum(int(row["drawn"]) for row in drawn) == 20000
    assert {"king", "queen", "apple"} <= {row["word"] for row in drawn}


@pytest.mark.parametrize(
    ("run", "entry"),
    [
        (lambda out: pretrain_window.main("other", ENCODED, out), "window.runs.other"),
        (lambda out: measure_softmax.main("other", ENCODED, out), "softmax.other"),
    ],
)
def test_an_unknown_entry_is_named(tmp_path: Path, run, entry: str) -> None:
    with pytest.raises(RnnpipeError, match=f"params.yaml: {entry}: no such"):
        run(tmp_path / "out")
    assert not (tmp_path / "out").exists()
