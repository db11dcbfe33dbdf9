"""What a trained classifier or tagger says of a whole split."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import torch
from numpy.typing import NDArray

from rnnpipe.batches.batch import classification_batch
from rnnpipe.batches.plans import article_plan, sorted_plan
from rnnpipe.batches.tagging import tagger_batches
from rnnpipe.inference.contextual import states_at_words
from rnnpipe.inference.trained_model import TrainedModel
from rnnpipe.text.encoded import EncodedSplit

BATCH_SIZE = 128
"""Documents read together; this changes the time and not the result."""


@torch.inference_mode()
def class_probabilities(trained: TrainedModel, split: EncodedSplit) -> NDArray[np.float32]:
    """Return the probability of each label, shape (documents, C)."""
    result = np.zeros((len(split), trained.model.head.outputs), dtype=np.float32)
    for rows in sorted_plan(split.lengths, BATCH_SIZE):
        states = trained.read(classification_batch(split, rows, trained.regime("max_length")))
        result[rows] = trained.model.head.log_probabilities(states).exp().cpu().numpy()
    return result


def predicted_tags(trained: TrainedModel, split: EncodedSplit) -> NDArray[np.uint8]:
    """Return the id of the tag of every word, shape (N,), in the order of the split."""
    return tags_with_probabilities(trained, split)[0]


@torch.inference_mode()
def tags_with_probabilities(trained: TrainedModel, split: EncodedSplit) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    """Return the id of the tag of every word, and how probable it is, both (N,), in the order of the split."""
    found, probabilities = np.zeros(len(split.ids), dtype=np.uint8), np.zeros(len(split.ids), dtype=np.float32)
    if not len(found):
        return found, probabilities
    articles = split.articles if trained.regime("context") == "article" else None
    plan = sorted_plan(split.lengths, BATCH_SIZE) if articles is None else article_plan(articles, split.lengths, BATCH_SIZE)
    if trained.readers and split.states is None:
        sentences = list(split.all_words(trained.vocabulary.tokens))
        split = replace(split, states=states_at_words(trained.readers, sentences))
    make = tagger_batches(split, trained.vocabulary, trained.network, articles is not None)
    for rows in plan:
        batch = make(rows)
        tags, likely = trained.model.head.confident(trained.read(batch), batch.lengths.to(trained.device))  # (B, T)
        words = np.concatenate([np.arange(*split.offsets[row : row + 2]) for row in rows]).astype(np.int64)
        inside = torch.arange(batch.ids.shape[1]) < batch.lengths[:, None]
        found[words], probabilities[words] = tags.cpu()[inside].numpy(), likely.cpu()[inside].numpy()
    return found, probabilities
