"""Raw files through tokenize, build_vocabulary and encode, each called as dvc.yaml calls it."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.common.files import sha256_of, sha256_of_tree
from rnnpipe.corpora.tagging import breaks_scheme
from rnnpipe.params import TextCorpus, load_params
from rnnpipe.stages import build_vocabulary, encode, fetch_corpus, tokenize
from rnnpipe.text.encoded import EncodedCorpus

PARAMS = """
seed: 7
downloads:
  fetched:
    file: a.zip
    checksums: [CHECKSUM]
    extract: {train.jsonl: "t/{label}/{id}.txt"}
    licence: none
  imdb:
    file: aclImdb_v1.tar.gz
    checksums: ["sha256:e2a5b570754ea95d02369876066baab7a6bb202521e43ce4953fb51734b9e6c9"]
    extract: {train.jsonl: "aclImdb/test/{label:neg|pos}/{id}_{rating}.txt"}
    licence: research
  wikitext2:
    file: wikitext-2-v1.zip
    checksums: ["sha256:8199bdfbb3f074ade3f1bc7d45a9d26949ff934a3f9a5b95eff5ac3dcefa9168"]
    extract:
      train.txt: wikitext-2/wiki.train.tokens
      valid.txt: wikitext-2/wiki.valid.tokens
      test.txt: wikitext-2/wiki.test.tokens
    licence: CC BY-SA
  conll2003:
    file: conll2003.zip
    checksums: ["sha256:bdd52ccbe8dbcfb8f34f544450f05ca024c070dd9fd47e49c1c7ba5637a597d2"]
    extract: {eng.train: eng.train}
    licence: Reuters
corpora:
  fetched: {format: labelled, splits: {train: train.jsonl}, licence: none}
  hindi: {format: text, splits: {train: t.txt}, hold_out: {test: 0.3}, vocabulary: {size: 4}, licence: none}
  tags: {format: columns, splits: {train: t.conll}, lowercase: true, licence: none}
  imdb: {format: labelled, splits: {train: train.jsonl}, lowercase: true, html_breaks: remove, licence: research}
  wikitext2:
    format: text
    words: whitespace
    blank_lines: keep
    splits: {train: train.txt, valid: valid.txt, test: test.txt}
    licence: CC BY-SA
  conll2003: {format: columns, splits: {train: eng.train}, licence: Reuters}
report: {title: t}
"""


@pytest.fixture
def workspace(tmp_path, monkeypatch):
    mirror = tmp_path / "mirror"
    mirror.mkdir()
    with zipfile.ZipFile(mirror / "a.zip", "w") as archive:
        for name, text in {"t/good/10.txt": "It is good", "t/bad/2.txt": "bad\nbad film"}.items():
            archive.writestr(zipfile.ZipInfo(name), text)
    monkeypatch.chdir(tmp_path)
    Path("params.yaml").write_text(PARAMS.replace("CHECKSUM", "sha256:" + sha256_of(mirror / "a.zip")))
    return tmp_path


def encoded(name):
    """Run the three stages on data/raw/<name>."""
    vocabulary = Path(f"data/vocabulary/{name}.tsv")
    tokenize.main(name, Path("data/raw", name), Path("data/tokenized", name))
    build_vocabulary.main(name, Path("data/tokenized", name), vocabulary, Path(f"reports/vocabulary/{name}/metrics.json"))
    encode.main(Path("data/tokenized", name), vocabulary, Path("data/encoded", name))
    return EncodedCorpus.open(Path("data/encoded", name))


def raw(name, file, text):
    path = Path("data/raw", name, file)
    path.parent.mkdir(parents=True)
    path.write_bytes(text.encode())


def words(corpus, split):
    part = corpus.split(split)
    return [[corpus.vocabulary.tokens[number] for number in part.document(i)] for i in range(len(part))]


def fetch(name, monkeypatch, mirror):
    monkeypatch.setenv("RNNPIPE_MIRROR", str(mirror))
    fetch_corpus.main(name, Path("data/raw", name))


def test_a_fetched_corpus(workspace, monkeypatch):
    fetch("fetched", monkeypatch, workspace / "mirror")
    corpus = encoded("fetched")
    assert words(corpus, "train") == [["bad", "bad", "film"], ["It", "is", "good"]]
    assert corpus.meta["labels"] == ["bad", "good"]
    assert corpus.split("train").labels.tolist() == [0, 1]
    assert corpus.meta["splits"] == {"train": {"documents": 2, "tokens": 6}}


@pytest.mark.usefixtures("workspace")
def test_text_in_another_script_with_a_held_out_split():
    raw("hindi", "t.txt", "".join(f"नमस्ते दुनिया {number}\n" for number in range(40)))
    corpus = encoded("hindi")
    metrics = json.loads(Path("reports/vocabulary/hindi/metrics.json").read_text())
    assert metrics["size"] == len(corpus.vocabulary) == 7
    assert metrics["splits"]["test"]["oov_rate"] == pytest.approx(100 - metrics["splits"]["test"]["coverage"])
    assert corpus.vocabulary.tokens[3:5] == ["दुनिया", "नमस्ते"]
    assert len(corpus.split("train")) + len(corpus.split("test")) == 40


@pytest.mark.usefixtures("workspace")
def test_tags_of_another_scheme_become_iob2():
    raw("tags", "t.conll", "Ann B-PER\nLee E-PER\nin O\n\nRome S-LOC\n")
    corpus = encoded("tags")
    assert words(corpus, "train") == [["ann", "lee", "in"], ["rome"]]
    assert [corpus.meta["tags"][tag] for tag in corpus.split("train").tags] == ["B-PER", "I-PER", "O", "B-LOC"]
    assert json.loads(Path("data/tokenized/tags/meta.json").read_text())["scheme"] == "BIOES"


@pytest.mark.usefixtures("workspace")
def test_the_same_bytes_with_dos_line_ends_and_any_number_of_threads():
    text = "".join(f"नमस्ते दुनिया {number}\n" for number in range(40))
    raw("hindi", "t.txt", text)
    encoded("hindi")
    sums = [sha256_of_tree(Path("data", kind, "hindi")) for kind in ("tokenized", "encoded")]
    Path("data/raw/hindi/t.txt").write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    command = [sys.executable, "-m", "rnnpipe.stages.tokenize", "--threads", "2", "--corpus", "hindi"]
    subprocess.run([*command, "--raw", "data/raw/hindi", "--out", "data/tokenized/hindi"], check=True)
    encode.main(Path("data/tokenized/hindi"), Path("data/vocabulary/hindi.tsv"), Path("data/encoded/hindi"))
    assert [sha256_of_tree(Path("data", kind, "hindi")) for kind in ("tokenized", "encoded")] == sums


@pytest.mark.usefixtures("workspace")
def test_a_refused_corpus_is_one_line_and_leaves_the_old_output():
    raw("hindi", "t.txt", "एक दो\n" * 3 + "तीन\n" * 3 + "चार\nपाँच\nछह\nसात\nआठ\n")
    encoded("hindi")
    before = sha256_of_tree(Path("data/tokenized"))
    Path("data/raw/hindi/t.txt").write_bytes(b"one\ntwo \xff\n")
    command = [sys.executable, "-m", "rnnpipe.stages.tokenize", "--corpus", "hindi", "--raw", "data/raw/hindi"]
    done = subprocess.run([*command, "--out", "data/tokenized/hindi"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert done.stderr.startswith("error: data/raw/hindi/t.txt:2:5: byte 0xff is not UTF-8")
    assert sha256_of_tree(Path("data/tokenized")) == before
    assert [path.name for path in Path("data/tokenized").iterdir()] == ["hindi"]


@pytest.mark.usefixtures("workspace")
def test_an_unknown_corpus_is_told():
    for run in (
        lambda: fetch_corpus.main("nope", Path("out")),
        lambda: tokenize.main("nope", Path("raw"), Path("out")),
        lambda: build_vocabulary.main("nope", Path("tokenized"), Path("out"), Path("metrics")),
    ):
        with pytest.raises(RnnpipeError, match=r"params\.yaml: \w+\.nope: no such entry"):
            run()


@pytest.fixture
def real_mirror(workspace):
    mirror = os.environ.get("RNNPIPE_MIRROR")
    if not mirror:
        pytest.skip("RNNPIPE_MIRROR is not set: a folder with the archives of IMDb, WikiText-2 and CoNLL-2003")
    return Path(mirror)


@pytest.mark.real_text
def test_conll2003_has_the_published_counts(real_mirror, monkeypatch):
    fetch("conll2003", monkeypatch, real_mirror)
    lines = Path("data/raw/conll2003/eng.train").read_text().split("\n")
    raw_tags = [line.split()[-1] for line in lines if line and not line.startswith("-DOCSTART-")]
    assert sum(tag.startswith("B-") for tag in raw_tags) == 70
    corpus = encoded("conll2003")
    assert corpus.meta["splits"]["train"] == {"documents": 14041, "tokens": 203621}
    assert json.loads(Path("data/tokenized/conll2003/meta.json").read_text())["scheme"] == "IOB1"
    split = corpus.split("train")
    assert not any(breaks_scheme([corpus.meta["tags"][tag] for tag in split.document_tags(i)], "IOB2") for i in range(14041))
    # Tjong Kim Sang & De Meulder 2003, table 2: LOC 7140, MISC 3438, ORG 6321, PER 6600.
    starts = {corpus.meta["tags"][tag]: int(count) for tag, count in enumerate(np.bincount(split.tags))}
    assert [starts[f"B-{entity}"] for entity in ("LOC", "MISC", "ORG", "PER")] == [7140, 3438, 6321, 6600]


@pytest.mark.real_text
def test_wikitext2_has_the_published_counts(real_mirror, monkeypatch):
    fetch("wikitext2", monkeypatch, real_mirror)
    corpus = encoded("wikitext2")
    assert [corpus.meta["splits"][split]["tokens"] for split in ("train", "valid", "test")] == [2_051_910, 213_886, 241_211]
    # A language model predicts every word and, at the end of every line, blank or not, <eos>.
    predictions = {split: size["tokens"] + size["documents"] for split, size in corpus.meta["splits"].items()}
    assert predictions == {"train": 2_088_628, "valid": 217_646, "test": 245_569}
    # The standard 33,278 are the words of train, the text's own <unk> and <eos>; <pad>, beside them here, is never predicted.
    assert len(corpus.vocabulary) - len(["<pad>"]) == 33_278
    assert corpus.characters("test") == len(Path("data/raw/wikitext2/test.txt").read_text()) - _spaces_around_lines()


def _spaces_around_lines() -> int:
    lines = Path("data/raw/wikitext2/test.txt").read_text().split("\n")[:-1]
    return sum(len(line) - len(line.strip()) for line in lines)


def test_the_lecture_keeps_the_blank_lines_of_wikitext2() -> None:
    entry = load_params(Path(__file__).parents[3] / "presets/lecture.yaml").corpora["wikitext2"]
    assert isinstance(entry, TextCorpus)
    assert entry.blank_lines == "keep"


@pytest.mark.real_text
def test_imdb_reviews_are_clean_and_labelled(real_mirror, monkeypatch):
    fetch("imdb", monkeypatch, real_mirror)
    corpus = encoded("imdb")
    assert np.bincount(corpus.split("train").labels).tolist() == [12_500, 12_500]
    assert "<br" not in corpus.vocabulary.ids
    assert all(token == token.lower() for token in corpus.vocabulary.tokens[:1000])
