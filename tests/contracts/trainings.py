"""Tiny trainings of each task, in this process or in two; run as a script, it writes weights and histories into a folder."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch

sys.path.insert(0, str(Path(__file__).parent.parent))
from small_corpora import small_corpus
from small_runs import KINDS, small_model, small_run

from rnnpipe.tasks.task import task_named
from rnnpipe.training import trainer
from rnnpipe.training.data import PlannedDataModule
from rnnpipe.training.processes import is_first_process

NETWORK = {"cell": "lstm", "hidden": 5}
STREAM = {"batching": "stream", "bptt": 4}
LEADING = {  # all of the strongest recipe but dropout, which each process draws for its own rows
    **STREAM,
    "network": {**NETWORK, "tied": True, "hidden": [7, 5], "layers": 2, "head": {"kind": "mixture", "softmaxes": 2}},
    "optimizer": {"kind": "sgd", "learning_rate": 2.0, "clip": 0.25, "average_from": 0.5},
    "bptt_spread": 1.0,
    "activation_regularisation": 2.0,
    "temporal_regularisation": 1.0,
}
ARTICLES = {  # all that a tagger reads
    **NETWORK,
    "bidirectional": True,
    "words": "folded",
    "characters": {"dimension": 3, "hidden": 4},
    "shapes": 2,
    "features": {"odd": 2},
    "elsewhere": 2,
    "memory": 3,
    "head": "crf",
}
TRAININGS: dict[str, tuple[str, dict[str, Any], int, int]] = {
    "language_model": ("language_model", {}, 21, 5),
    "stream": ("language_model", STREAM, 21, 5),
    "leading": ("language_model", LEADING, 21, 5),
    "backward": ("language_model", {**STREAM, "direction": "backward"}, 21, 5),
    "tied": ("language_model", {"network": {**NETWORK, "tied": True, "projection": True}}, 21, 5),
    "tied-adaptive": (
        "language_model",
        {"network": {**NETWORK, "tied": True, "head": {"kind": "adaptive", "factor": None}}},
        21,
        5,
    ),
    "sizes": ("ner", {"network": {**NETWORK, "hidden": [7, 4], "layers": 2, "bidirectional": True}}, 21, 5),
    "sentiment": ("sentiment", {}, 21, 5),
    "ner": ("ner", {"network": {**NETWORK, "cell": "gru"}}, 21, 5),
    "articles": ("ner", {"network": ARTICLES, "context": "article"}, 21, 5),
    "one-document": ("sentiment", {}, 1, 5),
    "one-row": ("language_model", STREAM, 3, 1),
    "one-row-leading": ("language_model", LEADING, 3, 1),
}
"""Name → task, what differs from the run below, documents, batch size; the last batch may be too small for two processes."""
KILLED = {"stream": 9, "one-row": 4, "leading": 8, "articles": 3}
"""Trainings of which a checkpoint in the middle is written → the step before which they are killed."""


class KilledError(Exception):
    """The process ends here."""


def train(
    name: str, folder: Path, devices: int, checkpoint: Path | None = None, killed: int | None = None
) -> tuple[dict[str, torch.Tensor], list[dict[str, float]]]:
    """Train for two epochs, or until just before a step."""
    task, changes, documents, batch_size = TRAININGS[name]
    corpus = small_corpus(folder / f"{task}-{documents}", KINDS[task], train=documents, valid=min(documents, 8))
    settings = {"epochs": 2, "batch_size": batch_size, "devices": devices, "checkpoint_minutes": 1e-9}
    run = small_run(task, **{"network": NETWORK, "optimizer": {"learning_rate": 0.01}, "trainer": settings, **changes})
    model, _ = small_model(run, corpus, task, dimension=5)
    with_fuse(killed)
    try:
        history = trainer.fit(task_named(task), run, model, corpus, 1, checkpoint)
    finally:
        with_fuse(None)
    return model.state_dict(), history


def with_fuse(killed: int | None) -> None:
    """Let a training end when it asks for the batch of a step, counted from 0; None: let it live."""

    class Fused(PlannedDataModule):
        def __init__(self, train: Any, valid: Any) -> None:
            made = iter(range(10**6))

            def make(entry: Any) -> Any:
                if next(made) == killed:
                    raise KilledError
                return train.make(entry)

            super().__init__(replace(train, make=make), valid)

    trainer.PlannedDataModule = PlannedDataModule if killed is None else Fused  # type: ignore[misc]


if __name__ == "__main__":
    out = Path(sys.argv[1])
    first = is_first_process(small_run("ner").trainer)
    # Each process has a corpus of its own: the same one, for it is a pure function of its seed.
    own = out / f"corpus{0 if first else 1}"
    for training in TRAININGS:
        result = train(training, own, devices=2)
        if first:
            torch.save(result, out / f"{training}.pt")
    for training, step in KILLED.items():
        try:
            train(training, own, 2, out / f"{training}.ckpt", step)
        except KilledError:
            continue
