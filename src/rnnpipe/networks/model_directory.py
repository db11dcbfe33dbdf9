"""The directory of a trained model: everything needed to use it, as plain data with checksums. Nothing in it is pickled.

`config.json` (the network and how it was trained), `model.safetensors`, `tokenizer.json`, `vocabulary.tsv`, `history.csv` (losses
by epoch), `SHA256SUMS` (as `sha256sum --check` reads it).
"""

import csv
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.common.files import read_json, sha256_of, write_json
from rnnpipe.networks.build import Network, NetworkConfig, build_network
from rnnpipe.text.encoded import EncodedCorpus
from rnnpipe.text.vocabulary import Vocabulary

FILES = ("config.json", "history.csv", "model.safetensors", "tokenizer.json", "vocabulary.tsv")
SUMS = "SHA256SUMS"


@dataclass(frozen=True)
class LoadedModel:
    """A trained model, ready for use."""

    network: Network
    """On the CPU, in evaluation mode."""
    config: dict[str, Any]
    """What `config.json` holds."""
    vocabulary: Vocabulary
    tokenizer: Tokenizer

    def require_vocabulary(self, vocabulary: Vocabulary) -> None:
        """Refuse a corpus that was encoded with another vocabulary than the model was trained with."""
        if vocabulary.sha256 != self.vocabulary.sha256:
            raise RnnpipeError("the corpus was encoded with another vocabulary than the model's; train again or encode it again")


def save_model(
    directory: Path,
    network: Network,
    config: Mapping[str, Any],
    corpus: EncodedCorpus,
    history: Sequence[Mapping[str, float]],
) -> None:
    """Write a trained model into an existing directory (of `atomic_directory`).

    Parameters
    ----------
    directory : Path
        Empty.
    network : Network
        On any device.
    config : mapping
        Plain data. `config["network"]` is the `NetworkConfig.to_dict()` that the network was built from; what else stands in it
        (parameters of the run) is kept for the reader. `vocabulary_sha256`, `labels` and `tags` are added from the corpus.
    corpus : EncodedCorpus
        What the network was trained on.
    history : sequence of mapping
        Row for each epoch: column → number. Columns stand in the order of their first appearance; a missing one is left empty.
    """
    meta = corpus.meta
    added = {"vocabulary_sha256": corpus.vocabulary.sha256, "labels": meta["labels"], "tags": meta["tags"]}
    write_json(directory / "config.json", {**config, **added})
    save_file({name: tensor.detach().cpu().contiguous() for name, tensor in _tensors(network)}, directory / "model.safetensors")
    shutil.copyfile(corpus.tokenizer_path, directory / "tokenizer.json")
    corpus.vocabulary.save(directory / "vocabulary.tsv")
    _write_history(directory / "history.csv", history)
    sums = "".join(f"{sha256_of(directory / name)}  {name}\n" for name in FILES)
    (directory / SUMS).write_text(sums, encoding="utf-8", newline="\n")


def load_model(directory: Path) -> LoadedModel:
    """Read a directory that `save_model` wrote.

    Raises
    ------
    RnnpipeError
        A file is missing or differs from its checksum, the vocabulary is not the one the network was trained with, or the weights
        are not those of the network that `config.json` describes.
    """
    _verify(directory)
    config = read_json(directory / "config.json")
    vocabulary = Vocabulary.from_file(directory / "vocabulary.tsv")
    if vocabulary.sha256 != config["vocabulary_sha256"]:
        raise RnnpipeError(f"{directory / 'vocabulary.tsv'}: not the vocabulary that the model was trained with; restore it")
    network = build_network(NetworkConfig.from_dict(config["network"]))
    _fill(network, directory / "model.safetensors")
    tokenizer = Tokenizer.from_file(str(directory / "tokenizer.json"))
    return LoadedModel(network.eval(), config, vocabulary, tokenizer)


def _tensors(network: Network) -> list[tuple[str, torch.Tensor]]:
    """Return all weights by name; a matrix that two layers share stands there once."""
    return [*network.named_parameters(), *network.named_buffers()]


def _fill(network: Network, path: Path) -> None:
    try:
        saved = load_file(path)
    except SafetensorError as error:
        raise RnnpipeError(f"{path}: not a safetensors file ({error}); restore the directory (dvc checkout)") from None
    tensors = dict(_tensors(network))
    if {name: t.shape for name, t in saved.items()} != {name: t.shape for name, t in tensors.items()}:
        raise RnnpipeError(f"{path}: holds the weights of another network than config.json describes; train the model again")
    with torch.no_grad():
        for name, tensor in tensors.items():
            tensor.copy_(saved[name])


def _write_history(path: Path, history: Sequence[Mapping[str, float]]) -> None:
    columns = list(dict.fromkeys(column for row in history for column in row))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(history)


def _verify(directory: Path) -> None:
    try:
        lines = (directory / SUMS).read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        raise RnnpipeError(f"{directory / SUMS}: no such file; this is not the directory of a trained model") from None
    sums = {name: digest for digest, _, name in (line.partition("  ") for line in lines)}
    for name in FILES:
        path = directory / name
        if not path.is_file():
            raise RnnpipeError(f"{path}: no such file; restore the model's directory (dvc checkout)")
        if sha256_of(path) != sums.get(name):
            raise RnnpipeError(f"{path}: differs from its checksum in {SUMS}; restore the model's directory (dvc checkout)")
