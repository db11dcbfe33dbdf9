"""A model directory, opened: the rest of what it holds is tested in tests/unit/models."""

from pathlib import Path
from typing import Any

import torch
from small_runs import saved_model

from rnnpipe.inference import TrainedModel, open_model


def trained(folder: Path, task: str, **changes: Any) -> TrainedModel:
    saved_model(folder / "model", task, **changes)
    return open_model(folder / "model", "cpu")


def test_texts_are_cut_as_the_corpus_was_and_unknown_words_are_unknown(tmp_path: Path) -> None:
    opened = trained(tmp_path, "sentiment")
    assert opened.words(" w1  strange w2") == ["w1", "strange", "w2"]
    split = opened.encode([opened.words("w1 strange"), [], ["w2"]])
    assert split.ids.tolist() == [4, 1, 5]
    assert split.offsets.tolist() == [0, 2, 2, 3]


def test_regimes_come_from_the_model(tmp_path: Path) -> None:
    opened = trained(tmp_path, "sentiment", max_length=3)
    assert opened.regime("max_length") == 3
    assert opened.regime("batching") is None
    assert opened.device == torch.device("cpu")
