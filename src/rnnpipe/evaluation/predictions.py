"""What a trained classifier or tagger says of a whole split."""

from collections.abc import Callable

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from rnnpipe.text.batches import IGNORED, classification_batch, sorted_plan, tagging_batch
from rnnpipe.text.encoded import EncodedSplit

Network = Callable[[Tensor, Tensor], Tensor]
"""(ids (B, T), lengths (B,)) → logits (B, C) of a `TextClassifier`, (B, T, C) of a `Tagger`."""

BATCH_SIZE = 128
"""Documents read together; this changes the time and not the result."""


@torch.inference_mode()
def class_probabilities(network: Network, split: EncodedSplit, max_length: int | None = None) -> NDArray[np.float32]:
    """Return the probability of each label, shape (documents, C); of each document the last `max_length` words are read."""
    plan = sorted_plan(split.lengths, BATCH_SIZE)
    batches = [classification_batch(split, rows, max_length) for rows in plan]
    found = np.concatenate([network(batch.ids, batch.lengths).softmax(dim=-1).numpy() for batch in batches])
    result: NDArray[np.float32] = found[np.argsort(np.concatenate(plan))]
    return result


@torch.inference_mode()
def predicted_tags(network: Network, split: EncodedSplit) -> NDArray[np.uint8]:
    """Return the id of the likeliest tag of every word, shape (N,), in the order of the split."""
    result = np.zeros(len(split.ids), dtype=np.uint8)
    for rows in sorted_plan(split.lengths, BATCH_SIZE):
        batch = tagging_batch(split, rows)
        tags = network(batch.ids, batch.lengths).argmax(dim=-1)  # (B, T)
        words = np.concatenate([np.arange(*split.offsets[row : row + 2]) for row in rows]).astype(np.int64)
        result[words] = tags[batch.targets != IGNORED].numpy()
    return result
