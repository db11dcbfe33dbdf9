"""Texts of other splits that stand in train."""

from pathlib import Path

import pytest

import rnnpipe.text.tokenized as tokenized_module
from rnnpipe.text.shared_texts import shared_with_train
from rnnpipe.text.tokenized import TokenizedWriter
from rnnpipe.text.tokenizer import build_tokenizer

TEXTS = {
    "train": ["a b c d e", "a b", "", "e d c b a", "a b c d e f"],
    "valid": ["a b c d e", "a b", "b a c d e", "e d c b a", "a b c d e f g"],
    "test": ["a b", "", "d"],
    "other": ["b b b b b", "f f f f f"],
}


def write(folder: Path) -> Path:
    for split, texts in TEXTS.items():
        with TokenizedWriter(folder / f"{split}.parquet", build_tokenizer("whitespace"), "text") as writer:
            for text in texts:
                writer.add_text(text)
    return folder


@pytest.mark.parametrize("group", [10, 2_000_000])
def test_longer_texts_that_stand_in_train_word_for_word_are_counted(
    group: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tokenized_module, "GROUP_CHARACTERS", group)
    assert shared_with_train(write(tmp_path), TEXTS) == {"valid": 50.0, "other": 0.0}


def test_train_alone_shares_with_nobody(tmp_path: Path) -> None:
    assert shared_with_train(write(tmp_path), ["train"]) == {}
