"""Whole steps of training a language model of the lecture's size: ours beside PyTorch's example."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import example
import numpy as np
import torch
from numpy.typing import NDArray

from rnnpipe.models.build import Sizes, build_model
from rnnpipe.params import LanguageModelRun
from rnnpipe.tasks.task import task_named
from rnnpipe.text.encoded import EncodedSplit
from rnnpipe.training.trainer import fit

VOCABULARY, SIZE, LAYERS, DROPOUT, ROWS, BPTT = 33_278, 200, 2, 0.2, 20, 35
"""WikiText-2 and the defaults of the example."""
STEPS = 20
"""In a round."""
OURS: dict[str, tuple[str, str]] = {
    "full": ("softmax", "32"),
    "bf16": ("softmax", "bf16-mixed"),
    "adaptive": ("adaptive", "32"),
    "hierarchical": ("hierarchical", "32"),
    "sampled": ("negative_sampling", "32"),
}
"""What stands on our states, and the precision."""


class _Text:
    """The start of a text as a corpus of one document, as far as a training asks for it."""

    def __init__(self, ids: NDArray[np.int64]) -> None:
        self.ids = ids

    def split(self, name: str) -> EncodedSplit:
        ids = self.ids[: ROWS * (STEPS * BPTT if name == "train" else BPTT) - 1].astype(np.uint32)  # an `<eos>` follows
        return EncodedSplit(ids, np.array([0, len(ids)]))


class _Speed:
    """Is told how fast an epoch was."""

    def log_metrics(self, metrics: dict[str, float], step: int) -> None:
        self.tokens_per_second = metrics["tokens_per_second"]


def contestants(ids: NDArray[np.int64], folder: Path | None) -> dict[str, Callable[[], float]]:
    """Return what takes the time of a step of the example, and of ours with each head; ours by the pipeline's own `fit`."""
    model = example.network(folder, VOCABULARY, SIZE, LAYERS, DROPOUT)
    length = STEPS * BPTT + 1
    stream = torch.from_numpy(ids[: ROWS * length].reshape(ROWS, length).T.copy())
    counts = np.bincount(ids, minlength=VOCABULARY)
    return {
        "example": lambda: example.seconds_per_step(model, stream, BPTT),
        **{name: partial(_ours, *way, ids, counts) for name, way in OURS.items()},
    }


def _ours(head: str, precision: str, ids: NDArray[np.int64], counts: NDArray[np.int64]) -> float:
    task, speed = task_named("language_model"), _Speed()
    run = LanguageModelRun.model_validate(
        {
            "corpus": "text",
            "embedding": "random",
            "network": {"cell": "lstm", "hidden": SIZE, "layers": LAYERS, "dropout": DROPOUT, "head": head},
            "optimizer": {"kind": "sgd", "learning_rate": example.LEARNING_RATE, "clip": example.CLIP},
            "trainer": {
                "epochs": 1,
                "batch_size": ROWS,
                "devices": 1,
                "threads": torch.get_num_threads(),
                "precision": precision,
            },
            "batching": "stream",
            "bptt": BPTT,
        }
    )
    sizes = Sizes(vocabulary_size=VOCABULARY, embedding_dimension=SIZE, outputs=VOCABULARY)
    model = build_model(run.network, sizes, task.head_of(run.network), counts)
    fit(task, run, model, _Text(ids), seed=1, tracker=speed)  # type: ignore[arg-type]
    return ROWS * BPTT / speed.tokens_per_second
