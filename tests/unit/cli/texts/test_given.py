"""Texts as they come."""

import os
from pathlib import Path

import pytest

from rnnpipe.cli.texts.arriving import PIECE, Arriving
from rnnpipe.cli.texts.formats import Format, Given, format_of, parse
from rnnpipe.cli.texts.given import _read, given_batches


def test_a_slow_writer_is_answered_line_by_line() -> None:
    """Each batch is asked for while the pipe is open and holds no more."""
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb") as stream:
        batches = _read(stream, "pipe", Format.TEXT, None)
        for piece, expected in ((b"a\n", ["a"]), (b"b\nc\nd", ["b", "c"]), (b"e\n\n", ["de", ""])):
            os.write(writing, piece)
            assert [given.text for given in next(batches)] == expected
        os.write(writing, b"last")
        os.close(writing)
        assert next(batches) == [Given("last", "pipe:6")]
        assert list(batches) == []


def test_rows_and_sentences_come_as_soon_as_they_are_whole() -> None:
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb") as stream:
        batches = _read(stream, "pipe", Format.CSV, "a")
        os.write(writing, b'a,b\n"x\ny",1\n')
        assert [given.text for given in next(batches)] == ["x\ny"]
        os.close(writing)
        assert list(batches) == []
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb") as stream:
        batches = _read(stream, "pipe", Format.CONLL, None)
        os.write(writing, b"\nx O\ny O\n\n")
        assert next(batches) == [Given(["x", "y"], "pipe:2", ["", "x O", "y O"])]
        os.close(writing)
        assert next(batches) == [Given([], "pipe:5", [""])]


def test_many_lines_are_cut_into_batches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rnnpipe.cli.texts.given.MOST", 7)
    path = tmp_path / "a.txt"
    path.write_text("".join(f"{number}\n" for number in range(100)))
    batches = list(given_batches([], path))
    assert [given.text for batch in batches for given in batch] == list(map(str, range(100)))
    assert max(map(len, batches)) == 7
    assert batches[-1][-1].where == f"{path}:100"
    assert [len(batch) for batch in given_batches(list("abcdefghij"))] == [7, 3]


@pytest.mark.parametrize("size", [1, 2, 5, PIECE])
def test_lines_do_not_depend_on_the_pieces_they_come_in(size: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rnnpipe.cli.texts.arriving.PIECE", size)
    content = b"a\r\n\nlong line\n\xc3\xa9\n\nend"
    (tmp_path / "a").write_bytes(content)
    with (tmp_path / "a").open("rb") as stream:
        assert list(Arriving(stream)) == content.splitlines(keepends=True)


def test_the_suffix_names_the_format() -> None:
    names = {
        "a.csv": "csv",
        "a.TSV": "tsv",
        "a.jsonl": "jsonl",
        "a.b.conll": "conll",
        "a.txt": "text",
        "a": "text",
        "text": "text",
    }
    assert {name: format_of(Path(name)).value for name in names} == names


def test_a_word_of_conll_may_hold_any_other_white_space() -> None:
    (sentence,) = parse(iter(["a\u00a0b O", " \u00a0  O "]), "x", Format.CONLL, None)
    assert sentence.text == ["a\u00a0b", "\u00a0"]


def test_remarks_and_marks_of_documents_are_no_words() -> None:
    lines = ["# text = a b", "-DOCSTART- O", "", "# O", "a O"]
    (sentence,) = parse(iter(lines), "x", Format.CONLL, None)
    assert sentence.text == ["#", "a"]
    assert sentence.lines == lines
    assert sentence.where == "x:4"
