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
        "# newdoc\n# text = Ann Lee\nAnn B-PER\nLee I-PER\n\n# sent_id = 2\nRome B-LOC\n",
        "#\nAnn B-PER\n# inside\nLee I-PER\n\nRome B-LOC\n# O-end\n",
        "Ann B-PER\rLee I-PER\r\rRome B-LOC\r",
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
        ("Ann B-PER\n\nLee X I-PER\n", {}, r"t\.conll:3: 3 columns.*part the columns by tabs and set separator: tab"),
        ("Ann B-PER\n", {"separator": "tab"}, r"t\.conll:1: .*the line has 1, parted by spaces: set separator: whitespace"),
        ("Ann,B-PER\n", {}, r"t\.conll:1: .*the line has 1, parted by commas: write tabs for them"),
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


SPANS = [(["Ann", "in", "New", "York"], ["B-PER", "O", "B-LOC", "I-LOC"])]


@pytest.mark.parametrize(
    "tags",
    [
        ("U-PER", "O", "B-LOC", "L-LOC"),
        ("S-PER", "O", "B-LOC", "E-LOC"),
        ("u-PER", "o", "b-LOC", "l-LOC"),
        ("b-PER", "o", "b-LOC", "i-LOC"),
        ("i-PER", "O", "i-LOC", "I-LOC"),
    ],
)
@pytest.mark.parametrize("scheme", ["auto", "BILOU"])
def test_bilou_and_small_letters_are_read(tmp_path, tags, scheme):
    if scheme == "BILOU" and tags[-1][0] in "iI":
        scheme = "auto"
    (tmp_path / "t.conll").write_text("".join(f"{word} {tag}\n" for word, tag in zip(SPANS[0][0], tags, strict=True)))
    tagging = learn_tagging(corpus(scheme=scheme), tmp_path)
    assert tagging.scheme in ("IOB1", "IOB2", "BIOES")
    sentences = read_sentences(corpus(scheme=scheme), tmp_path, "train", tagging)
    assert [(sentence.tokens, sentence.tags) for sentence in sentences] == SPANS


def test_a_word_that_is_or_begins_with_a_number_sign_is_data(tmp_path):
    text = "# O\n#rome B-LOC\n\n# 1 of 2\n# O\n"
    assert read(tmp_path, text) == [(["#", "#rome"], ["O", "B-LOC"]), (["#"], ["O"])]
    assert read(tmp_path, "# B-PER\n#x I-PER\n") == [(["#", "#x"], ["B-PER", "I-PER"])]


def test_lines_are_numbered_past_comments(tmp_path):
    with pytest.raises(RnnpipeError, match=r"t\.conll:5: unknown tag 'B-ORG'; types are LOC, PER; mend it, or name all"):
        read(tmp_path, "# a comment\n\nAnn B-PER\n# a comment\nOx B-ORG\n")


def test_white_space_around_a_tag_is_none_of_it(tmp_path):
    text = "Ann Lee\t B-PER \nin\tO  \n"
    assert read(tmp_path, text, separator="tab") == [(["Ann Lee", "in"], ["B-PER", "O"])]


@pytest.mark.parametrize("tag", ["B-PER|ORG", "B-PER,I-ORG", "B-PER;ORG"])
def test_a_tag_of_several_types_is_refused_unless_it_is_a_type(tmp_path, tag):
    (tmp_path / "t.conll").write_text(f"Ann B-PER\n\nMay {tag}\n")
    with pytest.raises(RnnpipeError, match=r"t\.conll:3: .* names several types, and a word has one tag; keep one"):
        learn_tagging(corpus(), tmp_path)
    assert tag[2:] in learn_tagging(corpus(entities=("PER", tag[2:])), tmp_path).entities


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
        ("Ann B-PER\n\nLee Q-PER\n", r"t\.conll:3: 'Q-PER' is no tag of IOB2, IOB1, BIOES.*mend it, or set tag_column"),
        ("Ann PER\n", r"t\.conll:1: 'PER' is no tag of IOB2"),
        ("Ann B-\n", r"t\.conll:1: 'B-' is no tag"),
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


def test_articles_and_other_columns_are_read(tmp_path):
    text = "Ann NNP x B-PER\nsaid VBD y O\n\n-DOCSTART- -X- -X- O\n\nIn IN z O\n"
    entry = corpus(features={"pos": 1, "chunk": -2})
    (tmp_path / "t.conll").write_text(text)
    first, second = read_sentences(entry, tmp_path, "train", learn_tagging(entry, tmp_path))
    assert (first.article, first.features) == (0, [["NNP", "VBD"], ["x", "y"]])
    assert (second.article, second.features) == (1, [["IN"], ["z"]])


@pytest.mark.parametrize(
    ("features", "message"),
    [
        ({"pos": 7}, r"t.conll:1: no column 7 \(features.pos\); the line has 3"),
        ({"pos": 2}, r"t.conll:1: tag_column and features.pos are the same column"),
        ({"pos": 1, "again": -2}, r"t.conll:1: features.pos and features.again are the same column"),
    ],
)
def test_a_feature_needs_a_column_of_its_own(features, message, tmp_path):
    (tmp_path / "t.conll").write_text("Ann NNP B-PER\n")
    entry = corpus(features=features)
    with pytest.raises(RnnpipeError, match=message):
        learn_tagging(entry, tmp_path)
