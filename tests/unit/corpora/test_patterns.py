"""Patterns of file names."""

import pytest

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.corpora.patterns import compile_pattern, matching_files, natural_key


def test_placeholders_stand_for_anything_but_a_slash():
    expression = compile_pattern("a+/{label:neg|pos}/{id}_{rating}.txt")
    assert expression.fullmatch("a+/pos/12_9.txt").groupdict() == {"label": "pos", "id": "12", "rating": "9"}
    for name in ("a+/unsup/1_0.txt", "a+/pos/x/1_2.txt", "aa/pos/1_2.txt", "a+/pos/_2.txt", "a+/pos/1_2xtxt"):
        assert expression.fullmatch(name) is None


@pytest.mark.parametrize("pattern", ["{", "a{}b", "{1}", "{a", "a}", "{a}/{a}", "{a:b{c}"])
def test_other_braces_are_refused(pattern):
    with pytest.raises(RnnpipeError, match="pattern"):
        compile_pattern(pattern)


def test_numbers_in_names_sort_by_value():
    names = ["pos/10_1.txt", "pos/2_9.txt", "neg/3_1.txt", "pos/2_10.txt"]
    assert sorted(names, key=natural_key) == ["neg/3_1.txt", "pos/2_9.txt", "pos/2_10.txt", "pos/10_1.txt"]


def test_files_that_fit(tmp_path):
    for name in ("b/2.txt", "a/10.txt", "a/9.txt", "a/notes.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    found = matching_files(tmp_path, "{label}/{id}.txt")
    assert [(path.name, fields["label"]) for path, fields in found] == [("9.txt", "a"), ("10.txt", "a"), ("2.txt", "b")]
    with pytest.raises(RnnpipeError, match="no file fits"):
        matching_files(tmp_path, "{label}/{id}.csv")
