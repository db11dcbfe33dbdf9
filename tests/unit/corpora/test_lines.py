"""Lines of a UTF-8 file, and what is refused."""

import pytest

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.corpora.lines import read_lines, read_whole


@pytest.mark.parametrize(
    ("content", "lines"),
    [
        (b"", []),
        (b"a\nb", ["a", "b"]),
        (b"a\r\nb\r\n", ["a", "b"]),
        (b"\xef\xbb\xbfa\n\xef\xbb\xbfb\n", ["a", "\ufeffb"]),
        ("a\u2028b\x0bc\x85d\re\n".encode(), ["a\u2028b\x0bc\x85d\re"]),
        (b"\n\na\n", ["", "", "a"]),
        (b"a\rb\r\rc", ["a", "b", "", "c"]),
        (b"\xef\xbb\xbfa\rb\r", ["a", "b"]),
        (b"\r", [""]),
        (b"a\rb\nc\r", ["a\rb", "c"]),
    ],
)
def test_lines_end_at_line_feeds_or_in_a_file_without_one_at_carriage_returns(tmp_path, content, lines):
    (tmp_path / "t.txt").write_bytes(content)
    assert list(read_lines(tmp_path / "t.txt")) == lines


def test_a_whole_file_is_one_text(tmp_path):
    (tmp_path / "t.txt").write_bytes(b"\xef\xbb\xbfa\r\n\r\nb\r\n")
    assert read_whole(tmp_path / "t.txt") == "a\n\nb"


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"ok\nab\xffc\n", r"t\.txt:2:3: byte 0xff is not UTF-8"),
        (b"\xef\xbb\xbfa\xe9\n", r"t\.txt:1:5: byte 0xe9"),
        (b"a\nb\xc3", r"t\.txt:2:2: byte 0xc3"),
        ("a\n".encode("utf-16"), r"t\.txt: is UTF-16; convert it: iconv"),
        (b"a\nb\0\n", r"t\.txt:2:2: a NUL byte"),
    ],
)
def test_other_bytes_are_refused_with_their_place(tmp_path, content, error):
    (tmp_path / "t.txt").write_bytes(content)
    with pytest.raises(RnnpipeError, match=error):
        list(read_lines(tmp_path / "t.txt"))


def test_a_missing_file_says_how_to_put_it_there(tmp_path):
    with pytest.raises(RnnpipeError, match=r"t\.txt: no such file; put it there and run `dvc add .*`"):
        list(read_lines(tmp_path / "t.txt"))


@pytest.mark.parametrize("name", [".", "a" * 300, "a\0b", "t.txt/b"])
def test_what_is_no_file_is_told(tmp_path, name):
    (tmp_path / "t.txt").write_text("a")
    with pytest.raises(RnnpipeError, match="a text file must stand there|no such file"):
        list(read_lines(tmp_path / name))
