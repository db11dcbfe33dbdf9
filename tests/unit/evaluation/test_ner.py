import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from small_corpora import small_corpus, tags_of
from small_runs import saved_model

from rnnpipe.common.files import read_json, write_json
from rnnpipe.evaluation.ner import report
from rnnpipe.evaluation.ner_report import score_tagger, sentences_correct
from rnnpipe.inference import open_model
from rnnpipe.text.encoded import EncodedCorpus, EncodedSplit


@pytest.fixture
def corpus(tmp_path: Path) -> EncodedCorpus:
    return small_corpus(tmp_path / "corpus", "columns")


def by_word(split: EncodedSplit) -> np.ndarray:
    """The rule that the small corpus' tags follow."""
    return tags_of(split.ids, split.offsets)


def nothing(split: EncodedSplit) -> np.ndarray:
    return np.zeros(len(split.ids), dtype=np.uint8)


def test_the_right_rule_is_always_right(corpus: EncodedCorpus, tmp_path: Path) -> None:
    score_tagger(by_word, corpus, {"parameters": 7}).write(tmp_path / "report")
    metrics = json.loads((tmp_path / "report" / "metrics.json").read_text())
    assert metrics["f1.test"] == metrics["precision.validation"] == metrics["accuracy.test"] == 100.0
    assert metrics["parameters"] == 7
    assert not {key for key in metrics if key.startswith("pairs") or key.endswith("train")}
    spans = (tmp_path / "report" / "spans.csv").read_text().splitlines()
    assert spans[0] == "type,actual,predicted,correct,precision,recall,f1"
    assert spans[1].endswith("100.0,100.0,100.0")
    assert "B-X,B-X," in (tmp_path / "report" / "confusion.csv").read_text()


def test_predictions_are_lines_that_conlleval_reads(corpus: EncodedCorpus, tmp_path: Path) -> None:
    score_tagger(nothing, corpus, {}).write(tmp_path / "report")
    text = (tmp_path / "report" / "predictions.conll").read_text()
    split = corpus.split("test")
    sentences = text.removesuffix("\n\n").split("\n\n")
    assert [len(sentence.split("\n")) for sentence in sentences] == split.lengths.tolist()
    number, word, actual, predicted = sentences[0].split("\n")[0].split()
    assert [sentence.split()[0] for sentence in sentences] == [str(place) for place in range(len(split))]
    assert number == "0"
    assert word == corpus.vocabulary.tokens[split.ids[0]]
    assert actual == corpus.meta["tags"][split.tags[0]]
    assert predicted == "O"


def test_predictions_show_the_words_of_the_text(tmp_path: Path) -> None:
    corpus = small_corpus(tmp_path / "corpus", "columns", unknown=["Hannover", "Łódź"])
    lines = list(score_tagger(nothing, corpus, {}).lines)
    first = [word for _, word, *_ in (line.split() for line in lines if line)][:2]
    assert first == ["Hannover", "Łódź"]
    assert not any("<unk>" in line for line in lines)


def add_pairs(corpus: EncodedCorpus, tags: list[int]) -> EncodedCorpus:
    """Give a corpus the split `pairs`: two sentences `w0 w1`."""
    folder = corpus.directory
    np.save(folder / "pairs.ids.npy", np.array([3, 4, 3, 4], dtype=np.uint16))
    np.save(folder / "pairs.offsets.npy", np.array([0, 2, 4]))
    np.save(folder / "pairs.tags.npy", np.array(tags, dtype=np.uint8))
    np.save(folder / "pairs.articles.npy", np.zeros(2, dtype=np.int32))
    np.save(folder / "pairs.feature.odd.npy", np.zeros(4, dtype=np.uint16))
    for kind in ("spellings", "spelling_ends", "unknown"):
        shutil.copyfile(folder / f"test.{kind}.npy", folder / f"pairs.{kind}.npy")
    meta = read_json(folder / "meta.json")
    meta["splits"]["pairs"], meta["unknown"]["pairs"] = {"documents": 2, "tokens": 4}, meta["unknown"]["test"]
    write_json(folder / "meta.json", meta)
    return EncodedCorpus.open(folder)


def test_a_pair_is_right_if_all_its_tags_are(corpus: EncodedCorpus) -> None:
    # w0 has id 3: tag O by the rule; w1 has B-X
    found = score_tagger(by_word, add_pairs(corpus, [0, 1, 0, 0]), {})
    assert found.metrics["pairs.correct"] == 50.0
    assert found.metrics["pairs.count"] == 2
    assert "f1.pairs" not in found.metrics
    assert sum(not line for line in found.lines) == 8, "the tables are those of the test split"


def test_sentences_correct() -> None:
    assert sentences_correct([["O", "B-X"], ["O"]], [["O", "O"], ["O"]]) == 50.0


def test_what_a_grammar_knows_stands_beside_the_scores(tmp_path: Path) -> None:
    corpus = small_corpus(tmp_path / "corpus", "columns", truth={"bayes": {"valid": 98.0}})
    assert score_tagger(by_word, corpus, {}).metrics["truth.bayes.validation"] == 98.0


def test_a_trained_model_is_asked_the_same(corpus: EncodedCorpus, tmp_path: Path) -> None:
    model = saved_model(tmp_path / "model", "ner")
    found = report(open_model(tmp_path / "model"), corpus, seed=0).metrics
    assert found["parameters"] == sum(weight.numel() for weight in model.parameters())
    assert 0 <= found["f1.test"] <= 100
