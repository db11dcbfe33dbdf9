"""What clipping does to a training at a high learning rate: the same steps with and without it, down to where a loss is lost.

A training of the pipeline refuses to go on when its loss is no number; here that is what is looked for.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import count, islice
from pathlib import Path
from statistics import fmean
from typing import Any

from rnnpipe.batches.batch import Batch, Batches
from rnnpipe.common.seeds import derive_seed
from rnnpipe.models.model import Model
from rnnpipe.params import ClippingSettings, LanguageModelRun, Trainer
from rnnpipe.tasks.language_model import LanguageModel
from rnnpipe.text.encoded import EncodedCorpus
from rnnpipe.training.optimizers import clip_gradients, configured
from rnnpipe.training.start import starting_model

LAST = 10
"""Steps whose mean loss is what a training ends with: one batch alone may be an easy one."""


@dataclass(frozen=True)
class ClippingStep:
    """One step of one training."""

    seed: int
    clip: float | None
    """None: not clipped."""
    step: int
    """From 1."""
    loss: float
    """Mean of the batch before the step, in nats a word."""
    norm: float
    """Of the gradient before it is clipped."""


def train_both(settings: ClippingSettings, corpus: EncodedCorpus, embedding: Path, seed: int) -> Iterator[ClippingStep]:
    """Yield the steps of all trainings, those of a seed with clipping before those without.

    Parameters
    ----------
    settings : ClippingSettings
    corpus : EncodedCorpus
        Its `train` and `valid` splits are opened, the first one is read.
    embedding : Path
        An `embeddings/<name>`.
    seed : int
        What all seeds derive from.
    """
    task = LanguageModel()
    for own in settings.seeds:
        for clip in (settings.optimizer.clip, None):
            derived = derive_seed(seed, "clipping", own)
            run = _run(settings, own, clip)
            model, _, _ = starting_model(task, run, corpus, embedding, derived)
            batches, _ = task.batches(corpus, run, derived)
            for step, (loss, norm) in enumerate(_train(model, run, batches, settings.steps), start=1):
                yield ClippingStep(own, clip, step, loss, norm)


def _run(settings: ClippingSettings, seed: int, clip: float | None) -> LanguageModelRun:
    return LanguageModelRun(
        corpus=settings.corpus,
        embedding=settings.embedding,
        network=settings.network,
        optimizer=settings.optimizer.model_copy(update={"clip": clip}),
        trainer=Trainer(batch_size=settings.batch_size),
        seed=seed,
    )


def _train(model: Model, run: LanguageModelRun, batches: Batches, steps: int) -> Iterator[tuple[float, float]]:
    """Yield loss and gradient norm of each step; the last one is that at which the loss is no number any more."""
    weights = [weight for weight in model.parameters() if weight.requires_grad]
    optimizer = configured(run.optimizer, model, steps)
    bound = math.inf if run.optimizer.clip is None else run.optimizer.clip
    model.train()
    for batch in islice(_endless(batches), steps):
        optimizer.zero_grad()
        states, _ = model(batch.ids, batch.lengths)
        loss = model.head.loss(states, batch.targets) / batch.total
        loss.backward()  # type: ignore[no-untyped-call]
        norm = clip_gradients(weights, bound)
        reached = float(loss.detach())
        yield reached, float(norm)
        if not math.isfinite(reached):
            return
        optimizer.step()


def _endless(batches: Batches) -> Iterator[Batch]:
    for epoch in count():
        yield from map(batches.make, batches.plan(epoch))


def clipping_metrics(steps: Iterable[ClippingStep]) -> dict[str, Any]:
    """Return, under `clipped` and `unclipped`: the largest finite norm, how many trainings diverged, seed → loss of the others.

    A training has diverged whose loss is no number any more; the loss of another is the mean of its last `LAST` steps.
    """
    trainings: dict[tuple[bool, int], list[ClippingStep]] = {}
    for step in steps:
        trainings.setdefault((step.clip is not None, step.seed), []).append(step)
    metrics: dict[str, Any] = {}
    for name, clipped in (("clipped", True), ("unclipped", False)):
        ones = {seed: training for (kind, seed), training in trainings.items() if kind == clipped}
        losses = {seed: fmean(step.loss for step in training[-LAST:]) for seed, training in ones.items()}
        ended = {str(seed): loss for seed, loss in losses.items() if math.isfinite(loss)}
        largest = max(step.norm for training in ones.values() for step in training if math.isfinite(step.norm))
        metrics[name] = {"largest_norm": largest, "diverged": len(ones) - len(ended), "loss": ended}
    return metrics
