import json
import logging
import math
from pathlib import Path

import pytest

from rnnpipe.common.tables import flatten, read_csv, rounded, write_csv, write_lines, write_metrics


def test_metrics_are_rounded_to_six_digits_and_may_be_nested(tmp_path: Path) -> None:
    write_metrics(tmp_path / "reports" / "metrics.json", {"b": 2000 / 3, "a": 7, "c": {"d": 1e-9 / 3, "e": "no"}})
    assert json.loads((tmp_path / "reports" / "metrics.json").read_text()) == {
        "a": 7,
        "b": 666.667,
        "c": {"d": 3.33333e-10, "e": "no"},
    }


def test_what_is_not_finite_is_null_and_told(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        write_metrics(tmp_path / "metrics.json", {"a": math.nan, "b": {"c": -math.inf}, "d": 1.5})
    assert json.loads((tmp_path / "metrics.json").read_text()) == {"a": None, "b": {"c": None}, "d": 1.5}
    assert [message.split(": ", 1)[1] for message in caplog.messages] == [
        "a is nan, written as null",
        "b.c is -inf, written as null",
    ]


def test_table_has_a_header_also_without_rows(tmp_path: Path) -> None:
    write_csv(tmp_path / "a.csv", ("x", "y"), [])
    write_csv(tmp_path / "b.csv", ("x", "y"), [("a,b", 0.12345678), ("ß", 2)])
    write_csv(tmp_path / "c.tsv", ("x", "y"), [("a,b", 1234567.8)], delimiter="\t")
    assert (tmp_path / "a.csv").read_bytes() == b"x,y\n"
    assert (tmp_path / "b.csv").read_bytes() == 'x,y\n"a,b",0.123457\nß,2\n'.encode()
    assert (tmp_path / "c.tsv").read_bytes() == b"x\ty\na,b\t1234570.0\n"


def test_a_table_is_read_back(tmp_path: Path) -> None:
    write_csv(tmp_path / "b.csv", ("x", "y"), [('a,"b', 0.5), ("", 2)])
    assert read_csv(tmp_path / "b.csv") == [{"x": 'a,"b', "y": "0.5"}, {"x": "", "y": "2"}]
    assert read_csv(tmp_path / "none.csv") == []


def test_lines(tmp_path: Path) -> None:
    write_lines(tmp_path / "a.txt", ["the dog", ""])
    assert (tmp_path / "a.txt").read_bytes() == b"the dog\n\n"


def test_flatten() -> None:
    assert flatten({"a": {"b": {"c": 1}}, "d": (1, 2), "e": [], "f": {}}) == {"a.b.c": 1, "d": (1, 2), "e": []}


def test_only_fractions_are_rounded() -> None:
    assert [rounded(value) for value in (12345678, "1.23456789", 0.1234567, True)] == [12345678, "1.23456789", 0.123457, True]
