import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
import torch
from small_runs import CELL_NAMES, saved_model

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.common.files import sha256_of, write_sums
from rnnpipe.inference import open_model
from rnnpipe.models.model_directory import FILES, read_config
from rnnpipe.text.vocabulary import Vocabulary

HISTORY = [{"epoch": 1, "train_loss": 0.5}, {"epoch": 2, "train_loss": 0.25, "validation_loss": 0.75}]
IDS, LENGTHS = torch.randint(15, (3, 4)), torch.tensor([4, 0, 1])


@pytest.mark.parametrize("cell", CELL_NAMES)
def test_a_saved_model_gives_the_same_outputs(tmp_path: Path, cell: str) -> None:
    network = {"cell": cell, "hidden": [5, 6], "layers": 2, "bidirectional": True, "dropout": 0.5}
    model = saved_model(tmp_path / "model", "sentiment", network=network)
    opened = open_model(tmp_path / "model")
    assert torch.equal(opened.model(IDS, LENGTHS)[0], model(IDS, LENGTHS)[0])
    assert opened.vocabulary.tokens[3:5] == ["w0", "w1"]
    assert opened.config["labels"] == ["no", "yes"]
    assert opened.config["run"] == "model"
    assert opened.config["vocabulary_sha256"] == opened.vocabulary.sha256
    assert opened.parameters == sum(weight.numel() for weight in model.parameters())
    assert not opened.model.training


@pytest.mark.parametrize("head", ["softmax", "hierarchical", {"kind": "negative_sampling", "negative": 2}])
def test_a_language_model_with_any_head(tmp_path: Path, head: Any) -> None:
    model = saved_model(tmp_path / "model", "language_model", network={"cell": "gru", "head": head})
    opened = open_model(tmp_path / "model").model
    found, expected = (one.head.log_probabilities(one(IDS, LENGTHS)[0]) for one in (opened, model))
    assert torch.equal(found, expected)


def test_tied_weights_are_kept_once_and_stay_tied(tmp_path: Path) -> None:
    network = {"cell": "lstm", "tied": True, "projection": True, "hidden": [5, 9], "layers": 2}
    model = saved_model(tmp_path / "model", "language_model", network=network)
    opened = open_model(tmp_path / "model").model
    assert opened.head.theta.weight is opened.encoder.embedding.weight
    assert torch.equal(opened.head.theta.weight, model.head.theta.weight)
    assert torch.equal(opened.projection.weight, model.projection.weight)


def test_frozen_vectors_stay_frozen(tmp_path: Path) -> None:
    saved_model(tmp_path / "frozen", "ner", network={"cell": "gru", "trainable": False})
    assert not open_model(tmp_path / "frozen").model.encoder.embedding.weight.requires_grad


def test_the_same_model_is_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "other"):
        saved_model(tmp_path / name / "model", "sentiment")
    sums = [[sha256_of(tmp_path / name / "model" / file) for file in FILES] for name in ("one", "other")]
    assert sums[0] == sums[1]


def test_the_history_is_kept(tmp_path: Path) -> None:
    saved_model(tmp_path / "model", "sentiment", HISTORY)
    text = (tmp_path / "model" / "history.csv").read_text()
    assert text == "epoch,train_loss,validation_loss\n1,0.5,\n2,0.25,0.75\n"


def test_sums_are_those_of_sha256sum(tmp_path: Path) -> None:
    saved_model(tmp_path / "model", "sentiment")
    subprocess.run(["sha256sum", "--check", "--strict", "SHA256SUMS"], cwd=tmp_path / "model", check=True, capture_output=True)


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_was_touched_is_refused(tmp_path: Path, name: str) -> None:
    saved_model(tmp_path / "model", "sentiment")
    content = bytearray((tmp_path / "model" / name).read_bytes())
    content[len(content) // 2] ^= 1
    (tmp_path / "model" / name).write_bytes(content)
    refused(tmp_path / "model", f"{name}: differs from its checksum")


@pytest.mark.parametrize("name", [*FILES, "SHA256SUMS"])
def test_a_missing_file_is_named(tmp_path: Path, name: str) -> None:
    saved_model(tmp_path / "model", "sentiment")
    (tmp_path / "model" / name).unlink()
    refused(tmp_path / "model", f"{name}: no such file")


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_the_sums_do_not_list_is_refused(tmp_path: Path, name: str) -> None:
    saved_model(tmp_path / "model", "sentiment")
    sums = (tmp_path / "model" / "SHA256SUMS").read_text().splitlines()
    (tmp_path / "model" / "SHA256SUMS").write_text("".join(f"{line}\n" for line in sums if not line.endswith(f"  {name}")))
    refused(tmp_path / "model", name)


def test_another_vocabulary_is_refused_even_with_a_right_checksum(tmp_path: Path) -> None:
    saved_model(tmp_path / "model", "sentiment")
    Vocabulary.from_counts({"good": 3, "worse": 2, "दिल": 1}).save(tmp_path / "model" / "vocabulary.tsv")
    write_sums(tmp_path / "model", FILES)
    refused(tmp_path / "model", "not the vocabulary that the model was trained with")


def rewritten(folder: Path, **changes: Any) -> None:
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps({**config, **changes}))
    write_sums(folder, FILES)


def test_weights_of_another_network_are_refused(tmp_path: Path) -> None:
    saved_model(tmp_path / "model", "sentiment")
    config = read_config(tmp_path / "model")
    config["parameters"]["network"]["hidden"] = 5
    rewritten(tmp_path / "model", **config)
    refused(tmp_path / "model", "weights of another network")


@pytest.mark.parametrize(
    "changes",
    [
        {"sizes": {"vocabulary_size": 15}},
        {"sizes": {"vocabulary_size": 15, "embedding_dimension": 6, "outputs": 2, "flavour": 1}},
        {"parameters": {}},
        {"parameters": {"network": {"cell": "gru", "flavour": 1}}},
        {"parameters": {"network": {"cell": "qrnn"}}},
    ],
)
def test_a_model_of_another_version_is_refused(tmp_path: Path, changes: dict[str, Any]) -> None:
    saved_model(tmp_path / "model", "sentiment")
    rewritten(tmp_path / "model", **changes)
    refused(tmp_path / "model", "not a model of this version of rnnpipe .* train it again")


@pytest.mark.parametrize("task", ["parsing", "../task", "task"])
def test_an_unknown_task_is_refused(tmp_path: Path, task: str) -> None:
    saved_model(tmp_path / "model", "sentiment")
    rewritten(tmp_path / "model", task=task)
    refused(tmp_path / "model", "no such task in this version|not a model of this version")


def test_what_is_no_safetensors_file_is_refused(tmp_path: Path) -> None:
    saved_model(tmp_path / "model", "sentiment")
    (tmp_path / "model" / "model.safetensors").write_bytes(b"weights")
    write_sums(tmp_path / "model", FILES)
    refused(tmp_path / "model", "not a safetensors file")


def test_a_corpus_with_another_vocabulary_is_refused(tmp_path: Path) -> None:
    saved_model(tmp_path / "model", "sentiment")
    opened = open_model(tmp_path / "model")
    opened.require_vocabulary(opened.vocabulary)
    with pytest.raises(RnnpipeError, match="another vocabulary"):
        opened.require_vocabulary(Vocabulary.from_counts({"good": 1}))


def refused(folder: Path, message: str) -> None:
    with pytest.raises(RnnpipeError, match=message) as refusal:
        open_model(folder)
    assert "\n" not in str(refusal.value)
