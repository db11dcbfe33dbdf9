from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from small_corpora import small_corpus
from small_runs import KINDS, TASKS, small_run

from rnnpipe.common.files import write_json
from rnnpipe.layers.embedding import OneHot
from rnnpipe.tasks.task import task_named
from rnnpipe.training.start import starting_model


def start(folder: Path, task: str, kind: str, seed: int = 1, **network: Any) -> Any:
    corpus = small_corpus(folder / task, KINDS[task])
    config = {"kind": kind, "dimension": 5} if kind == "random" else {"kind": kind}
    write_json(folder / kind / "config.json", config)
    run = small_run(task, network={"cell": "gru", **network})
    return starting_model(task_named(task), run, corpus, folder / kind, seed)


@pytest.mark.parametrize("task", TASKS)
def test_random_vectors(tmp_path: Path, task: str) -> None:
    model, sizes, coverage = start(tmp_path, task, "random")
    assert model.encoder.embedding.weight.shape == (15, 5)
    assert (sizes.vocabulary_size, sizes.embedding_dimension, sizes.documents, sizes.one_hot) == (15, 5, 24, False)
    assert sizes.outputs == {"language_model": 15, "sentiment": 2, "ner": 3}[task]
    assert coverage == 100.0


@pytest.mark.parametrize("task", TASKS)
def test_one_hot_vectors_are_never_made_as_a_matrix(tmp_path: Path, task: str) -> None:
    model, sizes, _ = start(tmp_path, task, "one_hot")
    assert isinstance(model.encoder.embedding, OneHot)
    assert sizes.one_hot
    assert sizes.embedding_dimension == 15


def test_the_seed_decides_all_weights(tmp_path: Path) -> None:
    first, again, other = (start(tmp_path, "ner", "random", seed)[0].state_dict() for seed in (1, 1, 2))
    assert all(torch.equal(first[name], again[name]) for name in first)
    assert not any(torch.equal(first[name], other[name]) for name in first)


def test_frozen_vectors_stay_frozen_when_they_are_filled_in(tmp_path: Path) -> None:
    model, _, _ = start(tmp_path, "ner", "random", trainable=False)
    assert not model.encoder.embedding.weight.requires_grad
    assert np.isfinite(model.encoder.embedding.weight.numpy()).all()


@pytest.mark.parametrize("head", ["hierarchical", "negative_sampling"])
def test_heads_of_words_get_the_counts_of_the_corpus(tmp_path: Path, head: str) -> None:
    model, _, _ = start(tmp_path, "language_model", "random", head=head)
    assert model.head.outputs == 15
    if head == "negative_sampling":
        assert model.head._log_shares.argmax() == 2, "<eos> stands most often"
