"""What is odd about a corpus is told by the stage that sees its words, in its log and its metrics."""

import json
from pathlib import Path

import pytest

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.stages import build_vocabulary, tokenize

PARAMS = """
seed: 1
corpora:
  own: {format: FORMAT, splits: {train: train.FILE, test: test.FILE}, licence: none MORE}
report: {title: t}
"""


@pytest.fixture
def remarks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture):
    """Return a call of both stages on a train and a test file, which gives the remarks, all of them told in the log."""
    monkeypatch.chdir(tmp_path)
    Path("data/raw/own").mkdir(parents=True)

    def call(kind: str, train: str, test: str, more: str = "") -> list[str]:
        suffix = "csv" if kind == "labelled" else "conll"
        text = PARAMS.replace("FORMAT", kind).replace("FILE", suffix).replace(" MORE", more)
        Path("params.yaml").write_text(text, encoding="utf-8")
        for name, content in (("train", train), ("test", test)):
            Path(f"data/raw/own/{name}.{suffix}").write_text(content, encoding="utf-8")
        tokenize.main("own", Path("data/raw/own"), Path("tokenized"))
        build_vocabulary.main("own", Path("tokenized"), Path("own.tsv"), Path("metrics.json"))
        metrics = json.loads(Path("metrics.json").read_text(encoding="utf-8"))
        assert ("remarks" in metrics) == bool(metrics.get("remarks"))
        found: list[str] = metrics.get("remarks", [])
        assert all(f"own: {remark}" in caplog.text for remark in found)
        return found

    return call


GOOD = "text,label\none two,pos\nthree,neg\none three,pos\ntwo,neg\n"


def test_nothing_is_said_of_a_corpus_that_is_as_it_should_be(remarks) -> None:
    assert remarks("labelled", GOOD, "text,label\none,pos\ntwo,neg\n") == []
    assert remarks("columns", "Ann B-PER\nin O\n", "Ann B-PER\n") == []


TITLES = "text,label\n" + "".join(f"one two,t{number}\n" for number in range(12))


@pytest.mark.parametrize(
    ("train", "test", "more", "told"),
    [
        (GOOD, "text,label\none,pos\ntwo,pos\n", "", "every text of the split test has the label 'pos': whoever always says so"),
        (GOOD, "text,label\none,pos\n!!!,neg\n", ", punctuation: drop", "1 of 2 texts of the split test have no word once"),
        (GOOD, "text,label\nfour five,pos\nsix one,neg\n", "", "75 % of the words of the split test are <unk>"),
        (GOOD + "four,Pos\n", "text,label\none,pos\ntwo,neg\n", "", "the labels 'Pos' and 'pos' differ in capitals alone"),
        (GOOD, "text,label\none,pos\ntwo,neg\n", ", labels: [pos, neg, none]", "no text of the split train has the label 'none'"),
        (TITLES, "text,label\none,t1\ntwo,t2\n", "", "the split train has 12 labels for 12 texts; is label_column right?"),
    ],
)
def test_labels_and_words_that_make_scores_say_little_are_told(remarks, train: str, test: str, more: str, told: str) -> None:
    found = remarks("labelled", train, test, more)
    assert len(found) == 1
    assert told in found[0]


@pytest.mark.parametrize(
    ("train", "test", "told"),
    [
        ("the O\nlamp O\n", "the O\n", ["the split test has no entity", "the split train has no entity, so nothing is learned"]),
        ("Ann B-PER\nin O\n", "in O\n", ["the split test has no entity, so its F1 is 0 whatever is found"]),
        ("Ann B-PER\nBo B-per\n", "Ann B-PER\n", ["the types of entities 'PER' and 'per' differ in capitals alone"]),
    ],
)
def test_tags_without_an_entity_are_told(remarks, train: str, test: str, told: list[str]) -> None:
    found = remarks("columns", train, test)
    assert len(found) == len(told)
    assert all(remark.startswith(start) for remark, start in zip(found, told, strict=True))


def test_a_split_without_a_word_is_refused_with_a_cure(remarks) -> None:
    with pytest.raises(RnnpipeError, match="split 'test' has no word once it is tokenized; put text there, or keep punctuation"):
        remarks("labelled", GOOD, "text,label\n!!!,pos\n\u200b,neg\n", ", punctuation: drop")
