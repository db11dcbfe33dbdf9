"""Parameters of the evaluation of language models: what is tried of the forms that adapt, chosen from on validation."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from rnnpipe.params.base import Count, Name, Rate, Share, Strict

Positive = Annotated[float, Field(gt=0, lt=1e3)]
Weight = Annotated[float, Field(gt=0, lt=1)]


class CacheGrid(Strict):
    """The neural cache (Grave et al. 2017): words that followed alike states come again. Costs a pass over the split."""

    window: Count = 2000
    """Words that it remembers; source: Grave et al. 2017."""
    thetas: Annotated[tuple[Positive, ...], Field(min_length=1)] = (0.1, 0.3, 0.6, 1.0)
    """How much an alike state weighs more than another one; the best on validation is taken."""
    weights: Annotated[tuple[Weight, ...], Field(min_length=1)] = (0.05, 0.1, 0.15, 0.2, 0.3)
    """Lambda, the cache's share of the probability; the best on validation is taken."""


class DynamicGrid(Strict):
    """Dynamic evaluation (Krause et al. 2018), SGD in its plain form: the network is trained on while it is scored.

    Costs a training pass over the test split, and one over the words of validation for each pair of rate and decay.
    """

    learning_rates: Annotated[tuple[Rate, ...], Field(min_length=1)] = (0.1, 0.3, 1.0)
    """Step along the gradient of the segment's mean loss; the best on validation is taken."""
    decays: Annotated[tuple[Share, ...], Field(min_length=1)] = (0.0, 0.001)
    """Share of the way back to the trained weights at each step; the best on validation is taken."""
    segment: Count = 35
    """Words that are scored before each step."""
    words: Count | None = 50_000
    """Of validation, that rate and decay are chosen by, from its start; None: all."""


class LanguageModelEvaluation(Strict):
    """What language models are asked once they are trained, whichever run: a change of it trains nothing."""

    cache: CacheGrid | None = None
    """Of models of a stream: perplexity with a neural cache, beside that without; None: not asked."""
    dynamic: DynamicGrid | None = None
    """Of models of a stream: perplexity with dynamic evaluation, beside that without; None: not asked."""
    adaptive: tuple[Name, ...] | None = None
    """The runs that `cache` and `dynamic` are asked of; None: all of a stream."""
    surprisal: bool = False
    """Whether `reports/scored/<run>/test.csv` says how surprising each word of the test split is."""
