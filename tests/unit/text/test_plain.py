from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.corpora.reading import CorpusReader
from rnnpipe.params import TextCorpus
from rnnpipe.text import plain
from rnnpipe.text.entry import tokenizer_of
from rnnpipe.text.plain import read_plain
from rnnpipe.text.tokenizer import BatchTokenizer
from rnnpipe.text.vocabulary import UNK, Vocabulary

WHITE = "".join(chr(code) for code in range(0x3001) if chr(code).isspace())
# Few letters, so that words come again; U+001C to U+001F are white space to str.isspace alone, U+180E, 200B and FEFF were once.
LETTERS = st.sampled_from(f"ab\u00e9\u4e2d\U0001f600 \n\n\t\r\x1c\u180e\u200b\ufeff{WHITE}")
TEXTS = st.lists(st.one_of(LETTERS, st.characters(codec="utf-8", exclude_characters="\0"))).map("".join)


def as_a_corpus(folder: Path, name: str) -> list[list[str]]:
    """Return the words of a text as the stage tokenize cuts them, document by document."""
    corpus = TextCorpus(format="text", splits={"train": name}, words="whitespace", licence="none")
    documents = BatchTokenizer(tokenizer_of(corpus))
    return [documents.tokenize([example.text])[0] for _, example in CorpusReader.open(corpus, folder, 1).examples()]


def expected(documents: list[list[str]], size: int | None, min_count: int) -> tuple[list[list[int]], Vocabulary]:
    counts = Counter(word for document in documents for word in document)
    vocabulary = Vocabulary.from_counts(counts, size, min_count)
    return [vocabulary.encode(document).tolist() for document in documents], vocabulary


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("plain")


@settings(max_examples=100, deadline=None)
@given(
    text=TEXTS,
    mark=st.sampled_from(["", "\ufeff"]),
    piece=st.integers(1, 40),
    tokens=st.integers(1, 5),
    room=st.sampled_from([1, 2, 8, 2**16]),
    size=st.one_of(st.none(), st.integers(1, 5)),
    min_count=st.integers(1, 3),
)
def test_words_are_those_of_the_pipeline(folder: Path, text: str, mark: str, piece, tokens, room, size, min_count) -> None:
    (folder / "text").write_bytes((mark + text).encode())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plain, "PIECE", piece)
        patch.setattr(plain, "TOKENS", tokens)
        patch.setattr(plain, "FIRST_ROOM", room)
        try:
            words = as_a_corpus(folder, "text")
        except RnnpipeError:
            with pytest.raises(RnnpipeError, match="no words in it"):
                read_plain(folder / "text", folder, size, min_count)
            return
        split, vocabulary = read_plain(folder / "text", folder, size, min_count)
    documents, reference = expected(words, size, min_count)
    assert vocabulary == reference
    assert [split.document(number).tolist() for number in range(len(split))] == documents
    assert {path.name for path in folder.iterdir()} == {"text", "ids.npy", "offsets.npy"}


def test_every_character_is_white_space_to_both_or_to_none(tmp_path: Path) -> None:
    """One between two letters, a hundred of them a word: what only one takes for white space makes other words."""
    codes = [code for code in range(1, 0x110000) if not 0xD800 <= code <= 0xDFFF]
    pieces = [f"a{chr(code)}b" for code in codes if code != 10]
    words = ["".join(pieces[start : start + 100]) for start in range(0, len(pieces), 100)]
    lines = (" ".join(words[start : start + 10]) for start in range(0, len(words), 10))
    (tmp_path / "text").write_bytes("\n".join(lines).encode())
    split, vocabulary = read_plain(tmp_path / "text", tmp_path)
    ours = [[vocabulary.tokens[word] for word in split.document(number)] for number in range(len(split))]
    assert ours == as_a_corpus(tmp_path, "text")


@pytest.mark.parametrize(
    "content",
    [
        b"a \xff b\n",
        b"good\n\nbad \0 line\n",
        b"\xef\xbb\xbfa\0\n",
        b"a\nb\xc3",
        b"\0\xff\n",
        b"\xff\0\n",
        "a b\n".encode("utf-16"),
    ],
)
def test_what_the_pipeline_refuses_is_refused_in_its_words(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "text").write_bytes(content)
    with pytest.raises(RnnpipeError) as theirs:
        as_a_corpus(tmp_path, "text")
    with pytest.raises(RnnpipeError) as ours:
        read_plain(tmp_path / "text", tmp_path)
    assert str(ours.value) == str(theirs.value)


def test_lines_may_end_in_carriage_returns_alone(tmp_path: Path) -> None:
    (tmp_path / "text").write_bytes(b"\xef\xbb\xbfa b\r\rb a\rc")
    split, vocabulary = read_plain(tmp_path / "text", tmp_path)
    documents = [[vocabulary.tokens[word] for word in split.document(number)] for number in range(len(split))]
    assert documents == [["a", "b"], ["b", "a"], ["c"]] == as_a_corpus(tmp_path, "text")


def test_many_words_grow_the_table(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    text = "\n".join(" ".join(map(str, row)) for row in rng.zipf(1.2, (2000, 100)) % 300_000).encode()
    (tmp_path / "text").write_bytes(text)
    split, vocabulary = read_plain(tmp_path / "text", tmp_path)
    documents, reference = expected([[word.decode() for word in line.split()] for line in text.split(b"\n")], None, 1)
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
        (b"good line\n\nbad \xff line\n\xff", "text:3:5: byte 0xff is not UTF-8; save the file as UTF-8"),
        (b"cut \xc3", "text:1:5: byte 0xc3 is not UTF-8"),
        (b"good line\n\nbad \0 line\n", "text:3:5: a NUL byte; a text file holds none, take it out"),
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
