"""Negative sampling measured: which words are drawn, and the vectors by J and by exponent (slide "Negative sampling")."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from statistics import fmean, stdev
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import chisquare

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.common.seeds import derive_seed
from rnnpipe.embeddings.intrinsic.analogy import accuracy, answer
from rnnpipe.embeddings.intrinsic.questions import Questions
from rnnpipe.embeddings.intrinsic.similarity import similarity
from rnnpipe.embeddings.vectors import WordVectors
from rnnpipe.embeddings.window import train_window
from rnnpipe.heads.negative_sampling import NegativeSampling, negative_shares
from rnnpipe.params import SoftmaxSettings, WindowRun
from rnnpipe.text.encoded import EncodedSplit
from rnnpipe.text.vocabulary import Vocabulary

EXPONENT, NEGATIVES = 0.75, 5
"""What stays while the other one varies (Mikolov et al. 2013; slide)."""
LEAST_EXPECTED = 5.0
"""Rarer words share one class of the χ² test, whose distribution is an approximation that needs this much (Cochran 1954)."""


@dataclass(frozen=True)
class Frequencies:
    """Words drawn by the sampler of the training, against the formula."""

    drawn: NDArray[np.int64]
    """Shape (W,)."""
    expected: NDArray[np.float64]
    """Shape (W,): draws · P(w)."""
    chi_square: float
    degrees: int
    """Degrees of freedom."""
    p_value: float
    """Probability of a χ² at least as large if the words are drawn by the formula."""


@dataclass(frozen=True)
class NegativesScore:
    """Vectors trained with J negatives drawn by count ** exponent."""

    negative: int
    exponent: float
    seed: int
    """Of the first vectors, the order and the draws; derived from the pipeline's."""
    analogies: float | None
    """Correct answers, in percent; None where no question is covered."""
    spearman: float | None
    """Rank correlation with known similarities; None where no pair is covered."""


def draw_frequencies(counts: NDArray[np.int64], draws: int, seed: int, exponent: float = EXPONENT) -> Frequencies:
    """Draw negatives and test their frequencies against P(w) = count(w) ** exponent / sum of all.

    Parameters
    ----------
    counts : ndarray of shape (W,), dtype=int64
        All above 0.
    draws : int
        Words to draw.
    seed : int
    exponent : float, default=0.75

    Raises
    ------
    RnnpipeError
        Fewer than two classes of words are expected often enough for the test.
    """
    expected = negative_shares(counts, exponent) * draws
    sampler = NegativeSampling(1, len(counts), counts, negative=1, exponent=exponent, seed=seed)
    drawn = np.bincount(sampler.draw(draws).ravel(), minlength=len(counts))
    often = expected >= LEAST_EXPECTED
    observed, awaited = drawn[often], expected[often]
    if expected[~often].sum() >= LEAST_EXPECTED:
        observed, awaited = np.append(observed, drawn[~often].sum()), np.append(awaited, expected[~often].sum())
    elif len(awaited):
        observed[-1] += drawn[~often].sum()
        awaited[-1] += expected[~often].sum()
    if len(awaited) < 2:
        raise RnnpipeError(f"{draws} draws from {len(counts)} words are too few for a χ² test; raise softmax draws")
    test = chisquare(observed, awaited)
    return Frequencies(drawn, expected, float(test.statistic), len(awaited) - 1, float(test.pvalue))


def score_negatives(
    splits: Sequence[EncodedSplit], vocabulary: Vocabulary, settings: SoftmaxSettings, questions: Questions, seed: int
) -> list[NegativesScore]:
    """Train small window networks (context `nearby_1`) for each J and each exponent, one a seed, and question their vectors.

    J varies at exponent 3/4, the exponent at J = 5; the networks of one seed begin with the same vectors and see the same
    examples.
    """
    known = next(iter(questions.similarity.values()))
    pairs = [(negative, EXPONENT) for negative in settings.negatives] + [(NEGATIVES, power) for power in settings.exponents]
    scores = []
    for (negative, exponent), own in product(sorted(set(pairs)), settings.seeds):
        run = WindowRun(
            corpus=settings.corpus,
            context="nearby_1",
            window=5,
            negative=negative,
            exponent=exponent,
            dimension=settings.dimension,
            learning_rate=settings.learning_rate,
            epochs=settings.epochs,
            batch_size=settings.batch_size,
        )
        fit = train_window(splits, vocabulary, run, derive_seed(seed, "vectors", own))
        vectors = WordVectors(fit.vectors, fit.vocabulary, {})
        solved, ordered = accuracy(answer(vectors, questions.analogies)), similarity(vectors, known).spearman
        scores.append(NegativesScore(negative, exponent, own, solved, ordered))
    return scores


def negative_metrics(frequencies: Frequencies, scores: Sequence[NegativesScore]) -> dict[str, Any]:
    """Return the test under `frequencies`; under `scores` means and standard deviations over the seeds.

    These are by `negative` (J) and by `exponent` (3/4 is `0_75`).
    """
    at_exponent = [(str(score.negative), score) for score in scores if score.exponent == EXPONENT]
    powers = [(f"{score.exponent:g}".replace(".", "_"), score) for score in scores if score.negative == NEGATIVES]
    return {
        "frequencies": {
            "chi_square": frequencies.chi_square,
            "degrees": frequencies.degrees,
            "p_value": frequencies.p_value,
        },
        "scores": {"negative": _over_seeds(at_exponent), "exponent": _over_seeds(powers)},
    }


def _over_seeds(named: Sequence[tuple[str, NegativesScore]]) -> dict[str, dict[str, float]]:
    """Return name → figure → mean, and its standard deviation (`…_sd`) from two seeds on; what none could be had for is not."""
    figures: dict[str, dict[str, float]] = {}
    for name in dict.fromkeys(name for name, _ in named):
        own = figures.setdefault(name, {})
        for figure in ("analogies", "spearman"):
            values = [value for one, score in named if one == name and (value := getattr(score, figure)) is not None]
            if values:
                own[figure] = fmean(values)
            if len(values) > 1:
                own[f"{figure}_sd"] = stdev(values)
    return figures
