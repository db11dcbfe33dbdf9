"""A language model in training: the strongest recipe in small, and what its validation may not depend on."""

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from ruamel.yaml import YAML
from small_corpora import small_corpus
from small_runs import small_model, small_run

from rnnpipe.models.history import History
from rnnpipe.models.model import Model
from rnnpipe.models.model_directory import fill, save_model
from rnnpipe.params import LanguageModelRun, load_params
from rnnpipe.tasks.task import task_named
from rnnpipe.text.encoded import EncodedCorpus
from rnnpipe.training.module import TaskModule
from rnnpipe.training.trainer import fit

TASK = task_named("language_model")
ROOT = Path(__file__).parents[3]
STILL = {"kind": "sgd", "learning_rate": 1e-30}
"""Steps that change no weight."""


def trained(folder: Path, model_changes: Any = None, **fields: Any) -> tuple[Model, History]:
    corpus, run = small_corpus(folder / "corpus", longest=20), small_run("language_model", **fields)
    model, _ = small_model(run, corpus, "language_model")
    if model_changes:
        model_changes(model)
    return model, fit(TASK, run, model, corpus, 1)


# --- the preset `leading`, in small


def leading(name: str, **changes: Any) -> LanguageModelRun:
    """Return a run of presets/leading.yaml with other sizes and a rate for them; all else is the preset's."""
    settings = load_params(ROOT / "presets/leading.yaml").run("language_model", name).model_dump()
    for key, value in changes.items():
        settings[key] = {**settings[key], **value} if isinstance(value, dict) else value
    return LanguageModelRun.model_validate(settings)


def cyclic(folder: Path) -> Any:
    """Return a corpus whose words follow each other in a circle, so that there is something to learn."""
    corpus = small_corpus(folder, train=120, longest=20)
    for split in ("train", "valid"):
        words = np.arange(len(corpus.split(split).ids))
        np.save(folder / f"{split}.ids.npy", (3 + words % 12).astype(np.uint16))
    return EncodedCorpus.open(folder)


@pytest.mark.parametrize(("name", "head"), [("awd-lstm", {}), ("awd-lstm-mixture", {"kind": "mixture", "softmaxes": 3})])
def test_200_steps_of_the_leading_recipe(tmp_path: Path, name: str, head: dict[str, Any]) -> None:
    network = {"hidden": (20, 20, 16), **({"head": head} if head else {})}
    small = {"batch_size": 8, "epochs": 16, "precision": "32"}
    run = leading(name, network=network, trainer=small, bptt=14, bptt_spread=1.0, optimizer={"learning_rate": 10.0})
    corpus = cyclic(tmp_path)
    model, _ = small_model(run, corpus, "language_model", dimension=16)
    history = fit(TASK, run, model, corpus, 1)
    assert history[-1]["step"] >= 200
    assert history[-1]["train_loss"] < history[0]["train_loss"] - 0.1
    if not head:  # after so few steps a mixture knows how frequent words are, and not yet which follows which
        assert history[-1]["validation_loss"] < math.log(12) < history[0]["train_loss"]
    assert model.head.theta.weight is model.encoder.embedding.weight


def test_each_of_its_dropouts_acts_in_training_and_none_in_evaluation(tmp_path: Path) -> None:
    names = ("embedding_dropout", "input_dropout", "weight_dropout", "layer_dropout", "dropout")
    none = dict.fromkeys(names, 0.0)
    corpus, ids, lengths = cyclic(tmp_path), torch.randint(3, 15, (4, 9)), torch.full((4,), 9)
    sizes = {"hidden": (20, 20, 16)}
    for active in names:
        run = leading("awd-lstm", network={**sizes, **none, active: 0.5})
        model, _ = small_model(run, corpus, "language_model", dimension=16)
        assert not torch.equal(model(ids, lengths)[0], model(ids, lengths)[0]), active
        model.eval()
        once = model(ids, lengths)[0]
        assert torch.equal(once, model(ids, lengths)[0])
        plain, _ = small_model(leading("awd-lstm", network={**sizes, **none}), corpus, "language_model", dimension=16)
        assert torch.equal(once, plain(ids, lengths)[0]), "dropout draws no weights"


def test_the_preset_is_awd_lstm_s_33_million_weights() -> None:
    with (ROOT / "presets/leading.yaml").open(encoding="utf-8") as file:
        dimension = YAML(typ="safe").load(file)["embeddings"]["random-400"]["dimension"]
    run = load_params(ROOT / "presets/leading.yaml").run("language_model", "awd-lstm")
    inputs = [dimension, *run.network.sizes[:-1]]
    layers = sum(4 * size * (read + size + 2) for read, size in zip(inputs, run.network.sizes, strict=True))
    assert layers + 33_278 * (dimension + 1) == 33_556_078, "as salesforce/awd-lstm-lm counts them"


# --- the penalties and the step


def test_the_penalties_are_in_the_gradient_and_not_in_the_loss(tmp_path: Path) -> None:
    fields = {"batching": "stream", "bptt": 5, "optimizer": STILL}
    plain, plain_history = trained(tmp_path, **fields)
    punished, history = trained(tmp_path, activation_regularisation=2.0, temporal_regularisation=1.0, **fields)
    assert history == plain_history
    fields["optimizer"] = {"kind": "sgd", "learning_rate": 0.1}
    plain, _ = trained(tmp_path, **fields)
    for one in ("activation_regularisation", "temporal_regularisation"):
        punished, _ = trained(tmp_path, **{one: 2.0}, **fields)
        assert not torch.equal(punished.encoder.embedding.weight, plain.encoder.embedding.weight), one


def test_the_rate_of_a_step_goes_with_the_length_of_its_window(tmp_path: Path) -> None:
    run = small_run("language_model", batching="stream", bptt=6, bptt_spread=2.0)
    train, valid = TASK.batches(small_corpus(tmp_path, longest=20), run, 1)
    lengths = [train.make(entry).ids.shape[1] for entry in train.plan(0)]
    assert len(set(lengths)) > 2
    assert [TASK.rate_scale(run, train.make(entry)) for entry in train.plan(0)] == [length / 6 for length in lengths]
    assert train.plan(0) != train.plan(1)
    assert {valid.make(entry).ids.shape[1] for entry in list(valid.plan(0))[:-1]} == {6}, "validation's windows are all alike"
    assert TASK.rate_scale(small_run("language_model", batching="stream"), train.make(train.plan(0)[0])) == 1.0


# --- averages


def test_averages_are_validated_and_kept_once_they_begin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fields: dict[str, Any] = {"trainer": {"epochs": 4}, "network": {"cell": "lstm", "tied": True}}
    raw: list[dict[str, torch.Tensor]] = []
    add = TaskModule.on_train_batch_end

    def kept(self: TaskModule, *batch: Any) -> None:
        raw.append({name: weight.detach().clone() for name, weight in self.model.named_parameters()})
        add(self, *batch)

    monkeypatch.setattr(TaskModule, "on_train_batch_end", kept)
    optimizer = {"kind": "sgd", "learning_rate": 0.5, "average_from": 0.5}
    model, history = trained(tmp_path, optimizer=optimizer, **fields)
    _, plain = trained(tmp_path, optimizer={**optimizer, "average_from": None}, **fields)
    half, steps = int(history[1]["step"]), int(history[3]["step"])
    assert history[:2] == plain[:2], "before, the raw weights are"
    assert [row["train_loss"] for row in history] == [row["train_loss"] for row in plain], "training goes on from its own weights"
    assert all(row["validation_loss"] != other["validation_loss"] for row, other in zip(history[2:], plain[2:], strict=True))
    best = min(range(4), key=lambda epoch: history[epoch]["validation_loss"])
    assert best >= 2
    last = int(history[best]["step"])
    for name, weight in model.named_parameters():
        torch.testing.assert_close(weight, torch.stack([one[name] for one in raw[half:last]]).mean(0))
    assert model.head.theta.weight is model.encoder.embedding.weight
    assert steps == 4 * half / 2


# --- what validation may not depend on


def uniform(model: Model) -> None:
    with torch.no_grad():
        for weight in model.head.theta.parameters():
            weight.zero_()


@pytest.mark.parametrize("head", ["softmax", "mixture"])
@pytest.mark.parametrize("batching", ["sentences", "stream"])
def test_a_uniform_model_hesitates_between_all_words(tmp_path: Path, head: str, batching: str) -> None:
    network = {"cell": "lstm", "head": head, "dropout": 0.5, "weight_dropout": 0.5}
    _, history = trained(tmp_path, uniform, network=network, batching=batching, optimizer=STILL, trainer={"epochs": 1})
    assert history[0]["validation_perplexity"] == pytest.approx(15, rel=1e-6)
    assert history[0]["train_perplexity"] == pytest.approx(15, rel=1e-6)


def test_validation_is_the_same_for_any_window_of_a_stream(tmp_path: Path) -> None:
    found = set()
    for bptt in (1, 2, 7, 500):
        network = {"cell": "lstm", "variational": True, "dropout": 0.5, "weight_dropout": 0.5}
        fields = {"batching": "stream", "bptt": bptt, "optimizer": STILL, "trainer": {"epochs": 1}}
        found.add(trained(tmp_path, network=network, **fields)[1][0]["validation_loss"])
    assert max(found) == pytest.approx(min(found), rel=1e-6)


def test_validation_of_sentences_is_the_same_for_any_batch_size(tmp_path: Path) -> None:
    found = {
        trained(tmp_path, optimizer=STILL, trainer={"epochs": 1, "batch_size": size})[1][0]["validation_loss"]
        for size in (1, 3, 8, 100)
    }
    assert max(found) == pytest.approx(min(found), rel=1e-6)


def test_no_state_leaks_from_training_into_validation_nor_from_epoch_to_epoch(tmp_path: Path) -> None:
    fields = {"batching": "stream", "bptt": 5, "optimizer": STILL, "network": {"cell": "lstm"}}
    _, history = trained(tmp_path, trainer={"epochs": 3}, **fields)
    assert len({(row["train_loss"], row["validation_loss"]) for row in history}) == 1
    corpus, run = small_corpus(tmp_path / "corpus", longest=20), small_run("language_model", **fields)
    model, _ = small_model(run, corpus, "language_model")
    for part, batches in zip(("train", "validation"), TASK.batches(corpus, run, 1), strict=True):
        state, total, words = None, 0.0, 0
        for entry in batches.plan(0):
            batch = batches.make(entry)
            states, state = model(batch.ids, batch.lengths, state)
            total, words = total + model.head.loss(states, batch.targets).item(), words + batch.total
        mean = float(f"{total / words:.6g}")  # as a history is written
        assert history[0][f"{part}_loss"] == pytest.approx(mean, rel=1e-6), part


# --- tied


def test_tied_weights_stay_tied(tmp_path: Path) -> None:
    """After a move, after a file, after a checkpoint's state; and a file holds them once."""
    run = small_run("language_model", network={"cell": "lstm", "tied": True, "weight_dropout": 0.5})
    corpus = small_corpus(tmp_path / "corpus")
    (tmp_path / "model").mkdir()
    model, sizes = small_model(run, corpus, "language_model")
    checkpoint = tmp_path / "x.ckpt"
    fit(TASK, run, model, corpus, 1, checkpoint)
    save_model(tmp_path / "model", model, {}, sizes, corpus, [])
    other, _ = small_model(run, corpus, "language_model", seed=2)
    moved, _ = small_model(run, corpus, "language_model", seed=3)
    resumed, _ = small_model(run, corpus, "language_model", seed=4)
    fill(other, tmp_path / "model/model.safetensors")
    moved.to(torch.float64).to(torch.float32).load_state_dict(model.state_dict())
    fit(TASK, run, resumed, corpus, 1, checkpoint)
    for made in (model, other, moved, resumed):
        assert made.head.theta.weight is made.encoder.embedding.weight
        assert torch.equal(made.head.theta.weight, model.head.theta.weight)
        made.double()
        assert made.head.theta.weight is made.encoder.embedding.weight
