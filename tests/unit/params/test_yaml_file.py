"""params.yaml as plain data: what DVC would read in another way is refused in one line, with the line and a cure."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.params.yaml_file import read_yaml


def read(folder: Path, text: str | bytes) -> Any:
    path = folder / "params.yaml"
    path.write_bytes(text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text)
    return read_yaml(path)


def refused(folder: Path, text: str | bytes) -> str:
    with pytest.raises(RnnpipeError) as caught:
        read(folder, text)
    told = str(caught.value).removeprefix(f"{folder}/")
    assert "\n" not in told
    return told


@pytest.mark.parametrize(
    ("key", "told"),
    [
        ("2021", "the key 2021 is a number to YAML, and DVC passes over it; quote it: '2021'"),
        ("0x10", "quote it: '0x10'"),
        ("1e3", "quote it: '1e3'"),
        ("1.10", "the key 1.10 is a number to YAML, and DVC passes over it; quote it, or if it names an entry write '1-10'"),
        ("-1", "if it names an entry write '1'"),
        ("true", "the key true is a truth value"),
        ("null", "the key null is nothing"),
        ("~", "write a name"),
        ("2024-05-01", "the key 2024-05-01 is a date"),
        ("2024-05-01 10:00:00", "the key 2024-05-01 10:00:00 is a date"),
        ("!!binary YQ==", "the key YQ== is !!binary"),
        ("[1, 2]", "a list or mapping stands where a key should"),
        ("{a: 1}", "a list or mapping stands where a key should"),
        ("''", "no key stands before the colon"),
        ('"a\\0b"', "the text holds the control character U+0000"),
    ],
)
@pytest.mark.parametrize(("above", "line"), [("", 1), ("runs:\n  ", 2), ("- a\n- runs:\n    - ", 3)])
def test_a_key_that_is_no_text_is_refused_at_any_depth(tmp_path: Path, key: str, told: str, above: str, line: int) -> None:
    text = refused(tmp_path, f"{above}{key}: {{corpus: tickets}}\n")
    assert text.startswith(f"params.yaml:{line}: ")
    assert told in text


@pytest.mark.parametrize("key", ["2021", "true", "null", "0x10", "2024-05-01"])
def test_the_cure_works(tmp_path: Path, key: str) -> None:
    assert read(tmp_path, f"'{key}': 1\n") == {key: 1}


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("2024-05-01", "2024-05-01 is a date to YAML; quote it: '2024-05-01'"),
        ("2024-13-45", "2024-13-45 is a date"),
        (".nan", "'.nan' is not a number that can be used"),
        ("-.inf", "'-.inf' is not a number"),
        ("1e999", "'1e999' is not a number"),
        ("9" * 5000, f"'{'9' * 30}…' is not a number"),
        (str(2**63), f"'{2**63}' is not a number"),
        ("!!int one", "'one' is not a number"),
        ("!!float ''", "'' is not a number"),
        ("!!bool maybe", "'maybe' is not a truth value"),
        ("!!python/object:os.system x", "the tag !!python/object:os.system is not understood; take it out"),
        ("!own x", "the tag !own is not understood"),
        ("!!binary YQ==", "the tag !!binary"),
        ("!!set {a, b}", "the tag !!set"),
        ("!!omap [a: 1]", "the tag !!omap"),
        ('"\\ud800"', "the control character U+D800"),
        ("{a: 1, a: 2}", "the key a stands twice in one mapping"),
        ("&a [*a]", "an alias stands inside of what it stands for"),
        (f"{'[' * 60}{']' * 60}", "lists or mappings stand in one another, more than 50 of them"),
        ("{<<: 3}", "expected a mapping or list of mappings for merging"),
        ("*nowhere", "found undefined alias 'nowhere'"),
        ("{", "mend the line"),
        ("b: c", "mapping values are not allowed here"),
    ],
)
def test_a_value_that_dvc_or_json_cannot_hold_is_refused(tmp_path: Path, value: str, told: str) -> None:
    text = refused(tmp_path, f"first: 1\nsecond: {value}\n")
    assert told in text
    assert text.startswith(("params.yaml:2: ", "params.yaml:3: "))


BOMB = b"a: &a [1, 1]\n" + b"".join(b"%c: &%c [%s]\n" % (98 + i, 98 + i, b"*%c," % (97 + i) * 20) for i in range(8))


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"a: 1\n# caf\xe9\n", "params.yaml:2:6: byte 0xe9 is not UTF-8; save the file as UTF-8"),
        ("a: 1\n".encode("utf-16"), "params.yaml: is UTF-16; convert it: iconv"),
        (b"a: 1\nb: \x07\n", "params.yaml:2: the control character U+0007; take it out"),
        (b"a: 1\n\0", "params.yaml:2: the control character U+0000"),
        (b"a:\n\tb: 1\n", r"params.yaml:2: found character '\t' that cannot start any token"),
        (b"a: 1\n---\nb: 2\n", "params.yaml:2: expected a single document in the stream, but found another document"),
        (b"[" * 5000, "levels deep; write them flat"),
        (
            b"a: &a [1, 1]\n" + b"".join(b"%c: &%c [%s]\n" % (98 + i, 98 + i, b"*%c," % (97 + i) * 20) for i in range(8)),
            "aliases",
        ),
    ],
)
def test_what_is_no_file_of_parameters_is_refused(tmp_path: Path, content: bytes, told: str) -> None:
    assert told in refused(tmp_path, content)


def test_a_missing_file_and_a_directory_are_told(tmp_path: Path) -> None:
    with pytest.raises(RnnpipeError, match=r"nothing\.yaml: no such file; `rnnpipe preset sample` writes one"):
        read_yaml(tmp_path / "nothing.yaml")
    with pytest.raises(RnnpipeError, match="Is a directory; a file of parameters must stand there"):
        read_yaml(tmp_path)


@pytest.mark.parametrize(
    ("content", "value"),
    [
        (b"", None),
        (b"# nothing\n", None),
        (b"\xef\xbb\xbfa: 1\r\n", {"a": 1}),
        (b"a: &a {x: 1}\nb: {<<: *a, y: 2}\nc: *a\n", {"a": {"x": 1}, "b": {"x": 1, "y": 2}, "c": {"x": 1}}),
        (b"a: &a 1\nb: &a 2\nc: *a\n", {"a": 1, "b": 2, "c": 2}),
        (b"a: !!str 2021\nb: [0x10, 1e-3, true, null, on]\n", {"a": "2021", "b": [16, 0.001, True, None, "on"]}),
    ],
)
@pytest.mark.filterwarnings("error")
def test_what_yaml_offers_beside_is_read(tmp_path: Path, content: bytes, value: Any) -> None:
    assert read(tmp_path, content) == value


NUMBERS = st.integers(-(2**63) + 1, 2**63 - 1) | st.floats(allow_nan=False, allow_infinity=False)
PLAIN = st.recursive(
    st.none() | st.booleans() | NUMBERS | st.text("a1-: é"),
    lambda below: st.lists(below, max_size=3) | st.dictionaries(st.text("ab1-", min_size=1), below, max_size=3),
    max_leaves=8,
)


@given(value=PLAIN)
def test_plain_data_comes_back_equal(tmp_path_factory: pytest.TempPathFactory, value: Any) -> None:
    path = tmp_path_factory.getbasetemp() / "plain.yaml"
    path.write_text(json.dumps(value), encoding="utf-8")  # JSON is YAML
    assert read_yaml(path) == value
