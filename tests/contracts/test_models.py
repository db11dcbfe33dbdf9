"""One contract for all models: every task with every cell, in one direction and in two, with every head that the task knows."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import torch
from small_corpora import small_corpus
from small_runs import CELL_NAMES, KINDS, TASKS, saved_model, small_model, small_run
from torch import Tensor

sys.path.insert(0, str(Path(__file__).parent))
from trainings import KILLED, TRAININGS, train

from rnnpipe.batches.batch import IGNORED, Batch, classification_batch, sentence_batch, tagging_batch
from rnnpipe.heads.crf import Crf
from rnnpipe.heads.head import Head
from rnnpipe.inference import open_model
from rnnpipe.models.model import Model
from rnnpipe.tasks.task import task_named

MODELS = [
    pytest.param(task, cell, both, head, id=f"{task}-{cell}{'-bidirectional' if both else ''}-{head}")
    for task in TASKS
    for cell in CELL_NAMES
    for both in ((False,) if task == "language_model" else (False, True))
    for head in task_named(task).heads
]
models = pytest.mark.parametrize(("task", "cell", "both", "head"), MODELS)
BATCHES = {"language_model": sentence_batch, "sentiment": classification_batch, "ner": tagging_batch}


def network(cell: str, both: bool, head: Any, **more: Any) -> dict[str, Any]:
    plain: dict[str, Any] = {"cell": cell, "head": head, "hidden": [8, 7], "layers": 2, **more}
    return {**plain, "bidirectional": True} if both else plain


def build(folder: Path, task: str, **fields: Any) -> Model:
    run = small_run(task, network=fields)
    return small_model(run, small_corpus(folder / "corpus", KINDS[task]), task)[0]


def scores(model: Model, ids: Tensor, lengths: Tensor) -> Tensor:
    return likely(model.head, model(ids, lengths)[0], lengths)


def likely(head: Head, states: Tensor, lengths: Tensor) -> Tensor:
    """Return (log-)probabilities of all that a head chooses from."""
    return head.marginals(states, lengths) if isinstance(head, Crf) else head.log_probabilities(states)


def loss(model: Model, batch: Batch) -> Tensor:
    return model.head.loss(model(batch.ids, batch.lengths)[0], batch.targets) / batch.total


@models
def test_overfits_one_batch(task: str, cell: str, both: bool, head: str, tmp_path: Path) -> None:
    documents = 1 if task == "language_model" else 6  # what follows <eos> can be known of one sentence only
    # Negative sampling draws: with few draws, what is learned of one sentence hangs less on them.
    drawn = head == "negative_sampling"
    kind = {"kind": head, "negative": 2} if drawn else head
    model = build(tmp_path, task, **network(cell, both, kind, layers=1, hidden=16))
    split = small_corpus(tmp_path / "corpus", KINDS[task], longest=5).split("train")
    batch = BATCHES[task](split, split.lengths.argsort()[-documents:])
    optimizer = torch.optim.Adam(model.parameters(), lr=0.05)
    for _ in range(50):
        optimizer.zero_grad()
        loss(model, batch).backward()
        optimizer.step()
    states, _ = model(batch.ids, batch.lengths)
    kept = batch.targets != IGNORED
    if drawn:  # its loss is no likelihood
        assert -model.head.target_log_probabilities(states, batch.targets)[kept].mean().item() < 0.7
    else:
        assert loss(model, batch).item() < 0.1
    right = model.head.decode(states, batch.lengths)[kept] == batch.targets[kept]
    assert right.float().mean().item() >= (0.6 if drawn else 1.0)


@models
def test_a_saved_model_gives_the_same_outputs(task: str, cell: str, both: bool, head: str, tmp_path: Path) -> None:
    model = saved_model(tmp_path / "model", task, network=network(cell, both, head))
    ids, lengths = torch.tensor([[3, 4, 5], [6, 0, 0]]), torch.tensor([3, 1])
    assert torch.equal(scores(open_model(tmp_path / "model", "cpu").model, ids, lengths), scores(model, ids, lengths))


@models
def test_padding_and_batch_mates_change_nothing(task: str, cell: str, both: bool, head: str, tmp_path: Path) -> None:
    model = build(tmp_path, task, **network(cell, both, head)).eval()
    alone = scores(model, torch.tensor([[3, 4, 5]]), torch.tensor([3]))[0]
    ids = torch.tensor([[7, 8, 9, 10, 11], [3, 4, 5, 9, 14], [6, 1, 1, 1, 1]])
    among = scores(model, ids, torch.tensor([5, 3, 0]))[1]
    torch.testing.assert_close(among if task == "sentiment" else among[:3], alone, rtol=1e-5, atol=1e-6)


@models
@pytest.mark.parametrize("length", [0, 1])
def test_empty_and_one_word_input(task: str, cell: str, both: bool, head: str, length: int, tmp_path: Path) -> None:
    model = build(tmp_path, task, **network(cell, both, head))
    states, _ = model(torch.tensor([[3]]), torch.tensor([length]))
    targets = torch.tensor([1] if task == "sentiment" else [[1]])
    total = model.head.loss(states, targets)
    assert total.isfinite()
    total.backward()
    assert all(weight.grad is None or weight.grad.isfinite().all() for weight in model.parameters())
    # Words that never stand in the training text may have probability 0, but no probability is no number.
    assert not likely(model.head, states, torch.tensor([length])).isnan().any()


def test_two_processes_take_the_steps_of_one(tmp_path: Path) -> None:
    script = Path(__file__).parent / "trainings.py"
    environment = {**os.environ, "MASTER_ADDR": "127.0.0.1", "GLOO_SOCKET_IFNAME": "lo"}
    done = subprocess.run(
        [sys.executable, str(script), str(tmp_path)], env=environment, capture_output=True, text=True, timeout=280, check=False
    )
    assert done.returncode == 0, done.stderr
    for name in TRAININGS:
        alone = train(name, tmp_path / "alone", devices=1)
        assert_equal(torch.load(tmp_path / f"{name}.pt"), alone)
        if name in KILLED:  # what two processes carried, one carries on
            assert_equal(train(name, tmp_path / "alone", 1, tmp_path / f"{name}.ckpt"), alone)


def assert_equal(found: Any, expected: Any) -> None:
    for key, weight in expected[0].items():
        torch.testing.assert_close(found[0][key], weight, rtol=0, atol=1e-5)
    assert found[1] == [pytest.approx(row, rel=1e-4) for row in expected[1]]
