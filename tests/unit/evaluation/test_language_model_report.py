import json
import math
from pathlib import Path

import pytest
from small_corpora import small_corpus

from rnnpipe.baselines.ngram import NgramModel
from rnnpipe.common.files import write_json
from rnnpipe.evaluation.language_model import Truth, evaluate
from rnnpipe.text.encoded import EncodedCorpus


@pytest.fixture
def corpus(tmp_path: Path) -> EncodedCorpus:
    return small_corpus(tmp_path / "corpus")


def bigrams(corpus: EncodedCorpus) -> NgramModel:
    train = corpus.split("train")
    return NgramModel.fit([train.document(index) for index in range(len(train))], len(corpus.vocabulary), order=2)


def test_a_corpus_with_truth(corpus: EncodedCorpus, tmp_path: Path) -> None:
    raw, out = tmp_path / "raw", tmp_path / "report"
    raw.mkdir()
    write_json(raw / "truth.json", {"perplexity": {"valid": 5.0, "test": 4.0}})
    (raw / "pairs.tsv").write_text("distance\tprefix\tgood\tbad\n0\tw1\tw2\tw3\n30\tw1 w2\tw3\tw3\n")
    model = bigrams(corpus)
    evaluate(model, corpus, Truth.read(raw, lambda tokens: len(tokens) < 5), seed=1).write(out)
    metrics = json.loads((out / "metrics.json").read_text())
    split = corpus.split("test")
    expected = math.exp(-model.log_probability(split) / (len(split.ids) + len(split)))
    assert metrics["perplexity.test"] == pytest.approx(expected, abs=1e-4)
    assert metrics["perplexity.ratio"] == pytest.approx(expected / 4.0, abs=1e-4)
    assert metrics["agreement.long"] == 50.0
    assert metrics["pairs.count"] == 2
    lengths = [[int(cell) for cell in line.split(",")] for line in (out / "lengths.csv").read_text().splitlines()[1:]]
    assert sum(row[1] for row in lengths) == len(split)
    assert metrics["sampling.accepted"] == pytest.approx(100 * sum(row[2] for row in lengths if row[0] < 5) / 500)
    assert len((out / "samples.txt").read_text().splitlines()) == 20
    assert (out / "agreement.csv").read_text().splitlines()[0] == "distance,pairs,accuracy"


def test_a_corpus_without_truth_has_all_files_and_fewer_keys(corpus: EncodedCorpus, tmp_path: Path) -> None:
    evaluate(bigrams(corpus), corpus, Truth.read(tmp_path), seed=1).write(tmp_path / "report")
    metrics = json.loads((tmp_path / "report" / "metrics.json").read_text())
    assert not {key for key in metrics if key.startswith(("agreement", "pairs", "perplexity.floor", "sampling.accepted"))}
    assert metrics["sampling.unknown"] == 0
    assert (tmp_path / "report" / "agreement.csv").read_text() == "distance,pairs,accuracy\n"


def test_same_seed_same_bytes(corpus: EncodedCorpus, tmp_path: Path) -> None:
    for name in ("first", "second"):
        evaluate(bigrams(corpus), corpus, Truth(), seed=3).write(tmp_path / name)
    for file in ("metrics.json", "agreement.csv", "samples.txt", "lengths.csv"):
        assert (tmp_path / "first" / file).read_bytes() == (tmp_path / "second" / file).read_bytes()
