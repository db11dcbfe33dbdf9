import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
from pathlib import Path

import numpy as np
import pytest
from gensim.models import KeyedVectors
from hypothesis import given
from hypothesis import strategies as st

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.embeddings.formats import read_published, write_published

ALL = {"king", "queen", "grün", "東京"}
VECTORS = {"king": (0.1, -1e-20), "queen": (1 / 3, 3e10), "grün": (0.0, 1.0), "東京": (-5.5, 7.25)}
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
        (b"king 1 2\nqueen 3\n", r":2: 1 numbers where 2"),
        (b"2 3\nking 1 2\n", r":2: 2 numbers where 3"),
        (b"king 1 2\nqueen nan 1\n", r":2: 'queen': NaN or infinity"),
        (b"king 1 inf\n", r":1: 'king': NaN or infinity"),
        (b"king 1 2\nunwanted NaN 1\n", r":2: 'unwanted': NaN or infinity in its vector; mend or remove it"),
        (b"king 1 2\nunwanted 0 -Infinity\n", r":2: 'unwanted': NaN or infinity"),
        (b"king 1 1e39\n", r":1: 'king': NaN or infinity"),
        (b"king 1 x\n", r":1: ends in 'x' where numbers should stand after a word"),
        (b"queen 1 2\nking x 2\n", r":2: 'king': 'x' is no number; mend or remove the line"),
        ("queen 1 2\ngrün 3 4\n".encode("latin-1"), r":2: the word is Latin-1, not UTF-8; convert"),
        ("king 1 2\n".encode("utf-16"), r"is UTF-16; convert it: iconv"),
        (b"king 1 2\rqueen 3 4\r", r"its lines end in a carriage return alone; convert it: tr"),
        (b"3 2\nking 1 2\n", r"ends after 1 of 3 words"),
        (b"1 2\nking 1 2\nqueen 3 4\n", r"goes on, to 2 of 1 words"),
        (b"2 1\nking 1 2\nqueen 3 4\n", r"its first line tells of 1 numbers a word, and its lines have 2"),
        (b"999999999999 999999999999\nking 1 2\n", r"vectors of 999999999999 numbers; at most 100000 are read"),
        (b"1 0\nking\n", r"vectors of 0 numbers"),
        (b"3 2\n", r"ends after 0 of 3 words"),
        (b"2 2\nking \0\0\x80?\0\0\0@\n", r":2: 1 numbers where 2 .*: is its format word2vec-binary\?"),
        (b"", r"holds no vectors"),
        (b"\n", r"holds no vectors"),
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
        (b"1 2\nk\xff " + GOOD, r"record 1: .*out of step: a word with a space, .* or one that is not UTF-8"),
        (b"2 2\nking 1 2\nqueen 3 4\n", r"record 1: 'king': its numbers are written out; is the file's format word2vec-text\?"),
        (b"2 999999999999\nking " + GOOD, r"its first line tells of 999999999999 numbers a word; at most 100000"),
        (b"999999999999 2\nking " + GOOD, r"ends within record 2 of 999999999999"),
        (b"0 2\n", r"holds no vectors"),
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


NUMBERS = np.array([[0.25, -1.5, 2.0], [1e-3, 0.125, -3.0], [1.0, 2.0, 3.0]], dtype="<f4")


@pytest.mark.parametrize("end", [b"\n", b""])
@pytest.mark.parametrize("spaced", ["new york", "a b", "New York City", "of the people", " lamp", "", "b "])
@pytest.mark.parametrize("place", [0, 1, 4])
def test_a_binary_file_with_a_space_in_a_word_is_out_of_step(tmp_path: Path, end: bytes, spaced: str, place: int) -> None:
    words = ["lamp", "door", "river", "stone"]
    words.insert(place, spaced)
    records = (word.encode() + b" " + NUMBERS[number % 3].tobytes() + end for number, word in enumerate(words))
    (tmp_path / "vectors.bin").write_bytes(f"{len(words)} 3\n".encode() + b"".join(records))
    with pytest.raises(RnnpipeError, match=r"record \d: .*(out of step|NaN or infinity)|ends within|goes on") as caught:
        read_published(tmp_path / "vectors.bin", "word2vec-binary", {"lamp", "door", "new", "a", "of"})
    assert "\n" not in str(caught.value)


@given(words=st.lists(st.text("abyz_", min_size=1, max_size=6), min_size=3, max_size=8, unique=True), data=st.data())
def test_no_vector_of_a_binary_file_is_another_s(tmp_path_factory: pytest.TempPathFactory, words: list[str], data) -> None:
    """Fifty numbers a word, as published files have at least: a space anywhere is found, with and without line feeds."""
    path = tmp_path_factory.getbasetemp() / "spaced.bin"
    place, end = data.draw(st.integers(0, len(words) - 1)), data.draw(st.sampled_from([b"\n", b""]))
    matrix = np.random.default_rng(data.draw(st.integers(0, 2**32))).normal(0, 0.3, (len(words), 50)).astype("<f4")
    spaced = [
        f"{word} {data.draw(st.text('abyz', max_size=5))}" if number == place else word for number, word in enumerate(words)
    ]
    records = (word.encode() + b" " + row.tobytes() + end for word, row in zip(spaced, matrix, strict=True))
    path.write_bytes(f"{len(words)} 50\n".encode() + b"".join(records))
    with pytest.raises(RnnpipeError):
        read_published(path, "word2vec-binary", words)


def test_words_that_are_cut_inside_a_character_are_skipped_and_counted(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    cut = "grün".encode()[:3]
    (tmp_path / "vectors.txt").write_bytes(b"king 1 2\n" + cut + b" 3 4\nqueen 5 6\n" + cut + b" 7 8\n")
    assert list(read_published(tmp_path / "vectors.txt", "glove-text", ALL)) == ["king", "queen"]
    assert "vectors.txt: words that are not UTF-8 and were skipped: 2, the first at" in caplog.text
    for end in (b"\n", b""):
        records = (word + b" " + NUMBERS[0].tobytes() + end for word in (b"king", cut, b"queen"))
        (tmp_path / "vectors.bin").write_bytes(b"3 3\n" + b"".join(records))
        assert list(read_published(tmp_path / "vectors.bin", "word2vec-binary", ALL)) == ["king", "queen"]


PUBLISHED = b"king 1 2 3\n. . . 4 5 6\nat name@place.test 7 8 9\nqueen 0.5 -1e-3 2\n"


@pytest.mark.parametrize(
    "content",
    [
        PUBLISHED,
        b". . . 4 5 6\nking 1 2 3\nqueen 0.5 -1e-3 2\n",
        b"\xef\xbb\xbf" + PUBLISHED,
        b"4 3\n" + PUBLISHED,
        b"\xef\xbb\xbf4 3\n" + PUBLISHED,
        b"4\t3 \r\n" + PUBLISHED.replace(b"\n", b"\r\n"),
        PUBLISHED.replace(b"\n", b"\n\n"),
        b"\n \n" + PUBLISHED.replace(b"\n", b" \n"),
        PUBLISHED.replace(b" 1 2 3", b"\t1\t2\t3"),
        PUBLISHED.replace(b" 1 2 3", b"  1  2\t 3  "),
        PUBLISHED.replace(b"0.5 -1e-3", b"0,5 -1D-03"),
        PUBLISHED.replace(b"king", b"  king"),
        b"1984 7 7 7\n5 6 7 7 7\n" + PUBLISHED,
    ],
)
def test_text_is_read_as_published_files_and_programs_write_it(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "vectors.txt").write_bytes(content)
    found = read_published(tmp_path / "vectors.txt", "glove-text", {*ALL, ". . .", "."})
    expected = {"king": [1, 2, 3], "queen": [0.5, -0.001, 2], ". . .": [4, 5, 6]}
    assert {word: vector.tolist() for word, vector in found.items() if word != "."} == {
        word: np.float32(expected[word]).tolist() for word in found
    }
    assert {"king", "queen", ". . ."} == found.keys()


@pytest.mark.parametrize("file_format", FORMATS)
@pytest.mark.parametrize("suffix", ["", ".gz", ".zip"])
def test_compressed_files_are_read_whatever_their_name(tmp_path: Path, vectors_of, file_format: str, suffix: str) -> None:
    write_published(tmp_path / "plain", file_format, vectors_of(VECTORS))
    content = (tmp_path / "plain").read_bytes()
    if suffix == ".zip":
        with zipfile.ZipFile(tmp_path / "vectors", "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("folder/", b"")
            archive.writestr("folder/vectors.txt", content)
            archive.writestr("__MACOSX/._vectors.txt", b"x")
    else:
        (tmp_path / "vectors").write_bytes(gzip.compress(content) if suffix else content)
    assert list(read_published(tmp_path / "vectors", file_format, ALL)) == list(VECTORS)


def two_members() -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name in ("glove.50d.txt", "glove.100d.txt"):
            archive.writestr(name, b"king 1 2\n")
    return content.getvalue()


def tar() -> bytes:
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w:gz") as archive:
        archive.addfile(tarfile.TarInfo("vectors.txt"))
    return content.getvalue()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (two_members(), r"holds 2 files \(glove.50d.txt, glove.100d.txt\); unpack it: unzip vectors; then name one as `file`"),
        (tar(), r"is a tar archive; unpack it: tar -xf vectors"),
        (bz2.compress(b"king 1 2\n"), r"is compressed; unpack it: bunzip2 vectors"),
        (lzma.compress(b"king 1 2\n"), r"is compressed; unpack it: unxz vectors"),
        (gzip.compress(b"king 1 2\n" * 1000)[:-30], r"damaged or cut off"),
        (b"\x1f\x8b" + b"x" * 50, r"damaged or cut off"),
        (b"PK\x03\x04" + b"x" * 50, r"damaged or cut off"),
    ],
    ids=["two members", "tar", "bzip2", "xz", "gzip cut off", "no gzip", "no zip"],  # gzip writes the time
)
def test_other_archives_are_named_with_what_unpacks_them(tmp_path: Path, content: bytes, message: str) -> None:
    (tmp_path / "vectors").write_bytes(content)
    with pytest.raises(RnnpipeError, match=message):
        read_published(tmp_path / "vectors", "glove-text", ALL)


def test_a_directory_in_the_place_of_a_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(RnnpipeError, match="Is a directory; a file of vectors must stand there"):
        read_published(tmp_path, "glove-text", ALL)


@pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")  # gensim's, with no_header
@pytest.mark.parametrize("file_format", FORMATS)
def test_white_space_that_is_no_ascii_stays_in_words(tmp_path: Path, vectors_of, file_format: str) -> None:
    words = ["new\u2009york", "lamp\xa0", "\u3000", "\x1c", "\ufeff", "a\x85b"]
    source = vectors_of({word: (number, 1.0) for number, word in enumerate(words)})
    write_published(tmp_path / "vectors", file_format, source)
    assert list(read_published(tmp_path / "vectors", file_format, set(words))) == words
    theirs = KeyedVectors.load_word2vec_format(
        str(tmp_path / "vectors"), binary=file_format == "word2vec-binary", no_header=file_format == "glove-text"
    )
    assert theirs.index_to_key == ["<unk>", *words]


@pytest.mark.parametrize("word", ["new york", "a\tb", "a\nb", ""])
def test_words_with_a_space_are_not_written(tmp_path: Path, vectors_of, word: str) -> None:
    with pytest.raises(RnnpipeError, match="holds a space, at which readers of glove-text cut; write _ for it"):
        write_published(tmp_path / "vectors.txt", "glove-text", vectors_of({word: (1.0, 2.0)}))
    assert list(tmp_path.iterdir()) == []
