import json
from pathlib import Path

import numpy as np
import pytest
from small_corpora import small_corpus

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.evaluation.ner import evaluate, pairs_right, read_pairs
from rnnpipe.text.encoded import EncodedCorpus, EncodedSplit


@pytest.fixture
def corpus(tmp_path: Path) -> EncodedCorpus:
    return small_corpus(tmp_path / "corpus", "columns")


def by_word(split: EncodedSplit) -> np.ndarray:
    """The rule that the small corpus' tags follow."""
    return (split.ids % 3).astype(np.uint8)


def nothing(split: EncodedSplit) -> np.ndarray:
    return np.zeros(len(split.ids), dtype=np.uint8)


def test_the_right_rule_is_always_right(corpus: EncodedCorpus, tmp_path: Path) -> None:
    evaluate(by_word, corpus, [], {}).write(tmp_path / "report")
    metrics = json.loads((tmp_path / "report" / "metrics.json").read_text())
    assert metrics["f1.test"] == metrics["precision.valid"] == metrics["accuracy.test"] == 100.0
    assert "pairs.right" not in metrics
    spans = (tmp_path / "report" / "spans.csv").read_text().splitlines()
    assert spans[0] == "type,actual,predicted,right,precision,recall,f1"
    assert spans[1].endswith("100.0,100.0,100.0")
    assert "B-X,B-X," in (tmp_path / "report" / "confusion.csv").read_text()


def test_predictions_are_lines_that_conlleval_reads(corpus: EncodedCorpus, tmp_path: Path) -> None:
    evaluate(nothing, corpus, [], {}).write(tmp_path / "report")
    text = (tmp_path / "report" / "predictions.conll").read_text()
    split = corpus.split("test")
    sentences = text.removesuffix("\n\n").split("\n\n")
    assert [len(sentence.split("\n")) for sentence in sentences] == split.lengths.tolist()
    word, actual, predicted = sentences[0].split("\n")[0].split()
    assert word == corpus.vocabulary.tokens[split.ids[0]]
    assert actual == corpus.meta["tags"][split.tags[0]]
    assert predicted == "O"


def test_a_pair_is_right_if_all_its_tags_are(corpus: EncodedCorpus, tmp_path: Path) -> None:
    # w0 has id 3: tag O by the rule; w1 B-X; w2 I-X
    (tmp_path / "pairs.conll").write_text("w0 O\nw1 B-X\n\nw0 O\nw1 O\n\n")
    pairs = read_pairs(tmp_path / "pairs.conll")
    assert pairs == [(["w0", "w1"], ["O", "B-X"]), (["w0", "w1"], ["O", "O"])]
    assert pairs_right(by_word, corpus, pairs) == 50.0
    assert evaluate(by_word, corpus, pairs, {}).metrics["pairs.count"] == 2


def test_pairs_may_be_missing_but_not_damaged(tmp_path: Path) -> None:
    assert read_pairs(tmp_path / "pairs.conll") == []
    (tmp_path / "pairs.conll").write_text("apple B-ORG\n\nonly\n")
    with pytest.raises(RnnpipeError, match="pairs.conll:3"):
        read_pairs(tmp_path / "pairs.conll")
