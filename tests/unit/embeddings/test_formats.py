from pathlib import Path

import numpy as np
import pytest
from gensim.models import KeyedVectors

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.embeddings.formats import read_published, write_published

ALL = {"king", "queen", "grün", "東京"}
VECTORS = {"king": (0.1, -1e-20), "queen": (1 / 3, 3e30), "grün": (0.0, 1.0), "東京": (-5.5, 7.25)}
FORMATS = ["glove-text", "word2vec-text", "word2vec-binary"]


@pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")  # gensim's, with no_header
@pytest.mark.parametrize("file_format", FORMATS)
def test_our_files_come_back_equal_in_gensim_and_here(tmp_path: Path, vectors_of, file_format: str) -> None:
    source = vectors_of(VECTORS)
    path = tmp_path / "vectors"
    write_published(path, file_format, source)
    theirs = KeyedVectors.load_word2vec_format(
        str(path), binary=file_format == "word2vec-binary", no_header=file_format == "glove-text"
    )
    assert theirs.index_to_key == ["<unk>", *VECTORS]
    np.testing.assert_array_equal(theirs.vectors, source.vectors[[1, 3, 4, 5, 6]])
    ours = read_published(path, file_format, ALL)
    assert list(ours) == list(VECTORS)
    np.testing.assert_array_equal(np.stack(list(ours.values())), source.vectors[3:])


@pytest.mark.parametrize("binary", [True, False])
def test_gensims_files_are_read(tmp_path: Path, binary: bool) -> None:
    theirs = KeyedVectors(2)
    theirs.add_vectors(list(VECTORS), np.array(list(VECTORS.values()), dtype=np.float32))
    theirs.save_word2vec_format(str(tmp_path / "vectors"), binary=binary)
    ours = read_published(tmp_path / "vectors", "word2vec-binary" if binary else "word2vec-text", ALL)
    np.testing.assert_array_equal(np.stack(list(ours.values())), theirs.vectors)


@pytest.mark.parametrize("file_format", ["glove-text", "word2vec-text"])
@pytest.mark.parametrize("header", ["", "3 2\n"])
def test_text_with_and_without_header(tmp_path: Path, file_format: str, header: str) -> None:
    path = tmp_path / "vectors.txt"
    path.write_text(header + "king 1 2\nother 3 4\nking 5 6\n")
    ours = read_published(path, file_format, ALL)
    assert {word: vector.tolist() for word, vector in ours.items()} == {"king": [1, 2]}, "wanted words, the first of two"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"king 1 2\nnew york 3 4\n", r":2: 3 numbers where 2 stand before; a word with a space"),
        (b"king 1 2\nqueen 3\n", r":2: 1 numbers where 2"),
        (b"2 3\nking 1 2\n", r":2: 2 numbers where 3"),
        (b"king 1 2\nqueen nan 1\n", r":2: 'queen': NaN or infinity"),
        (b"king 1 inf\n", r":1: 'king': NaN or infinity"),
        (b"king 1 2\nunwanted NaN 1\n", r":2: 'unwanted': NaN or infinity in its vector; mend or remove it"),
        (b"king 1 2\nunwanted 0 -Infinity\n", r":2: 'unwanted': NaN or infinity"),
        (b"king 1 x\n", r":1: 'king': could not convert"),
        (b"king 1  2\nqueen 1 2\n", r":1: 'king': could not convert|:2: 2 numbers where 3"),
        (b"king 1 2\nqu\xffeen 1 2\n", r":2: the word is not UTF-8"),
        (b"3 2\nking 1 2\n", r"ends after 1 of 3 words"),
        (b"", r"holds no vectors"),
        (b"\n", r":1: 0 numbers where at least 1"),
    ],
)
def test_bad_text_is_refused_with_its_line(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "vectors.txt"
    path.write_bytes(content)
    with pytest.raises(RnnpipeError, match=message):
        read_published(path, "glove-text", ALL)


GOOD = np.array([1.0, 2.0], dtype="<f4").tobytes()
BAD = np.array([1.0, np.nan], dtype="<f4").tobytes()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"2 2\nking " + GOOD + b"\nqueen " + GOOD[:5], r"ends within record 2 of 2"),
        (b"2 2\nking " + GOOD, r"ends within record 2 of 2"),
        (b"1 2\nking " + GOOD + b"\nqueen " + GOOD, r"goes on after its 1 records"),
        (b"1 3\nking " + GOOD + b"\n", r"ends within record 1 of 1"),
        (b"1 2\nking " + BAD, r"record 1: 'king': NaN"),
        (b"2 2\nking " + GOOD + b"\nunwanted " + BAD, r"record 2: 'unwanted': NaN"),
        (b"1 2\nk\xff " + GOOD, r"record 1: the word is not UTF-8"),
        (b"1 2\n" + b"x" * 20_000, r"record 1: no word: a damaged file"),
        (b"king 1 2\n", r"does not begin with `words dimension`"),
        (b"", r"does not begin with `words dimension`"),
    ],
)
def test_bad_binary_is_refused_with_its_record(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "vectors.bin"
    path.write_bytes(content)
    with pytest.raises(RnnpipeError, match=message):
        read_published(path, "word2vec-binary", ALL)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(RnnpipeError, match="glove.txt: no such file"):
        read_published(tmp_path / "glove.txt", "glove-text", ALL)


def test_words_with_white_space_are_not_written(tmp_path: Path, vectors_of) -> None:
    with pytest.raises(RnnpipeError, match="'new\\\\u2009york' holds white space"):
        write_published(tmp_path / "vectors.txt", "glove-text", vectors_of({"new\u2009york": (1.0, 2.0)}))
    assert list(tmp_path.iterdir()) == []
