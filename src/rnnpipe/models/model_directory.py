"""The directory of a trained model: everything needed to use it, as plain data with checksums. Nothing in it is pickled.

`config.json` (the network and how it was trained), `model.safetensors`, `tokenizer.json`, `vocabulary.tsv`, `history.csv` (losses
by epoch), `SHA256SUMS` (as `sha256sum --check` reads it); a model that reads the states of language models has theirs in folders
`forward` and `backward`.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.common.files import SUMS, faults, read_json, read_sums, write_json, write_sums
from rnnpipe.models.build import Sizes
from rnnpipe.models.history import write_history
from rnnpipe.models.model import Model
from rnnpipe.text.encoded import EncodedCorpus

FILES = ("config.json", "history.csv", "model.safetensors", "tokenizer.json", "vocabulary.tsv")
CURE = "restore the model's directory (dvc checkout)"


def save_model(
    directory: Path,
    model: Model,
    config: Mapping[str, Any],
    sizes: Sizes,
    corpus: EncodedCorpus,
    history: Sequence[Mapping[str, float]],
) -> None:
    """Write a trained model into an existing directory (of `atomic_directory`).

    Parameters
    ----------
    directory : Path
        Empty.
    model : Model
        On any device.
    config : mapping
        Plain data: `task`, `run` and `parameters` (of the run, among them `network`). `sizes`, `vocabulary_sha256`, `labels` and
        `tags` are added.
    sizes : Sizes
        What the model was built with.
    corpus : EncodedCorpus
        What it was trained on.
    history : sequence of mapping
        Row for each epoch: column → number.
    """
    meta = corpus.meta
    added = {
        "sizes": asdict(sizes),
        "vocabulary_sha256": corpus.vocabulary.sha256,
        "labels": meta["labels"],
        "tags": meta["tags"],
    }
    write_json(directory / "config.json", {**config, **added})
    save_file({name: tensor.detach().cpu().contiguous() for name, tensor in _tensors(model)}, directory / "model.safetensors")
    shutil.copyfile(corpus.tokenizer_path, directory / "tokenizer.json")
    corpus.vocabulary.save(directory / "vocabulary.tsv")
    write_history(directory / "history.csv", history)
    readers = [] if corpus.context is None else reader_directories(corpus.context)
    for reader in readers:
        shutil.copytree(reader, directory / reader.name)
    write_sums(directory, [*FILES, *(f"{reader.name}/{SUMS}" for reader in readers)])


def read_config(directory: Path) -> dict[str, Any]:
    """Return what `config.json` holds, once all checksums of the directory hold.

    Raises
    ------
    RnnpipeError
        This is no model's directory, or a file is missing or differs from its checksum.
    """
    for path, fault in faults(directory, {**dict.fromkeys(FILES), **read_sums(directory)}):
        raise RnnpipeError(f"{path}: {fault}; {CURE}")
    config: dict[str, Any] = read_json(directory / "config.json")
    return config


def reader_directories(directory: Path) -> list[Path]:
    """Return the directories of the language models whose states a model reads, in their order: backward, forward."""
    return sorted(path for path in directory.iterdir() if path.is_dir())


def fill(model: Model, path: Path) -> None:
    """Give a model the weights of a `model.safetensors`.

    Raises
    ------
    RnnpipeError
        The file is damaged, or holds the weights of another network.
    """
    try:
        saved = load_file(path)
    except SafetensorError as error:
        raise RnnpipeError(f"{path}: not a safetensors file ({error}); {CURE}") from None
    tensors = dict(_tensors(model))
    if {name: t.shape for name, t in saved.items()} != {name: t.shape for name, t in tensors.items()}:
        raise RnnpipeError(f"{path}: holds the weights of another network than config.json describes; train the model again")
    with torch.no_grad():
        for name, tensor in tensors.items():
            tensor.copy_(saved[name])


def _tensors(model: Model) -> list[tuple[str, torch.Tensor]]:
    """Return all weights by name; a matrix that two layers share stands there once."""
    return list(model.named_parameters())
