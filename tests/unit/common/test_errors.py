"""A message is one line, whatever words of the input stand in it."""

import pickle

import pytest

from rnnpipe.common.errors import RnnpipeError


@pytest.mark.parametrize(
    ("message", "shown"),
    [
        ("a.csv, line 2: 'x'", "a.csv, line 2: 'x'"),
        ("key a\n  b: unknown", "key a b: unknown"),
        ("damaged (first\r\nsecond\n)", "damaged (first second )"),
        ("\x1b[31mred\x07 \u2028 \ud800", r"\x1b[31mred\x07 \u2028 \ud800"),
        ("größer, 漢字", "größer, 漢字"),
    ],
)
def test_what_a_person_reads_is_one_line(message: str, shown: str) -> None:
    error = RnnpipeError(message)
    assert str(error) == shown
    assert str(pickle.loads(pickle.dumps(error))) == shown
