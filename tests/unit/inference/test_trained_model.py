"""A model directory, opened: the rest of what it holds is tested in tests/unit/models."""

from pathlib import Path
from typing import Any

import pytest
import torch
from small_runs import saved_model

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.inference import TrainedModel, open_model
from rnnpipe.text.learned_words import LearnedTokenizer


def trained(folder: Path, task: str, **changes: Any) -> TrainedModel:
    saved_model(folder / "model", task, **changes)
    return open_model(folder / "model", "cpu")


def test_texts_are_cut_as_the_corpus_was_and_unknown_words_are_unknown(tmp_path: Path) -> None:
    opened = trained(tmp_path, "sentiment")
    tokens, _, lengths = opened.batch_tokenizer().tokenize([" w1  strange w2", ""])
    assert (tokens, lengths.tolist()) == (["w1", "strange", "w2"], [3, 0])
    split = opened.encode([["w1", "strange"], [], ["w2"]])
    assert split.ids.tolist() == [4, 1, 5]
    assert split.offsets.tolist() == [0, 2, 2, 3]


def test_a_file_is_no_directory(tmp_path: Path) -> None:
    trained(tmp_path, "sentiment")
    with pytest.raises(RnnpipeError, match=r"config\.json: a file, where the directory of a model is meant"):
        open_model(tmp_path / "model/config.json")


def test_the_words_of_a_corpus_with_tags_are_learned_from_its_vocabulary(tmp_path: Path) -> None:
    assert isinstance(trained(tmp_path, "ner").batch_tokenizer(), LearnedTokenizer)


def test_regimes_come_from_the_model(tmp_path: Path) -> None:
    opened = trained(tmp_path, "sentiment", max_length=3)
    assert opened.regime("max_length") == 3
    assert opened.regime("batching") is None
    assert opened.device == torch.device("cpu")
