"""One contract for all networks: every task with every cell, in one direction and in two."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from small_corpora import small_corpus
from torch import Tensor
from torch.nn import functional

sys.path.insert(0, str(Path(__file__).parent))
from rnnpipe.networks.build import NetworkConfig, build_network
from rnnpipe.networks.model_directory import load_model, save_model
from rnnpipe.text.batches import IGNORED, Batch, classification_batch, sentence_batch, tagging_batch
from trainings import NAMES, train

CELLS = ("rnn", "gru_simple", "gru", "lstm", "gru_fused")
MODELS = [
    pytest.param(task, cell, both, id=f"{task}-{cell}{'-bidirectional' if both else ''}")
    for task in ("language_model", "sentiment", "ner")
    for cell in CELLS
    for both in ((False,) if task == "language_model" else (False, True))
]
models = pytest.mark.parametrize(("task", "cell", "both"), MODELS)
KINDS = {"language_model": "text", "sentiment": "labelled", "ner": "columns"}
BATCHES = {"language_model": sentence_batch, "sentiment": classification_batch, "ner": tagging_batch}
OUTPUTS = {"language_model": 15, "sentiment": 2, "ner": 3}


def config(task, cell, both, **more) -> NetworkConfig:
    sizes = {"hidden": 8, "layers": 2, "vocabulary_size": 15, "embedding_dimension": 6, "outputs": OUTPUTS[task]}
    return NetworkConfig(task=task, cell=cell, bidirectional=both, **{**sizes, **more})


def logits(network, ids: Tensor, lengths: Tensor) -> Tensor:
    result = network(ids, lengths)
    return result[0] if isinstance(result, tuple) else result


def loss(network, batch: Batch) -> Tensor:
    scores = logits(network, batch.ids, batch.lengths).flatten(0, -2)
    return functional.cross_entropy(scores, batch.targets.flatten(), ignore_index=IGNORED)


@models
def test_overfits_one_batch(task, cell, both, tmp_path: Path) -> None:
    documents = 1 if task == "language_model" else 6  # what follows <eos> can be known of one sentence only
    split = small_corpus(tmp_path, KINDS[task]).split("train")
    batch = BATCHES[task](split, split.lengths.argsort()[-documents:])
    torch.manual_seed(0)
    network = build_network(config(task, cell, both, layers=1, hidden=16))
    optimizer = torch.optim.Adam(network.parameters(), lr=0.05)
    for _ in range(60):
        optimizer.zero_grad()
        loss(network, batch).backward()
        optimizer.step()
    assert loss(network, batch).item() < 0.1


@models
def test_a_saved_network_gives_the_same_outputs(task, cell, both, tmp_path: Path) -> None:
    corpus = small_corpus(tmp_path / "corpus", KINDS[task])
    torch.manual_seed(0)
    described = config(task, cell, both)
    network = build_network(described).eval()
    (tmp_path / "model").mkdir()
    save_model(tmp_path / "model", network, {"task": task, "network": described.to_dict()}, corpus, [{"epoch": 1}])
    ids, lengths = torch.tensor([[3, 4, 5], [6, 0, 0]]), torch.tensor([3, 1])
    assert torch.equal(logits(load_model(tmp_path / "model").network, ids, lengths), logits(network, ids, lengths))


@models
def test_padding_and_batch_mates_change_nothing(task, cell, both) -> None:
    torch.manual_seed(0)
    network = build_network(config(task, cell, both)).eval()
    alone = logits(network, torch.tensor([[3, 4, 5]]), torch.tensor([3]))[0]
    ids = torch.tensor([[7, 8, 9, 10, 11], [3, 4, 5, 9, 14], [6, 1, 1, 1, 1]])
    among = logits(network, ids, torch.tensor([5, 3, 0]))[1]
    torch.testing.assert_close(among if task == "sentiment" else among[:3], alone, rtol=1e-5, atol=1e-6)


@models
@pytest.mark.parametrize("length", [0, 1])
def test_empty_and_one_word_input(task, cell, both, length: int) -> None:
    network = build_network(config(task, cell, both))
    scores = logits(network, torch.tensor([[3]]), torch.tensor([length]))
    assert scores.isfinite().all()
    scores.sum().backward()
    assert all(weight.grad is None or weight.grad.isfinite().all() for weight in network.parameters())


def test_two_processes_take_the_steps_of_one(tmp_path: Path) -> None:
    script = Path(__file__).parent / "trainings.py"
    environment = {**os.environ, "MASTER_ADDR": "127.0.0.1", "GLOO_SOCKET_IFNAME": "lo"}
    done = subprocess.run(
        [sys.executable, str(script), str(tmp_path)], env=environment, capture_output=True, text=True, timeout=280, check=False
    )
    assert done.returncode == 0, done.stderr
    for name in NAMES:
        weights, history = train(name, tmp_path / "alone", devices=1)
        found, found_history = torch.load(tmp_path / f"{name}.pt")
        for key, weight in weights.items():
            torch.testing.assert_close(found[key], weight, rtol=0, atol=1e-5)
        assert found_history == [pytest.approx(row, rel=1e-4) for row in history]
