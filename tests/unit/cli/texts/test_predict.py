import json
from pathlib import Path
from typing import Any

import pytest
from small_corpora import LABELS, TAGS

CONLL = "-DOCSTART- -X- O\n\nw1 NN O\nw2 NN B-X\n\n\nw3 NN O\n"


def test_a_label_its_probability_and_the_text(workspace: Any) -> None:
    found = [line.split("\t") for line in workspace.lines("predict", "sentiment", "w1 w2", "w9")]
    assert [text for *_, text in found] == ["w1 w2", "w9"]
    assert all(label in LABELS and 50 <= float(share.removesuffix("%")) <= 100 for label, share, _ in found)


@pytest.mark.parametrize("arguments", [["-"], [], ["--file", "-"]])
def test_two_lines_on_standard_input_are_two_texts(workspace: Any, arguments: list[str]) -> None:
    assert workspace.lines("predict", "sentiment", *arguments, given="a\nb\n") == workspace.lines(
        "predict", "sentiment", "a", "b"
    )
    assert len(workspace.lines("predict", "sentiment", *arguments, given="a\n\nb")) == 3, "a blank line has an answer too"


def test_an_object_a_line_has_all_that_is_known(workspace: Any) -> None:
    first, second = map(json.loads, workspace.lines("predict", "sentiment", "--json", "w1\tstrange\x1b", ""))
    assert first["text"] == "w1\tstrange\x1b"
    assert list(first["probabilities"]) == LABELS
    assert (first["length"], first["unknown"], first["guess"]) == (2, 1, False)
    assert (second["length"], second["unknown"], second["guess"]) == (0, 0, True)


def test_what_nothing_is_known_of_is_said_to_be_a_guess(workspace: Any) -> None:
    said = workspace.run("predict", "sentiment", "w1", "strange", "").stderr.splitlines()
    assert said[0] == "model: models/sentiment/gru (corpus small; case matters)"
    assert said[1:3] == [f"warning: text {number}: no word of it is known; the label is a guess" for number in (2, 3)]
    assert said[3:] == ["unknown words: 1 of 2"]
    many = workspace.run("predict", "sentiment", "-", given="strange\n" * 9 + "w1\n").stderr.splitlines()
    assert many[1].startswith("warning: standard input:1: no word")
    assert many[-2:] == ["warning: no word known in 9 of 10 texts; the label is a guess", "unknown words: 9 of 10"]
    assert len(many) == 6


def test_control_characters_do_not_break_the_table(workspace: Any) -> None:
    (line,) = workspace.lines("predict", "sentiment", "w1\tw2\nw3\r\x1b[31m\u2028\u202ew4 日本 é")
    assert line.split("\t")[2] == r"w1\tw2\nw3\r\x1b[31m\u2028\u202ew4 日本 é"
    words = [line.split("\t")[0] for line in workspace.lines("predict", "ner", "--words", "w1 \x07\x9b w2")]
    assert words == ["w1", r"\x07\x9b", "w2", ""]


def test_words_and_tags_and_a_blank_line(workspace: Any) -> None:
    lines = workspace.lines("predict", "ner", "w1 @w2", "", "w3")
    assert [line.split("\t")[0] for line in lines] == ["w1", "@", "w2", "", "", "w3", ""]
    assert {line.split("\t")[1] for line in lines if line} <= set(TAGS)


def test_spans_with_their_places_and_confidences(workspace: Any) -> None:
    (found,) = map(json.loads, workspace.lines("predict", "ner", "--json", "--words", " w1  w2 w4 w5 w7 w8"))
    assert found["words"] == ["w1", "w2", "w4", "w5", "w7", "w8"]
    assert found["spans"]
    for span in found["spans"]:
        assert found["text"][span["start"] : span["end"]] == span["text"]
        assert span["type"] == "X"
        assert 0 <= span["confidence"] <= 1


def test_conll_comes_back_with_a_column_more(workspace: Any) -> None:
    Path("a.conll").write_text(CONLL)
    lines = workspace.run("predict", "ner", "--file", "a.conll").stdout.split("\n")
    assert [line.rpartition(" ")[0] for line in lines] == CONLL.split("\n")
    assert lines[0].endswith(" O")
    alone = workspace.lines("predict", "ner", "--words", "w1 w2", "w3")
    tags = [line.split("\t")[1] for line in alone if line]
    assert [lines[place].split()[-1] for place in (2, 3, 6)] == tags


@pytest.mark.parametrize(
    ("text", "column"),
    [("New York\tB-X\nw2\tO\n\n", []), ("1\tNew York\n2\tw2\n", ["--column", "1"]), ("w1\nw2", [])],
)
def test_words_of_conll_are_taken_as_they_stand(workspace: Any, text: str, column: list[str]) -> None:
    lines = workspace.run("predict", "ner", "--format", "conll", *column, given=text).stdout
    given = text if text.endswith("\n") else text + "\n"
    assert [line.rpartition("\t")[0] for line in lines.split("\n")] == given.split("\n")
    objects = workspace.lines("predict", "ner", "--format", "conll", "--json", *column, given=text)
    found = [word for one in objects for word in json.loads(one)["words"]]
    place = int(column[1]) if column else 0
    assert found == [(line.split("\t") if "\t" in text else line.split())[place] for line in text.split("\n") if line]


def test_conll_without_a_word_comes_back(workspace: Any) -> None:
    assert workspace.run("predict", "ner", "--format", "conll", given="\n\n").stdout == "\n\n"
    result = workspace.run("predict", "ner", "--format", "conll", "--json", given="\n# a = b\n")
    assert (result.exit_code, result.stdout) == (0, "")


def test_rows_of_tables(workspace: Any) -> None:
    Path("a.csv").write_text('id,message\n7,"w1, ""w2""\nw3"\n8,\n')
    Path("a.tsv").write_text("text\tid\nw1\t7\n")
    Path("a.jsonl").write_text('{"text": "w1\\u0007"}\n\n{"text": null}\n')
    found = workspace.lines("predict", "sentiment", "--file", "a.csv", "--column", "message", "--json")
    assert [json.loads(line)["text"] for line in found] == ['w1, "w2"\nw3', ""]
    assert [line.split("\t")[2] for line in workspace.lines("predict", "sentiment", "--file", "a.tsv")] == ["w1"]
    assert [line.split("\t")[2] for line in workspace.lines("predict", "sentiment", "--file", "a.jsonl")] == ["w1\\x07", ""]
    piped = workspace.lines("predict", "sentiment", "--format", "jsonl", given=Path("a.jsonl").read_bytes())
    assert len(piped) == 2
    assert workspace.refusal("predict", "sentiment", "--file", "a.csv") == (
        "error: a.csv:1: no column 'text' in the header, but id, message; name it with --column"
    )


@pytest.mark.parametrize("task", ["sentiment", "ner"])
def test_many_texts_are_answered_in_their_order(workspace: Any, task: str) -> None:
    texts = [f"w{number % 12} w{number % 7} unheard-of w{number % 5} ." for number in range(3_000)]
    found = workspace.lines("predict", task, "--json", given="".join(f"{text}\n" for text in texts))
    assert [json.loads(line)["text"] for line in found] == texts


def test_lines_before_a_bad_one_are_answered(workspace: Any) -> None:
    result = workspace.run("predict", "sentiment", given=b"w1\nw2\ncaf\xe9\nw3\n")
    assert result.exit_code == 1
    assert [line.split("\t")[2] for line in result.stdout.splitlines()] == ["w1", "w2"]
    assert result.stderr.splitlines()[-1] == "error: standard input:3:4: byte 0xe9 is not UTF-8; save the file as UTF-8"
