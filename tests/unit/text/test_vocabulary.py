"""The vocabulary: which words get an id, in which order, and a file that survives any token."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.text.vocabulary import Vocabulary


def test_ids_fall_with_the_count_and_ties_go_by_code_point():
    vocabulary = Vocabulary.from_counts({"b": 2, "a": 2, "z": 3, "é": 2, "once": 1}, min_count=2)
    assert vocabulary.tokens == ["<pad>", "<unk>", "<eos>", "z", "a", "b", "é"]
    assert vocabulary.counts == [0, 1, 0, 3, 2, 2, 2]


def test_size_bounds_the_words_apart_from_the_reserved_ones():
    assert len(Vocabulary.from_counts({"a": 3, "b": 2, "c": 1}, size=2)) == 5


def test_reserved_names_in_a_text_are_unknown_words():
    vocabulary = Vocabulary.from_counts({"<unk>": 5, "<pad>": 2, "<eos>": 1, "a": 1})
    assert len(vocabulary) == 4
    assert vocabulary.counts[Vocabulary.UNK] == 8
    assert vocabulary.encode(["<pad>", "<eos>", "<unk>", "never", "a"]).tolist() == [1, 1, 1, 1, 3]


def test_coverage_counts_tokens_with_an_id():
    vocabulary = Vocabulary.from_counts({"a": 1})
    assert vocabulary.coverage({"a": 3, "b": 1}) == {"tokens": 4, "coverage": 75.0, "oov_rate": 25.0}


TOKENS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\t\n"), min_size=1)
HEAD = "<pad>\t0\n<unk>\t0\n<eos>\t0\n"


@given(st.dictionaries(TOKENS, st.integers(1, 9)))
def test_any_token_survives_the_file(tmp_path_factory, counts):
    path = tmp_path_factory.mktemp("v") / "v.tsv"
    vocabulary = Vocabulary.from_counts(counts)
    vocabulary.save(path)
    assert Vocabulary.from_file(path) == vocabulary
    assert hashlib.sha256(path.read_bytes()).hexdigest() == vocabulary.sha256


@pytest.mark.parametrize("text", ["", "a\t1\n", HEAD + "no count\n", HEAD + "a\t1\na\t1\n"])
def test_a_damaged_file_is_refused(tmp_path, text):
    path = tmp_path / "v.tsv"
    path.write_text(text)
    with pytest.raises(RnnpipeError, match="v.tsv"):
        Vocabulary.from_file(path)
