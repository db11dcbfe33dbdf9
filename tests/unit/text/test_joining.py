"""Two tokenized corpora become one plain text, and reading it gives their words back."""

from pathlib import Path

import pytest

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.stages import join_corpora, tokenize
from rnnpipe.text.joining import write_documents
from rnnpipe.text.tokenized import count_tokens

PARAMS = """
seed: 1
corpora:
  first: {format: labelled, splits: {train: a.csv}, unlabelled: [train], licence: none}
  second: {format: text, splits: {train: a.txt, test: b.txt}, words: whitespace, licence: none}
  both: {format: text, splits: {train: train.txt}, words: whitespace, licence: none}
joined:
  both: {first: first, second: second, splits: {first: [train], second: [test, train]}, lowercase: true}
  wrong: {first: first, second: second, splits: {first: [train], second: [unheard]}}
report: {title: t}
"""
TOKENIZED = Path("data/tokenized")


@pytest.fixture
def tokenized(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    texts = {
        "params.yaml": PARAMS,
        "data/raw/first/a.csv": 'text,label\n"A film. Für dich!",\nSecond,\n',
        "data/raw/second/a.txt": "The <unk> end\n\nlast\n",
        "data/raw/second/b.txt": "À la carte\n",
    }
    for name, text in texts.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    for corpus in ("first", "second"):
        tokenize.main(corpus, Path("data/raw") / corpus, TOKENIZED / corpus)
    return tmp_path


def join(name: str) -> None:
    join_corpora.main(name, TOKENIZED / "first", TOKENIZED / "second", Path("data/raw") / name)


def test_the_splits_stand_one_after_the_other_in_the_order_asked_for(tokenized: Path) -> None:
    join("both")
    text = (tokenized / "data/raw/both/train.txt").read_text(encoding="utf-8")
    assert text == "a film . für dich !\nsecond\nà la carte\nthe <unk> end\nlast\n"


def test_reading_it_gives_the_same_words(tokenized: Path) -> None:
    join("both")
    tokenize.main("both", Path("data/raw/both"), TOKENIZED / "both")
    counts = count_tokens(TOKENIZED / "both/train.parquet")
    assert sum(counts.values()) == 6 + 1 + 3 + 4
    assert counts["à"] == counts["<unk>"] == 1


def test_capitals_stay_unless_asked(tokenized: Path) -> None:
    assert write_documents([TOKENIZED / "second/test.parquet"], Path("out.txt")) == 1
    assert Path("out.txt").read_text(encoding="utf-8") == "À la carte\n"


def test_an_unknown_split_is_refused_and_nothing_is_written(tokenized: Path) -> None:
    with pytest.raises(RnnpipeError, match=r"unheard\.parquet: no such split; joined\.wrong\.splits"):
        join("wrong")
    assert not Path("data/raw/wrong").exists()
