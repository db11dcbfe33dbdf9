import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
import torch
from tokenizers import Tokenizer
from tokenizers.models import WordLevel

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.common.files import sha256_of
from rnnpipe.networks.build import Network, NetworkConfig, build_network
from rnnpipe.networks.model_directory import FILES, load_model, save_model
from rnnpipe.text.encoded import EncodedCorpus
from rnnpipe.text.vocabulary import Vocabulary

VOCABULARY = Vocabulary.from_counts({"good": 3, "bad": 2, "दिल": 1})
HISTORY = [{"epoch": 1, "train_loss": 0.5}, {"epoch": 2, "train_loss": 0.25, "val_loss": 0.75}]


@pytest.fixture
def corpus(tmp_path: Path) -> EncodedCorpus:
    folder = tmp_path / "encoded"
    folder.mkdir()
    Tokenizer(WordLevel({"<unk>": 0}, unk_token="<unk>")).save(str(folder / "tokenizer.json"))
    meta: Any = {"vocabulary_sha256": VOCABULARY.sha256, "labels": ["negative", "positive"], "tags": []}
    return EncodedCorpus(folder, meta, VOCABULARY)


def network_of(task: str = "sentiment", **changes: Any) -> tuple[Network, dict[str, Any]]:
    outputs = 2 if task == "sentiment" else len(VOCABULARY)
    fields = {"task": task, "cell": "gru", "hidden": 4, "embedding_dimension": 4, "vocabulary_size": len(VOCABULARY)}
    config = NetworkConfig(**{**fields, "outputs": outputs, **changes})
    torch.manual_seed(4)
    return build_network(config), {"task": task, "network": config.to_dict(), "run": {"epochs": 2}}


def saved(folder: Path, corpus: EncodedCorpus, task: str = "sentiment", **changes: Any) -> tuple[Path, Network]:
    network, config = network_of(task, **changes)
    folder.mkdir()
    save_model(folder, network, config, corpus, HISTORY)
    return folder, network


@pytest.mark.parametrize("cell", ["rnn", "gru_simple", "gru", "lstm", "gru_fused"])
def test_save_and_load_give_equal_outputs(tmp_path: Path, corpus: EncodedCorpus, cell: str) -> None:
    folder, network = saved(tmp_path / "model", corpus, cell=cell, layers=2, bidirectional=True, dropout=0.5)
    model = load_model(folder)
    ids, lengths = torch.randint(len(VOCABULARY), (3, 4)), torch.tensor([4, 0, 1])
    assert torch.equal(model.network(ids, lengths), network.eval()(ids, lengths))
    assert model.vocabulary.tokens == VOCABULARY.tokens
    assert model.config["labels"] == ["negative", "positive"]
    assert model.config["run"] == {"epochs": 2}
    assert model.config["vocabulary_sha256"] == VOCABULARY.sha256


def test_tied_weights_are_kept_once_and_stay_tied(tmp_path: Path, corpus: EncodedCorpus) -> None:
    folder, network = saved(tmp_path / "model", corpus, "language_model", tied=True)
    loaded = load_model(folder).network
    assert loaded.output.weight is loaded.embedding.weight
    assert torch.equal(loaded.output.weight, network.output.weight)


def test_one_hot_and_frozen_networks(tmp_path: Path, corpus: EncodedCorpus) -> None:
    folder, _ = saved(tmp_path / "one_hot", corpus, one_hot=True, embedding_dimension=len(VOCABULARY))
    load_model(folder)
    folder, _ = saved(tmp_path / "frozen", corpus, tuned=False)
    assert not load_model(folder).network.embedding.weight.requires_grad


def test_the_same_network_is_the_same_bytes(tmp_path: Path, corpus: EncodedCorpus) -> None:
    one, _ = saved(tmp_path / "one", corpus)
    other, _ = saved(tmp_path / "other", corpus)
    assert [sha256_of(one / name) for name in FILES] == [sha256_of(other / name) for name in FILES]


def test_history(tmp_path: Path, corpus: EncodedCorpus) -> None:
    folder, _ = saved(tmp_path / "model", corpus)
    assert (folder / "history.csv").read_text() == "epoch,train_loss,val_loss\n1,0.5,\n2,0.25,0.75\n"


def test_sums_are_those_of_sha256sum(tmp_path: Path, corpus: EncodedCorpus) -> None:
    folder, _ = saved(tmp_path / "model", corpus)
    subprocess.run(["sha256sum", "--check", "--strict", "SHA256SUMS"], cwd=folder, check=True, capture_output=True)


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_was_touched_is_refused(tmp_path: Path, corpus: EncodedCorpus, name: str) -> None:
    folder, _ = saved(tmp_path / "model", corpus)
    content = bytearray((folder / name).read_bytes())
    content[len(content) // 2] ^= 1
    (folder / name).write_bytes(content)
    with pytest.raises(RnnpipeError, match=f"{name}: differs from its checksum") as refusal:
        load_model(folder)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize("name", [*FILES, "SHA256SUMS"])
def test_a_missing_file_is_named(tmp_path: Path, corpus: EncodedCorpus, name: str) -> None:
    folder, _ = saved(tmp_path / "model", corpus)
    (folder / name).unlink()
    with pytest.raises(RnnpipeError, match=f"{name}: no such file"):
        load_model(folder)


def sign_again(folder: Path) -> None:
    (folder / "SHA256SUMS").write_text("".join(f"{sha256_of(folder / name)}  {name}\n" for name in FILES))


def test_another_vocabulary_is_refused_even_with_a_right_checksum(tmp_path: Path, corpus: EncodedCorpus) -> None:
    folder, _ = saved(tmp_path / "model", corpus)
    Vocabulary.from_counts({"good": 3, "worse": 2, "दिल": 1}).save(folder / "vocabulary.tsv")
    sign_again(folder)
    with pytest.raises(RnnpipeError, match="not the vocabulary that the model was trained with") as refusal:
        load_model(folder)
    assert "\n" not in str(refusal.value)


def test_weights_of_another_network_are_refused(tmp_path: Path, corpus: EncodedCorpus) -> None:
    folder, _ = saved(tmp_path / "model", corpus)
    config = json.loads((folder / "config.json").read_text())
    config["network"]["hidden"] = 5
    (folder / "config.json").write_text(json.dumps(config))
    sign_again(folder)
    with pytest.raises(RnnpipeError, match="weights of another network"):
        load_model(folder)


def test_what_is_no_safetensors_file_is_refused(tmp_path: Path, corpus: EncodedCorpus) -> None:
    folder, _ = saved(tmp_path / "model", corpus)
    (folder / "model.safetensors").write_bytes(b"weights")
    sign_again(folder)
    with pytest.raises(RnnpipeError, match="not a safetensors file"):
        load_model(folder)


def test_a_corpus_with_another_vocabulary_is_refused(tmp_path: Path, corpus: EncodedCorpus) -> None:
    model = load_model(saved(tmp_path / "model", corpus)[0])
    model.require_vocabulary(VOCABULARY)
    with pytest.raises(RnnpipeError, match="another vocabulary"):
        model.require_vocabulary(Vocabulary.from_counts({"good": 1}))
