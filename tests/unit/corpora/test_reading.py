"""A whole corpus, split by split, and splits held out of train."""

import pytest

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.corpora.reading import CorpusReader
from rnnpipe.corpora.splits import split_of
from rnnpipe.params import ColumnsCorpus, LabelledCorpus, TextCorpus


def text_corpus(**settings):
    return TextCorpus(**{"format": "text", "splits": {"train": "t.txt"}, "licence": "none", **settings})


def test_hold_out_shares_are_kept_and_the_seed_matters():
    texts = [f"text {number}" for number in range(10_000)]
    splits = [split_of(text, {"valid": 0.1, "test": 0.2}, seed=1) for text in texts]
    shares = [splits.count(split) / len(splits) for split in ("valid", "test", "train")]
    assert shares == pytest.approx([0.1, 0.2, 0.7], abs=0.015)
    assert splits != [split_of(text, {"valid": 0.1, "test": 0.2}, seed=2) for text in texts]


def test_nothing_is_held_out_unless_asked():
    assert {split_of(f"text {number}", {}, seed=1) for number in range(100)} == {"train"}


def test_text_lines(tmp_path):
    (tmp_path / "t.txt").write_text("".join(f"{number % 20}\n\n  \n" for number in range(60)))
    reader = CorpusReader.open(text_corpus(hold_out={"valid": 0.5}), tmp_path, seed=3)
    found = [(split, example.text) for split, example in reader.examples()]
    assert len(found) == 60
    assert len(set(found)) == 20  # no text in two splits
    assert reader.splits == ["train", "valid"]


def test_text_files(tmp_path):
    for name in ("10.txt", "9.txt"):
        (tmp_path / name).write_text(f"{name}\n\nend\n")
    reader = CorpusReader.open(text_corpus(splits={"train": "{id}.txt"}, unit="file"), tmp_path, seed=1)
    assert [example.text for _, example in reader.examples()] == ["9.txt\n\nend", "10.txt\n\nend"]


@pytest.mark.parametrize("text", ["", "\n \n"])
def test_an_empty_split_is_refused(tmp_path, text):
    (tmp_path / "t.txt").write_text(text)
    with pytest.raises(RnnpipeError, match=r"t\.txt: holds no text for split 'train'; put text there"):
        list(CorpusReader.open(text_corpus(), tmp_path, seed=1).examples())


def test_an_empty_held_out_split_is_refused(tmp_path):
    (tmp_path / "t.txt").write_text("a\n")
    with pytest.raises(RnnpipeError, match=r"t\.txt: holds no text for split .*; hold out another share"):
        list(CorpusReader.open(text_corpus(hold_out={"valid": 0.5}), tmp_path, seed=1).examples())


def test_a_missing_folder_is_told(tmp_path):
    with pytest.raises(RnnpipeError, match="no such folder; put the corpus' files there and run `dvc add"):
        CorpusReader.open(text_corpus(), tmp_path / "none", seed=1)


def test_labels_and_tags_come_from_the_train_split(tmp_path):
    (tmp_path / "a.csv").write_text("text,label\nx,good\ny,bad\n")
    (tmp_path / "b.csv").write_text("text,label\nz,ugly\n")
    labelled = LabelledCorpus(format="labelled", splits={"train": "a.csv", "test": "b.csv"}, licence="none")
    reader = CorpusReader.open(labelled, tmp_path, seed=1)
    assert reader.labels == ("bad", "good")
    with pytest.raises(RnnpipeError, match=r"b\.csv:2: label 'ugly' in column 'label'; labels are bad, good"):
        list(reader.examples())
    (tmp_path / "a.conll").write_text("Ann I-PER\n")
    (tmp_path / "b.conll").write_text("Rome I-LOC\n")
    columns = ColumnsCorpus(format="columns", splits={"train": "a.conll", "test": "b.conll"}, licence="none")
    with pytest.raises(RnnpipeError, match=r"b\.conll:1: unknown tag 'I-LOC'; types are PER"):
        list(CorpusReader.open(columns, tmp_path, seed=1).examples())


@pytest.mark.parametrize("labels", [None, ("good", "bad")])
def test_a_train_split_of_one_label_is_refused(tmp_path, labels):
    (tmp_path / "a.csv").write_text("text,label\nx,good\ny,good\n")
    entry = {"format": "labelled", "splits": {"train": "a.csv"}, "licence": "none", "labels": labels}
    reader = CorpusReader.open(LabelledCorpus(**entry), tmp_path, seed=1)
    with pytest.raises(RnnpipeError, match=r"a\.csv: every text of the split train has the label 'good', .* needs two"):
        list(reader.examples())
    unlabelled = CorpusReader.open(LabelledCorpus(**{**entry, "labels": None}, unlabelled=("train",)), tmp_path, seed=1)
    assert unlabelled.labels == ()
    assert [example.label for _, example in unlabelled.examples()] == [None, None]
