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


GOOD = [("good, very", "pos"), ("bad; worse", "neg")]


@pytest.mark.parametrize(
    "text",
    [
        'text;label\ngood, very;pos\n"bad; worse";neg\n',
        'sep=;\r\ntext;label\r\ngood, very;pos\r\n"bad; worse";neg\r\n',
        "text\tlabel\ngood, very\tpos\nbad; worse\tneg\n",
        "id|text|label\n1|good, very|pos\n2|bad; worse|neg\n",
        'text,label\r"good, very",pos\r"bad; worse",neg\r',
        'text,label\r"good, very",pos\r"bad; worse",neg',
        '\ufefftext , label\n"good, very", pos\nbad; worse,neg \n',
        'label, text\npos, "good, very"\nneg, bad; worse\n',
        '\n\n"text","label"\n"good, very","pos"\n"bad; worse","neg"\n',
    ],
)
def test_csv_is_read_as_spreadsheets_write_it(tmp_path, text):
    assert read(tmp_path, "t.csv", text) == GOOD


def test_columns_with_spaces_in_their_names_may_be_named_so(tmp_path):
    assert read(tmp_path, "t.csv", "text, label\na, x\n", label_column=" label") == [("a", "x")]


def test_labels_that_differ_in_white_space_are_one(tmp_path):
    text = "text,label\na,pos\nb, pos \nc,New  York\nd,New\u00a0York\n"
    assert [label for _, label in read(tmp_path, "t.csv", text)] == ["pos", "pos", "New York", "New York"]
    assert learn_labels(corpus("t.csv"), tmp_path) == ("New York", "pos")
    assert learn_labels(corpus("t.csv", labels=(" pos", "New York")), tmp_path) == ("pos", "New York")


@pytest.mark.parametrize("labels", [("a", "a "), ("", "a"), (" ",)])
def test_labels_of_the_entry_are_texts_of_their_own(labels):
    with pytest.raises(ValueError, match="labels: each must be a text of its own"):
        corpus("t.csv", labels=labels)


def test_more_labels_than_two_bytes_hold_are_refused(tmp_path):
    (tmp_path / "t.csv").write_text("text,label\n" + "".join(f"a,{number}\n" for number in range(40_000)))
    with pytest.raises(RnnpipeError, match=r"t\.csv: 40000 different labels in column 'label', at most 32767"):
        learn_labels(corpus("t.csv"), tmp_path)


def test_a_file_for_each_label_is_refused(tmp_path):
    (tmp_path / "pos.txt").write_text("good\nvery good\n")
    with pytest.raises(RnnpipeError, match=r"fits one file for each label, and a file is one text; give each text a file, as in"):
        list(read_labelled(corpus("{label}.txt"), tmp_path, "train", None))


def test_a_label_in_a_name_that_is_not_utf8_is_refused(tmp_path):
    (tmp_path / "caf\udce9").mkdir()
    (tmp_path / "caf\udce9/1.txt").write_text("good")
    with pytest.raises(RnnpipeError, match="is not UTF-8; rename the file"):
        list(read_labelled(corpus("{label}/{id}.txt"), tmp_path, "train", None))


def test_what_is_said_of_separators_is_said_once(tmp_path, caplog):
    with caplog.at_level("INFO"):
        for _ in range(2):
            read(tmp_path, "t.csv", "text;label\na;pos\n")
    assert caplog.text.count("columns are parted by semicolons") == 1


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
        ("t.csv", "text,label\na,pos\nb\rc,neg\n", r"t\.csv:3: a carriage return inside a row; quote its text, or take it out"),
        ("t.csv", "body;label\na;pos\n", r"t\.csv:1: no column 'text' in the header, but body;label"),
        ("t.csv", "text;label\na;b;pos\n", r"t\.csv:2: 3 fields, the header has 2; quote texts that hold semicolons"),
        ("t.tsv", "text,label\na,pos\n", r"t\.tsv: its columns are parted by commas, not by tabs; name or call it csv"),
        ("t.csv", "text\rx,label\na,pos\n", r"t\.csv:1: a carriage return inside a row"),
        ("t.csv", 'text,label\n"a\nb",pos\nc\n', r"t\.csv:4: 1 fields, the header has 2"),
        ("t.csv", "text,label\na,b,pos\n", r"t\.csv:2: 3 fields"),
        ("t.csv", 'text,label\n"a\nb",pos\nc,dull\n', r"t\.csv:4: label 'dull' in column 'label'; labels are neg, pos"),
        ("t.csv", "text,label\na,\n", r"t\.csv:2: label '' in column 'label': no label; .* a split that `unlabelled` names"),
        ("t.csv", 'text,label\na,pos\n"b"x,pos\n', r"t\.csv:3: broken row"),
        ("t.csv", 'text,label\na,pos\n"b,pos\n', r"t\.csv:3: broken row"),
        ("t.jsonl", '{"text": "a", "label": "pos"}\n{"text": \n', r"t\.jsonl:2: broken JSON"),
        ("t.jsonl", '{"text": ' + "[" * 100_000 + "\n", r"t\.jsonl:1: broken JSON"),
        ("t.jsonl", '{"text": "a", "label": ' + "9" * 5000 + "}\n", r"t\.jsonl:1: broken JSON"),
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
