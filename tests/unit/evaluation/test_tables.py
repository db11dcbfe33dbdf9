import json
import math
from pathlib import Path

from rnnpipe.evaluation.tables import write_lines, write_metrics, write_table


def test_metrics_are_rounded_and_finite(tmp_path: Path) -> None:
    write_metrics(tmp_path / "reports" / "metrics.json", {"b": 1 / 3, "a": 7, "c": math.nan, "d": math.inf})
    assert json.loads((tmp_path / "reports" / "metrics.json").read_text()) == {"a": 7, "b": 0.3333}


def test_table_has_a_header_also_without_rows(tmp_path: Path) -> None:
    write_table(tmp_path / "a.csv", ("x", "y"), [])
    write_table(tmp_path / "b.csv", ("x", "y"), [("a,b", 0.123456), ("ß", 2)])
    assert (tmp_path / "a.csv").read_bytes() == b"x,y\n"
    assert (tmp_path / "b.csv").read_bytes() == 'x,y\n"a,b",0.1235\nß,2\n'.encode()


def test_lines(tmp_path: Path) -> None:
    write_lines(tmp_path / "a.txt", ["the dog", ""])
    assert (tmp_path / "a.txt").read_bytes() == b"the dog\n\n"
