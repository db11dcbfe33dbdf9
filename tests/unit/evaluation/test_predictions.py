from pathlib import Path

import pytest
import torch
from rnnpipe.evaluation.predictions import class_probabilities, predicted_tags
from rnnpipe.networks.build import NetworkConfig, build_network
from small_corpora import small_corpus

from rnnpipe.evaluation import predictions


def network(task: str, outputs: int) -> torch.nn.Module:
    torch.manual_seed(1)
    config = NetworkConfig(
        task=task, cell="gru", hidden=5, bidirectional=True, vocabulary_size=15, embedding_dimension=4, outputs=outputs
    )
    return build_network(config).eval()


@pytest.mark.parametrize("batch_size", [3, 128])
def test_documents_keep_their_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, batch_size: int) -> None:
    monkeypatch.setattr(predictions, "BATCH_SIZE", batch_size)
    split, model = small_corpus(tmp_path / "corpus", "labelled").split("test"), network("sentiment", 2)
    found = class_probabilities(model, split, max_length=3)
    assert found.shape == (8, 2)
    for index in range(8):
        last = torch.from_numpy(split.document(index)[-3:].astype("int64"))[None]
        assert found[index] == pytest.approx(model(last, torch.tensor([last.shape[1]])).softmax(-1)[0].tolist(), abs=1e-5)


@pytest.mark.parametrize("batch_size", [3, 128])
def test_words_keep_their_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, batch_size: int) -> None:
    monkeypatch.setattr(predictions, "BATCH_SIZE", batch_size)
    split, model = small_corpus(tmp_path / "corpus", "columns").split("test"), network("ner", 3)
    expected = []
    for index in range(8):
        words = torch.from_numpy(split.document(index).astype("int64"))[None]
        expected += model(words, torch.tensor([words.shape[1]])).argmax(-1)[0].tolist()
    assert predicted_tags(model, split).tolist() == expected
