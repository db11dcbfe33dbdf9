"""How far back a cell remembers: agreement and gradients by distance, over a grid of learning rates and seeds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.evaluation.agreement import (
    LONG_DISTANCE,
    MinimalPair,
    PairAccuracy,
    pair_accuracy_by_distance,
    read_pairs,
    total_accuracy,
)
from rnnpipe.evaluation.recurrent import RecurrentLanguageModel
from rnnpipe.networks.gradients import gradient_norms
from rnnpipe.networks.language_model import LanguageModelNetwork
from rnnpipe.text.vocabulary import EOS, Vocabulary


@dataclass(frozen=True)
class Trial:
    """One trained network of the grid."""

    learning_rate: float
    seed: int
    val_loss: float
    """Of the epoch whose weights were kept, nats."""
    agreement: Sequence[PairAccuracy]
    norms_before: Sequence[float]
    """Gradient norms by steps back (see `reach`) of the untrained network."""
    norms: Sequence[float]
    """The same after training."""


def required_pairs(raw: Path) -> list[MinimalPair]:
    """Read `pairs.tsv` of a `data/raw/<corpus>`; a corpus without pairs cannot be asked how far back a cell remembers."""
    path = raw / "pairs.tsv"
    pairs = read_pairs(path) if path.is_file() else []
    if not pairs:
        raise RnnpipeError(f"{path}: missing or without pairs; give the run of long_term a corpus with minimal pairs")
    return pairs


def agreement(network: LanguageModelNetwork, pairs: Sequence[MinimalPair], vocabulary: Vocabulary) -> list[PairAccuracy]:
    """Return how often a network prefers the right word, by distance."""
    model = RecurrentLanguageModel(network.eval(), len(vocabulary), "sentences")

    def score(batch: Sequence[MinimalPair]) -> np.ndarray:
        words = np.stack([vocabulary.encode((pair.good, pair.bad)) for pair in batch])
        return model.word_log_probabilities([vocabulary.encode(pair.prefix) for pair in batch], words)

    return pair_accuracy_by_distance(pairs, score)


def reach(network: LanguageModelNetwork, pairs: Sequence[MinimalPair], vocabulary: Vocabulary) -> list[float]:
    """Return the norm of ∂loss<t>/∂x<t-k> for k = 0, 1, 2 …, where t is the step that predicts the word that agrees.

    The loss is that of the right word; the mean is over the pairs of the longest distance. Of these the most frequent length
    is taken, for sequences without padding.
    """
    longest = max(pair.distance for pair in pairs)
    far = [pair for pair in pairs if pair.distance == longest]
    length = Counter(len(pair.prefix) for pair in far).most_common(1)[0][0]
    kept = [pair for pair in far if len(pair.prefix) == length]
    prefixes = np.stack([vocabulary.encode(pair.prefix) for pair in kept]).astype(np.int64)
    ids = functional.pad(torch.from_numpy(prefixes), (1, 0), value=EOS)  # (B, T)
    good = torch.from_numpy(np.concatenate([vocabulary.encode((pair.good,)) for pair in kept]).astype(np.int64))  # (B,)
    return gradient_norms(
        network.eval().recurrent,
        network.embedding(ids),
        range(ids.shape[1]),
        lambda outputs: functional.cross_entropy(network.output(outputs), good, reduction="none"),
    )


def best_rate(trials: Sequence[Trial]) -> float:
    """Return the learning rate with the lowest validation loss in the mean over its seeds; of two equals the lower.

    One rate for a cell, not one for each seed: a seed that fails at the rate that is good for the others is to be seen.
    The test split and the pairs have no say.
    """
    losses: dict[float, list[float]] = {}
    for trial in trials:
        losses.setdefault(trial.learning_rate, []).append(trial.val_loss)
    return min(sorted(losses), key=lambda rate: float(np.mean(losses[rate])))


def metrics(trials: Sequence[Trial]) -> dict[str, float]:
    """Return the chosen rate, its validation loss, and the agreement at that rate in percent.

    By distance it is the mean over the seeds; at all long distances together also each seed's, and the worst.
    """
    rate = best_rate(trials)
    chosen = [trial for trial in trials if trial.learning_rate == rate]
    found = {"learning_rate": rate, "val_loss": float(np.mean([trial.val_loss for trial in chosen]))}
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
