"""CoNLL files."""

import pytest

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.corpora.columns import Tagging, learn_tagging, read_sentences
from rnnpipe.params import ColumnsCorpus

IOB2 = Tagging("IOB2", ("LOC", "PER"))


def corpus(**settings):
    return ColumnsCorpus(format="columns", splits={"train": "t.conll"}, licence="none", **settings)


def read(tmp_path, text, tagging=IOB2, **settings):
    (tmp_path / "t.conll").write_bytes(text.encode())
    sentences = read_sentences(corpus(**settings), tmp_path, "train", tagging)
    return [(sentence.tokens, sentence.tags) for sentence in sentences]


EXPECTED = [(["Ann", "Lee"], ["B-PER", "I-PER"]), (["Rome"], ["B-LOC"])]


@pytest.mark.parametrize(
    "text",
    [
        "Ann B-PER\nLee I-PER\n\nRome B-LOC\n",
        "Ann B-PER\nLee I-PER\n\nRome B-LOC",
        "Ann\tB-PER\r\nLee \t I-PER \r\n\r\n\r\nRome B-LOC\r\n\r\n",
        "-DOCSTART- -X- O O\n\nAnn NNP B-PER\nLee NNP I-PER\n-DOCSTART- O\nRome NNP B-LOC\n",
    ],
)
def test_sentences(tmp_path, text):
    assert read(tmp_path, text) == EXPECTED


def test_columns_are_chosen_and_tabs_keep_spaces_inside(tmp_path):
    text = "1\tO\tIn\tx\n2\tB-LOC\tNew York\tx\n"
    assert read(tmp_path, text, separator="tab", token_column=2, tag_column=1) == [(["In", "New York"], ["O", "B-LOC"])]


@pytest.mark.parametrize(
    ("text", "settings", "error"),
    [
        ("Ann B-PER\nLee\n", {}, r"t\.conll:2: 1 columns, but the lines before have 2"),
        ("Ann B-PER\n\nLee X I-PER\n", {}, r"t\.conll:3: 3 columns"),
        ("Ann\n", {}, r"t\.conll:1: token_column and tag_column are the same column"),
        ("Ann B-PER\n", {"tag_column": 4}, r"t\.conll:1: no column 4 \(tag_column\); the line has 2"),
        ("Ann\tB-PER\n\tO\n", {"separator": "tab"}, r"t\.conll:2: no column 0 \(token_column\)"),
        ("Ann B-PER\n\nOx B-ORG\n", {}, r"t\.conll:3: unknown tag 'B-ORG'; types are LOC, PER"),
        ("Ann B-PER\nLee Z-PER\n", {}, r"t\.conll:2: 'Z-PER' is no tag of IOB2"),
        ("-DOCSTART- O\n\nLee I-PER\n", {}, r"t\.conll:3: I-PER begins an entity"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(tmp_path, text, settings, error):
    with pytest.raises(RnnpipeError, match=error):
        read(tmp_path, text, **settings)


def test_bilou_is_told_how_to_become_bioes(tmp_path):
    (tmp_path / "t.conll").write_text("Ann U-PER\nin O\nNew B-LOC\nYork L-LOC\n")
    with pytest.raises(RnnpipeError, match=r"t\.conll:1: 'U-PER' is no tag of BIOES.*; L and U are of BILOU: write E- for L-"):
        learn_tagging(corpus(), tmp_path)


def test_a_train_split_without_an_entity_is_warned_of(tmp_path, caplog):
    (tmp_path / "t.conll").write_text("the O\ndoor O\n")
    assert learn_tagging(corpus(), tmp_path).entities == ()
    assert "t.conll: every tag is O" in caplog.text


@pytest.mark.parametrize(
    ("text", "scheme"),
    [
        ("Ann I-PER\nLee I-PER\n\nBo I-PER\nCy B-PER\n", "IOB1"),
        ("Ann B-PER\nLee I-PER\n", "IOB2"),
        ("Ann B-PER\nLee E-PER\n\nBo S-PER\n", "BIOES"),
        ("a O\n", "IOB2"),
    ],
)
def test_the_scheme_is_found_out(tmp_path, text, scheme):
    (tmp_path / "t.conll").write_text(text)
    assert learn_tagging(corpus(), tmp_path) == Tagging(scheme, ("PER",) if "PER" in text else ())


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("Ann I-PER\n\nBo B-PER\n", r"t\.conll:1: I-PER begins an entity.*t\.conll:3: B-PER does not follow.*set scheme: IOB1"),
        ("Ann B-PER\nLee E-PER\n\nBo I-PER\n", r"t\.conll:4: I-PER begins an entity, which B does in BIOES"),
        ("Ann B-PER\n\nLee Q-PER\n", r"t\.conll:3: 'Q-PER' is no tag of IOB2"),
    ],
)
def test_mixtures_are_refused(tmp_path, text, error):
    (tmp_path / "t.conll").write_text(text)
    with pytest.raises(RnnpipeError, match=error):
        learn_tagging(corpus(), tmp_path)


def test_the_entry_decides_where_it_says_something(tmp_path):
    (tmp_path / "t.conll").write_text("Ann I-PER\n\nBo B-PER\n")
    assert learn_tagging(corpus(scheme="IOB1", entities=("PER", "LOC")), tmp_path) == Tagging("IOB1", ("PER", "LOC"))


def test_more_types_than_a_byte_holds_are_refused(tmp_path):
    (tmp_path / "t.conll").write_text("".join(f"w B-{number}\n" for number in range(128)))
    with pytest.raises(RnnpipeError, match="128 types of entities"):
        learn_tagging(corpus(), tmp_path)
