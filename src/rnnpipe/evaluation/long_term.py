"""How far back a cell remembers: agreement and gradients by distance, over a grid of learning rates and seeds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import torch

from rnnpipe.inference import TrainedLanguageModel, TrainedModel
from rnnpipe.metrics.agreement import LONG_DISTANCE, PairAccuracy, pair_accuracy_by_distance, total_accuracy
from rnnpipe.models.model import Model
from rnnpipe.text.pairs import EncodedPair
from rnnpipe.text.vocabulary import EOS
from rnnpipe.verification.gradients import gradient_norms


@dataclass(frozen=True)
class Trial:
    """One trained network of the grid."""

    learning_rate: float
    seed: int
    validation_loss: float
    """Of the epoch whose weights were kept, nats."""
    agreement: Sequence[PairAccuracy]
    norms_before: Sequence[float]
    """Gradient norms by steps back (see `reach`) of the untrained network."""
    norms: Sequence[float]
    """The same after training."""


def ask(trained: TrainedModel, start: Model, pairs: Sequence[EncodedPair], validation_loss: float) -> Trial:
    """Return what one trained network of the grid says of the pairs; `start` is the network that its training began with."""
    parameters = trained.config["parameters"]
    return Trial(
        parameters["optimizer"]["learning_rate"],
        parameters["seed"],
        validation_loss,
        pair_accuracy_by_distance(pairs, TrainedLanguageModel(trained).continuation_log_probabilities),
        reach(start, pairs),
        reach(trained.model, pairs),
    )


def reach(model: Model, pairs: Sequence[EncodedPair]) -> list[float]:
    """Return the norm of ∂loss<t>/∂x<t-k> for k = 0, 1, 2 …, where t is the step that predicts the word that agrees.

    The loss is that of the good word; the mean is over the pairs of the longest distance. Of these the most frequent length
    is taken, for sequences without padding. The model is left in the mode that it was in.
    """
    longest = max(pair.distance for pair in pairs)
    far = [pair for pair in pairs if pair.distance == longest]
    length = Counter(len(pair.prefix) for pair in far).most_common(1)[0][0]
    kept = [pair for pair in far if len(pair.prefix) == length]
    device = next(model.parameters()).device
    ids = torch.from_numpy(np.stack([[EOS, *pair.prefix] for pair in kept]).astype(np.int64)).to(device)  # (B, T)
    good = torch.from_numpy(np.array([pair.good[0] for pair in kept], dtype=np.int64)).to(device)  # (B,)
    return gradient_norms(
        model.encoder.recurrent,
        model.encoder.embedding(ids),
        range(ids.shape[1]),
        lambda outputs: model.head.losses(outputs, good),
    )


def best_rate(trials: Sequence[Trial]) -> float:
    """Return the learning rate with the lowest validation loss in the mean over its seeds; of two equals the lower.

    One rate for a cell, not one for each seed: a seed that fails at the rate that is good for the others is to be seen.
    The test split and the pairs have no say.
    """
    losses: dict[float, list[float]] = {}
    for trial in trials:
        losses.setdefault(trial.learning_rate, []).append(trial.validation_loss)
    return min(sorted(losses), key=lambda rate: float(np.mean(losses[rate])))


def metrics(trials: Sequence[Trial]) -> dict[str, float]:
    """Return the chosen rate, its validation loss, and the agreement at that rate in percent.

    By distance it is the mean over the seeds; at all long distances together also each seed's, and the worst.
    """
    rate = best_rate(trials)
    chosen = [trial for trial in trials if trial.learning_rate == rate]
    found = {"learning_rate": rate, "validation_loss": float(np.mean([trial.validation_loss for trial in chosen]))}
    for index, row in enumerate(chosen[0].agreement):
        found[f"agreement.{row.distance}"] = float(np.mean([trial.agreement[index].accuracy for trial in chosen]))
    if any(row.distance >= LONG_DISTANCE for row in chosen[0].agreement):
        long = {trial.seed: total_accuracy(trial.agreement, LONG_DISTANCE) for trial in chosen}
        found |= {f"agreement.long.seed_{seed}": accuracy for seed, accuracy in long.items()}
        found |= {"agreement.long.mean": float(np.mean(list(long.values()))), "agreement.long.min": min(long.values())}
    return {name: float(f"{value:.6g}") for name, value in found.items()}


def agreement_rows(trials: Sequence[Trial]) -> Iterable[tuple[str, int, int, int, float]]:
    """Return (learning rate, seed, 1 if the rate is the chosen one else 0, distance, percent) of everything that was trained."""
    rate = best_rate(trials)
    return [
        (f"{trial.learning_rate:g}", trial.seed, int(trial.learning_rate == rate), row.distance, row.accuracy)
        for trial in trials
        for row in trial.agreement
    ]


def gradient_rows(trials: Sequence[Trial]) -> Iterable[tuple[int, str, str]]:
    """Return (steps back, norm after training, norm before it), means over the seeds at the chosen rate.

    Norms are texts of six significant digits: they fall over many orders of magnitude.
    """
    chosen = [trial for trial in trials if trial.learning_rate == best_rate(trials)]
    after = np.mean([trial.norms for trial in chosen], axis=0)
    before = np.mean([trial.norms_before for trial in chosen], axis=0)
    return [(k, f"{norm:.6g}", f"{start:.6g}") for k, (norm, start) in enumerate(zip(after, before, strict=True))]
