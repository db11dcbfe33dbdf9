"""Whatever bytes a person's file holds, a reader gives a result or one line that says what is wrong: never a traceback.

By default a few inputs for each reader; `RNNPIPE_EXAMPLES=20000 pytest tests/contracts/test_readers.py` is the long form.
"""

import gzip
import io
import logging
import os
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.corpora.agreement_files import read_gulordava, read_linzen
from rnnpipe.corpora.archive import extract
from rnnpipe.corpora.pairs import read_pairs
from rnnpipe.corpora.reading import CorpusReader
from rnnpipe.embeddings.formats import read_published
from rnnpipe.embeddings.intrinsic.questions import read_analogies, read_features, read_similarities
from rnnpipe.params import ColumnsCorpus, LabelledCorpus, TextCorpus, load_params
from rnnpipe.text.plain import read_plain

EXAMPLES = int(os.environ.get("RNNPIPE_EXAMPLES", "40"))
PARAMS = b"""\
seed: 1
counting_shards: [1]
corpora:
  tickets: &one {format: labelled, splits: {train: t.csv, valid: v.csv}, licence: MIT}
  again: {<<: *one, licence: '2021'}
embeddings:
  random-32: {kind: random, dimension: 32}
sentiment:
  defaults: {network: {hidden: 32}, optimizer: {learning_rate: 6e-3}}
  runs:
    gru: {corpus: tickets, embedding: random-32, network: {cell: gru}}
report: {title: "small"}
"""
CSV = b'text,label\n"good, very",pos\n"two\nlines, ""bad""",neg\n'
CONLL = b"-DOCSTART- O\n\n# text = Ann\nAnn B-PER\nLee I-PER\n\nRome B-LOC\n"
VECTORS = b"king 0.1 2 3e-2\n. . . 1 2 3\nqueen 4 5 6\n"
RECORD = b"\xcd\xcc\xcc\x3d\x00\x00\x80\x3f\x00\x00\x00\x40"
BINARY = b"2 3\nking " + RECORD + b"\nqueen " + RECORD + b"\n"


def tar() -> bytes:
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w:gz") as archive:
        info = tarfile.TarInfo("a/1.txt")
        info.size = 4
        archive.addfile(info, io.BytesIO(b"good"))
    return content.getvalue()


def zipped(content: bytes) -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("a/1.txt"), content)
    return whole.getvalue()


def corpus(kind: Any, file: str, **settings: Any) -> Callable[[Path], Any]:
    """Return a reader of a corpus whose train split is the file given to it."""

    def read(path: Path) -> None:
        path.rename(path.with_name(file.replace("{", "").replace("}", "")))
        entry = kind(splits={"train": file}, licence="none", **settings)
        for _ in CorpusReader.open(entry, path.parent, 1).examples():
            pass

    return read


def vectors(file_format: Any) -> Callable[[Path], Any]:
    return lambda path: read_published(path, file_format, {"king", "queen", "new york"})


def archive(name: str) -> Callable[[Path], Any]:
    def read(path: Path) -> None:
        path.rename(path.with_name(name))
        (path.parent / "out").mkdir()
        wanted = {"one.txt": "1.txt"} if name == "1.txt.gz" else {"one.txt": "a/1.txt", "all.jsonl": "a/{id}.txt"}
        extract(path.with_name(name), wanted, path.parent / "out")

    return read


def plain(path: Path) -> None:
    (path.parent / "ids").mkdir()
    read_plain(path, path.parent / "ids")


def linzen(path: Path) -> None:
    path.with_name("l.text").write_text("the dogs bark . <eos>\n")
    path.with_name("l.eval").write_text("2\n")
    path.rename(path.with_name("l.gold"))
    list(read_linzen(path.with_name("l"), "l"))


GULORDAVA = (
    b"constr_id\tsent_id\tform\tclass\ttype\tprefix\tn_attr\tlen_context\n"
    b'1\t0\tgo\tcorrect\toriginal\t"I say ""we"""\t0\t4\n1\t0\tgoes\twrong\toriginal\t"I say ""we"""\t0\t4\n'
)
LABELLED: dict[str, Any] = {"format": "labelled"}
READERS: dict[str, tuple[Callable[[Path], Any], bytes]] = {
    "params": (load_params, PARAMS),
    "csv": (corpus(LabelledCorpus, "t.csv", **LABELLED), CSV),
    "tsv": (corpus(LabelledCorpus, "t.tsv", **LABELLED), b'text\tlabel\n"good, very\tpos\nbad\tneg\n'),
    "jsonl": (corpus(LabelledCorpus, "t.jsonl", **LABELLED), b'{"text": "good", "label": "pos"}\n{"text": "bad", "label": 1}\n'),
    "folder": (corpus(LabelledCorpus, "{label}.{id}", **LABELLED, unlabelled=("train",)), b"good\n"),
    "conll": (corpus(ColumnsCorpus, "t.conll", format="columns"), CONLL),
    "conll, tabs": (corpus(ColumnsCorpus, "t.conll", format="columns", separator="tab"), CONLL.replace(b" ", b"\t")),
    "text": (corpus(TextCorpus, "t.txt", format="text"), b"one two\n\xe0\xa4\x95 three\n"),
    "text, whole": (corpus(TextCorpus, "t.txt", format="text", unit="file"), b"one two\n\nthree\n"),
    "pairs": (read_pairs, b"distance\tprefix\tgood\tbad\n3\tthe dogs\tbark\tbarks\n"),
    "pairs, grouped": (read_pairs, b"distance\tprefix\tgood\tbad\tgroup\tattractors\n3\tthe dogs\tbark\tbarks\tour own\t0\n"),
    "gulordava": (lambda path: list(read_gulordava(path, "g")), GULORDAVA),
    "linzen": (linzen, b"2\tbark\tbarks\t0\n"),
    "plain": (plain, b"one two one\nthree one\n"),
    "glove-text": (vectors("glove-text"), VECTORS),
    "word2vec-text": (vectors("word2vec-text"), b"3 3\n" + VECTORS),
    "word2vec-binary": (vectors("word2vec-binary"), BINARY),
    "binary without line feeds": (vectors("word2vec-binary"), BINARY.replace(b"\n", b"").replace(b"2 3", b"2 3\n")),
    "glove-text, gzip": (vectors("glove-text"), gzip.compress(VECTORS, mtime=0)),
    "word2vec-binary, zip": (vectors("word2vec-binary"), zipped(BINARY)),
    "similarities": (read_similarities, b"word\tword\tscore\n# one\nking\tqueen\t8.5\n"),
    "analogies": (read_analogies, b": family\nking queen man woman\n"),
    "features": (read_features, b"word\tage\troyal\nking\t0.7\t1\n"),
    "tar": (archive("a.tar.gz"), tar()),
    "zip": (archive("a.zip"), zipped(b"good")),
    "gz": (archive("1.txt.gz"), gzip.compress(b"good", mtime=0)),
}
BYTES = [
    b"\0",
    b"\xff",
    b"\xe2\x80",
    b"\xef\xbb\xbf",
    b"\xff\xfe",
    b"\xc2\xa0",
    b"\xed\xa0\x80",
    b"\x1b[31m",
    b"\x1f\x8b",
    b"PK\3\4",
]
SPACES = [b"\r", b"\r\n", b"\n", b"\n\n", b"\t", b" ", b"  "]
MARKS = [b'"', b"'", b",", b";", b"|", b":", b": ", b"- ", b"{", b"}", b"[", b"]", b"#"]
YAML = [b"&a ", b"*a", b"!!", b"<<: ", b"---\n", b"\\u0000"]
NUMBERS = [b"9" * 5000, b"1e999", b"-1", b"nan", b"inf", b"0x10", b"2024-05-01", b"true", b"null", b"999999999999 999999999999\n"]
OTHERS = [b"\x1b[31m", b"a" * 300, b"[" * 2000, b"B-", b"L-PER", b"U-X|Y", b"o", b"-DOCSTART-"]
PIECES = st.sampled_from([*BYTES, *SPACES, *MARKS, *YAML, *NUMBERS, *OTHERS])


@st.composite
def spoilt(draw: st.DrawFn, sample: bytes) -> bytes:
    """Draw a good file with a few pieces cut out, doubled, or put in; or bytes that are nothing at all."""
    content = sample
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, len(content)))
        end = draw(st.integers(at, min(len(content), at + draw(st.sampled_from([0, 1, 8, 10_000])))))
        inside = draw(st.one_of(PIECES, st.binary(max_size=8), st.just(content[at:end] * 2)))
        content = content[:at] + inside + content[end:]
    return content


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def read_or_refuse(read: Callable[[Path], Any], folder: Path) -> None:
    try:
        read(folder / "file")
    except RnnpipeError as error:
        assert "\n" not in str(error), str(error)
        assert str(error)


@pytest.mark.parametrize("name", READERS)
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_any_bytes_are_read_or_refused_in_one_line(
    tmp_path_factory: pytest.TempPathFactory, name: str, data: st.DataObject
) -> None:
    read, sample = READERS[name]
    content = data.draw(st.one_of(spoilt(sample), spoilt(sample), st.binary(max_size=200)))
    folder = tmp_path_factory.getbasetemp() / "readers"
    folder.mkdir(exist_ok=True)
    for path in sorted(folder.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    (folder / "file").write_bytes(content)
    read_or_refuse(read, folder)


@pytest.mark.parametrize("name", READERS)
def test_good_files_are_read(tmp_path: Path, name: str) -> None:
    read, sample = READERS[name]
    (tmp_path / "file").write_bytes(sample)
    read(tmp_path / "file")


@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize("kind", ["directory", "empty", "unreadable"])
def test_what_holds_nothing_is_read_or_refused(tmp_path: Path, name: str, kind: str) -> None:
    read, _ = READERS[name]
    path = tmp_path / "file"
    path.mkdir() if kind == "directory" else path.write_bytes(b"")
    if kind == "unreadable":
        path.chmod(0)
    read_or_refuse(read, tmp_path)
