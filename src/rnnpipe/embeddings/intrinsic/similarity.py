"""Whether vectors order pairs of words by likeness as people do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import rankdata

from rnnpipe.embeddings.vectors import WordVectors

ScoredPair = tuple[str, str, float]
"""Two words and how alike people find them, on any rising scale."""


@dataclass(frozen=True)
class Similarity:
    """Spearman's rank correlation with the share of pairs that it rests on."""

    spearman: float | None
    """In [-1, 1]; 0 where all cosines are equal and so nothing is ordered; None with fewer than two covered pairs."""
    pairs: int
    covered: float
    """Pairs with a vector for both words, in percent."""


def similarity(vectors: WordVectors, pairs: Sequence[ScoredPair]) -> Similarity:
    """Correlate cosines with people's scores over the pairs whose words both have a vector."""
    scored = [(vectors.cosine(first, second), score) for first, second, score in pairs]
    covered = [(cosine, score) for cosine, score in scored if cosine is not None]
    share = 100.0 * len(covered) / len(pairs) if pairs else 0.0
    if len(covered) < 2:
        return Similarity(None, len(pairs), share)
    ranks = rankdata(np.array(covered), axis=0)
    ranks -= ranks.mean(axis=0)
    cosines, scores = ranks.T
    scale = float(np.sqrt((cosines @ cosines) * (scores @ scores)))
    return Similarity(float(cosines @ scores) / scale if scale else 0.0, len(pairs), share)
