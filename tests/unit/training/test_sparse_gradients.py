"""Gradients of word vectors that hold the rows of a batch's words alone: the same training in less time."""

import pytest
import torch
from small_corpora import small_corpus
from small_runs import small_model, small_run

from rnnpipe.params import Optimizer
from rnnpipe.tasks.task import task_named
from rnnpipe.training.optimizers import clip_gradients, configured, make_sparse, sparse_embeddings
from rnnpipe.training.trainer import fit

SGD = {"kind": "sgd", "learning_rate": 5.0, "clip": 0.5}


def trained(folder, monkeypatch, sparse, **optimizer):
    if not sparse:
        monkeypatch.setattr("rnnpipe.training.module.make_sparse", lambda *given, **named: None)
    fields = {"optimizer": {**SGD, **optimizer}, "trainer": {"epochs": 2}, "batching": "stream", "bptt": 5}
    run, corpus = small_run("language_model", network={"cell": "lstm"}, **fields), small_corpus(folder)
    model, _ = small_model(run, corpus, "language_model")
    return fit(task_named("language_model"), run, model, corpus, 1), model


@pytest.mark.parametrize(
    "optimizer", [{}, {"schedule": "one_cycle"}, {"clip": None, "learning_rate": 0.5}, {"average_from": 0.5}]
)
def test_the_same_weights_come_of_it(optimizer, tmp_path, monkeypatch):
    history, model = trained(tmp_path, monkeypatch, True, **optimizer)
    other_history, other = trained(tmp_path, monkeypatch, False, **optimizer)
    assert model.encoder.embedding.sparse
    assert not other.encoder.embedding.sparse
    assert history[-1]["train_loss"] == pytest.approx(other_history[-1]["train_loss"], rel=1e-5)
    for found, expected in zip(model.parameters(), other.parameters(), strict=True):
        torch.testing.assert_close(found, expected, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize(
    ("network", "optimizer", "alone", "sparse"),
    [
        ({}, {"kind": "sgd"}, True, True),
        ({}, {"kind": "adamw"}, True, False),
        ({}, {"kind": "sgd", "weight_decay": 0.1}, True, False),
        ({"tied": True}, {"kind": "sgd"}, True, False),
        ({"trainable": False}, {"kind": "sgd"}, True, False),
        ({}, {"kind": "sgd"}, False, False),
    ],
)
def test_only_where_the_optimizer_leaves_other_rows_alone(network, optimizer, alone, sparse, tmp_path):
    model, _ = small_model(small_run("language_model", network=network), small_corpus(tmp_path), "language_model")
    make_sparse(Optimizer(**optimizer), model, alone)
    assert bool(sparse_embeddings(model)) is sparse
    groups = configured(Optimizer(**optimizer), model, 10).param_groups
    assert sum(len(group["params"]) for group in groups) == sum(weight.requires_grad for weight in model.parameters())


@pytest.mark.parametrize("bound", [0.1, 1e6, float("inf")])
def test_gradients_are_clipped_as_torch_clips_them(bound):
    torch.manual_seed(1)
    dense, ids = torch.randn(7, 3, requires_grad=True), torch.tensor([1, 1, 4])
    rows, same_rows = (torch.ones(6, 2).requires_grad_() for _ in range(2))
    other = dense.detach().clone().requires_grad_()
    for weight, matrix, sparse in ((dense, rows, True), (other, same_rows, False)):
        (weight.square().sum() + torch.nn.functional.embedding(ids, matrix, sparse=sparse).square().sum()).backward()
    norm = clip_gradients([dense, rows, torch.zeros(1)], bound)
    torch.testing.assert_close(norm, torch.nn.utils.clip_grad_norm_([other, same_rows], bound))
    torch.testing.assert_close(dense.grad, other.grad)
    torch.testing.assert_close(rows.grad.to_dense(), same_rows.grad)
