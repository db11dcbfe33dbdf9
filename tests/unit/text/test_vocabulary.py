"""The vocabulary: which words get an id, in which order, and a file that survives any token."""

import hashlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.stages import build_vocabulary, tokenize
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


COUNTS = {"<unk>": 4, "a": 3, "b": 2, "c": 1}


def test_bounds_that_fit_the_corpus_are_taken():
    for size, min_count in ((3, 1), (2, 1), (None, 2), (3, 2)):
        assert Vocabulary.of_corpus("c", COUNTS, size, min_count) == Vocabulary.from_counts(COUNTS, size, min_count)


@pytest.mark.parametrize(
    ("counts", "size", "min_count", "message"),
    [
        (COUNTS, 4, 1, "corpora.c.vocabulary.size: 4 is more than the 3 different words of the train split; lower it, or leave"),
        (COUNTS, None, 4, r"corpora.c.vocabulary: 0 of the train split's 3 different words are kept, .*min_count 4\)"),
        (COUNTS, 1, 1, r"corpora.c.vocabulary: 1 of the train split's 3 different words are kept, .*size 1, min_count 1\)"),
        ({"a": 9, "<unk>": 1}, None, 1, "corpora.c.vocabulary: 1 of the train split's 1 different words are kept, .* more text"),
        ({}, 10, 1, "corpora.c.vocabulary: 0 of the train split's 0 different words are kept, .* more text"),
    ],
)
def test_bounds_that_do_not_fit_the_corpus_are_refused(counts, size, min_count, message):
    with pytest.raises(RnnpipeError, match=message):
        Vocabulary.of_corpus("c", counts, size, min_count)


@pytest.mark.parametrize(
    ("text", "bounds", "message"),
    [
        ("one two two\n", "{size: 3}", "corpora.own.vocabulary.size: 3 is more than the 2 different words"),
        ("one two two\n", "{min_count: 3}", "corpora.own.vocabulary: 0 of the train split's 2 different words"),
        ("one one\n", "{}", "corpora.own.vocabulary: 1 of the train split's 1 different words"),
    ],
)
def test_the_stage_refuses_them_and_overwrites_nothing(tmp_path, monkeypatch, text, bounds, message):
    monkeypatch.chdir(tmp_path)
    entry = f"{{format: text, splits: {{train: t.txt}}, words: whitespace, licence: none, vocabulary: {bounds}}}"
    Path("params.yaml").write_text(f"seed: 1\ncorpora: {{own: {entry}}}\nreport: {{title: t}}\n")
    Path("raw").mkdir()
    Path("raw/t.txt").write_text(text)
    tokenize.main("own", Path("raw"), Path("tokenized"))
    for name in ("own.tsv", "metrics.json"):
        Path(name).write_text("before")
    with pytest.raises(RnnpipeError, match=message):
        build_vocabulary.main("own", Path("tokenized"), Path("own.tsv"), Path("metrics.json"))
    assert Path("own.tsv").read_text() == Path("metrics.json").read_text() == "before"


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
