"""Labelled texts in CSV, TSV, JSON lines and folders."""

import pytest

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.corpora.labelled import learn_labels, read_labelled
from rnnpipe.params import LabelledCorpus


def corpus(spec, **settings):
    return LabelledCorpus(format="labelled", splits={"train": spec}, licence="none", **settings)


def read(tmp_path, spec, text, labels=None, **settings):
    (tmp_path / spec).write_bytes(text.encode())
    return [(document.text, document.label) for document in read_labelled(corpus(spec, **settings), tmp_path, "train", labels)]


@pytest.mark.parametrize(
    ("spec", "text"),
    [
        ("t.csv", 'text,label,stars\n"good, very",pos,5\n"two\nlines, ""bad""",neg,1\n'),
        ("t.csv", '\ufefflabel,text\r\npos,"good, very"\r\n\r\nneg,"two\r\nlines, ""bad"""\r\n'),
        ("t.jsonl", '{"text": "good, very", "label": "pos"}\n\n{"label": "neg", "text": "two\\nlines, \\"bad\\""}'),
    ],
)
def test_rows(tmp_path, spec, text):
    assert read(tmp_path, spec, text) == [("good, very", "pos"), ('two\nlines, "bad"', "neg")]


def test_quotes_mean_nothing_in_tsv(tmp_path):
    assert read(tmp_path, "t.tsv", 'text\tlabel\n"odd\tpos\na, b\tneg\n') == [('"odd', "pos"), ("a, b", "neg")]


def test_columns_have_the_names_of_the_entry(tmp_path):
    text = '{"review": "गरम चाय", "stars": 5}\n{"review": "  ", "stars": 1}\n'
    assert read(tmp_path, "t.jsonl", text, text_column="review", label_column="stars") == [("गरम चाय", "5")]


def test_long_texts_are_read_whole(tmp_path):
    assert len(read(tmp_path, "t.csv", f"text,label\n{'a ' * 200_000},pos\n")[0][0]) == 400_000


def test_folders(tmp_path):
    for name in ("train/pos/2_9.txt", "train/neg/10_1.txt", "train/neg/9_2.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    entry = corpus("train/{label}/{id}_{rating}.txt")
    documents = list(read_labelled(entry, tmp_path, "train", None))
    assert [document.text for document in documents] == ["train/neg/9_2.txt", "train/neg/10_1.txt", "train/pos/2_9.txt"]
    assert learn_labels(entry, tmp_path) == ("neg", "pos")


def test_unlabelled_splits_need_no_label(tmp_path):
    (tmp_path / "u.csv").write_text("text\nhello\n")
    entry = LabelledCorpus(format="labelled", splits={"train": "t.csv", "u": "u.csv"}, unlabelled=("u",), licence="none")
    assert [document.label for document in read_labelled(entry, tmp_path, "u", ("a",))] == [None]


def test_labels_of_the_entry_keep_their_order(tmp_path):
    assert learn_labels(corpus("t.csv", labels=("z", "a")), tmp_path) == ("z", "a")


@pytest.mark.parametrize(
    ("spec", "text", "error"),
    [
        ("t.csv", "body,label\na,pos\n", r"t\.csv:1: no column 'text' in the header, but body, label"),
        ("t.csv", "text,label,text\na,pos,b\n", r"t\.csv:1: column 'text' stands twice"),
        ("t.csv", "text,label\ra,pos\r", r"t\.csv:1: a carriage return inside a row; end lines with \\n"),
        ("t.csv", 'text,label\n"a\nb",pos\nc\n', r"t\.csv:4: 1 fields, the header has 2"),
        ("t.csv", "text,label\na,b,pos\n", r"t\.csv:2: 3 fields"),
        ("t.csv", 'text,label\n"a\nb",pos\nc,dull\n', r"t\.csv:4: label 'dull' in column 'label'; labels are neg, pos"),
        ("t.csv", "text,label\na,\n", r"t\.csv:2: label ''"),
        ("t.csv", 'text,label\na,pos\n"b"x,pos\n', r"t\.csv:3: broken row"),
        ("t.csv", 'text,label\na,pos\n"b,pos\n', r"t\.csv:3: broken row"),
        ("t.jsonl", '{"text": "a", "label": "pos"}\n{"text": \n', r"t\.jsonl:2: broken JSON"),
        ("t.jsonl", '["a", "pos"]\n', r"t\.jsonl:1: no JSON object"),
        ("t.jsonl", '{"text": "a"}\n', r"t\.jsonl:1: no column 'label', but text"),
        ("t.jsonl", '{"text": "a", "label": null}\n', r"t\.jsonl:1: label ''"),
        ("t.jsonl", '{"text": "a\\ud800", "label": "pos"}\n', r"t\.jsonl:1: 'text' holds a NUL or half a character"),
        ("t.jsonl", '{"text": "a\\u0000", "label": "pos"}\n', r"t\.jsonl:1: 'text' holds a NUL"),
        ("t.xml", "<a/>", r"t\.xml: neither \.csv"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(tmp_path, spec, text, error):
    with pytest.raises(RnnpipeError, match=error):
        read(tmp_path, spec, text, labels=("neg", "pos"))
