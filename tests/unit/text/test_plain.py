from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.text import plain
from rnnpipe.text.plain import read_plain
from rnnpipe.text.vocabulary import UNK, Vocabulary

# Few letters, so that words come again; \x1c, \x85 and the no-break space are white space to str.split alone.
LETTERS = st.sampled_from("ab\u00e9\u4e2d\U0001f600 \n\n\t\r\v\f\x00\x1c\x85\xa0")
TEXTS = st.lists(st.one_of(LETTERS, st.characters(codec="utf-8"))).map("".join)


def expected(text: bytes, size: int | None, min_count: int) -> tuple[list[list[int]], Vocabulary]:
    documents = [[word.decode() for word in line.split()] for line in text.split(b"\n") if line.split()]
    counts = Counter(word for document in documents for word in document)
    vocabulary = Vocabulary.from_counts(counts, size, min_count)
    return [vocabulary.encode(document).tolist() for document in documents], vocabulary


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("plain")


@settings(max_examples=100, deadline=None)
@given(
    text=TEXTS.filter(lambda text: text.encode().split()),
    piece=st.integers(1, 40),
    tokens=st.integers(1, 5),
    room=st.sampled_from([1, 2, 8, 2**16]),
    size=st.one_of(st.none(), st.integers(1, 5)),
    min_count=st.integers(1, 3),
)
def test_equals_bytes_split(folder: Path, text: str, piece, tokens, room, size, min_count) -> None:
    (folder / "text").write_bytes(text.encode())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plain, "PIECE", piece)
        patch.setattr(plain, "TOKENS", tokens)
        patch.setattr(plain, "FIRST_ROOM", room)
        split, vocabulary = read_plain(folder / "text", folder, size, min_count)
    documents, reference = expected(text.encode(), size, min_count)
    assert vocabulary == reference
    assert [split.document(number).tolist() for number in range(len(split))] == documents
    assert {path.name for path in folder.iterdir()} == {"text", "ids.npy", "offsets.npy"}


def test_many_words_grow_the_table(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    text = "\n".join(" ".join(map(str, row)) for row in rng.zipf(1.2, (2000, 100)) % 300_000).encode()
    (tmp_path / "text").write_bytes(text)
    split, vocabulary = read_plain(tmp_path / "text", tmp_path)
    documents, reference = expected(text, None, 1)
    assert len(vocabulary) > 2**14
    assert vocabulary == reference
    assert split.ids.tolist() == [word for document in documents for word in document]
    assert isinstance(split.ids, np.memmap)


def test_unk_of_the_text_is_unk(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("a <unk> a <eos> <pad>\n")
    split, vocabulary = read_plain(tmp_path / "text", tmp_path)
    assert split.ids.tolist() == [3, UNK, 3, UNK, UNK]
    assert vocabulary.counts == [0, 3, 0, 2]


@pytest.mark.parametrize("content", ["lamp door lamp\n", "la\n"])
def test_a_byte_order_mark_is_skipped(tmp_path: Path, content: str) -> None:
    (tmp_path / "text").write_text(content, encoding="utf-8-sig")
    assert read_plain(tmp_path / "text", tmp_path)[1].tokens[3] == content.split(maxsplit=1)[0]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "no words in it"),
        (b" \n\t\r\n ", "no words in it"),
        (b"good line\n\nbad \xff line\n\xff", "text:3: not UTF-8"),
        (b"cut \xc3", "text:1: not UTF-8"),
    ],
)
def test_bad_text_is_refused(tmp_path: Path, content: bytes, message: str) -> None:
    (tmp_path / "text").write_bytes(content)
    with pytest.raises(RnnpipeError, match=message):
        read_plain(tmp_path / "text", tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["text"]


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(RnnpipeError, match="nothing: No such file"):
        read_plain(tmp_path / "nothing", tmp_path)
    with pytest.raises(RnnpipeError, match="Is a directory"):
        read_plain(tmp_path, tmp_path)
