"""Labels and tags: every document in its order, read as the model was trained to read it."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from small_corpora import small_corpus
from small_runs import KINDS, saved_model

from rnnpipe.inference import TrainedModel, class_probabilities, open_model, predicted_tags
from rnnpipe.text.encoded import EncodedSplit

BOTH = {"cell": "gru", "bidirectional": True}


def trained(folder: Path, task: str, **changes: Any) -> TrainedModel:
    saved_model(folder / "model", task, **changes)
    return open_model(folder / "model", "cpu")


def scored_split(folder: Path, task: str) -> EncodedSplit:
    return small_corpus(folder / "corpus", KINDS[task]).split("test")


@pytest.mark.parametrize("batch_size", [3, 128])
def test_documents_keep_their_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, batch_size: int) -> None:
    monkeypatch.setattr("rnnpipe.inference.predictions.BATCH_SIZE", batch_size)
    opened, split = trained(tmp_path, "sentiment", network=BOTH, max_length=3), scored_split(tmp_path, "sentiment")
    found = class_probabilities(opened, split)
    assert found.shape == (8, 2)
    for index in range(8):
        last = torch.from_numpy(split.document(index)[-3:].astype("int64"))[None]
        states, _ = opened.model(last, torch.tensor([last.shape[1]]))
        assert found[index] == pytest.approx(opened.model.head.log_probabilities(states)[0].exp().tolist(), abs=1e-5)


@pytest.mark.parametrize("batch_size", [3, 128])
def test_words_keep_their_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, batch_size: int) -> None:
    monkeypatch.setattr("rnnpipe.inference.predictions.BATCH_SIZE", batch_size)
    opened, split = trained(tmp_path, "ner", network=BOTH), scored_split(tmp_path, "ner")
    expected = []
    for index in range(8):
        words = torch.from_numpy(split.document(index).astype("int64"))[None]
        states, _ = opened.model(words, torch.tensor([words.shape[1]]))
        expected += opened.model.head.decode(states, torch.tensor([words.shape[1]]))[0].tolist()
    assert predicted_tags(opened, split).tolist() == expected


def test_tags_are_predicted_where_none_are_known(tmp_path: Path) -> None:
    opened, split = trained(tmp_path, "ner"), scored_split(tmp_path, "ner")
    texts = opened.encode([[opened.vocabulary.tokens[number] for number in split.document(index)] for index in range(8)])
    assert texts.tags is None
    assert predicted_tags(opened, texts).tolist() == predicted_tags(opened, split).tolist()


@pytest.mark.parametrize("task", ["sentiment", "ner"])
def test_empty_texts_and_no_texts(tmp_path: Path, task: str) -> None:
    opened = trained(tmp_path, task)
    for texts, count in (([], 0), ([[]], 1), ([[], ["w1"], []], 3)):
        split = opened.encode(texts)
        if task == "sentiment":
            found = class_probabilities(opened, split)
            assert found.shape == (count, 2)
            assert np.isfinite(found).all()
        else:
            assert len(predicted_tags(opened, split)) == sum(map(len, texts))
