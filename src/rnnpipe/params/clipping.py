"""Parameters of the two sweeps that differ only in whether gradients are clipped."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from rnnpipe.params.base import Count, Name, Strict
from rnnpipe.params.network import LanguageModelNetwork, Optimizer


class ClippingSettings(Strict):
    """What `measure_clipping` trains: a language model of sentences, with each seed once clipped and once not."""

    corpus: Name
    """An entry of `corpora`."""
    embedding: Name
    """An embedding, whichever section makes it."""
    network: LanguageModelNetwork
    optimizer: Optimizer
    """At a rate that is too high without clipping; `clip` is the bound that one of the two sweeps has."""
    steps: Count = 100
    """Most steps of a training; one whose loss is no number any more ends there."""
    batch_size: Count = 64
    """Sentences in a batch, on average."""
    seeds: Annotated[tuple[int, ...], Field(min_length=1)] = (1, 2, 3)
    """Of the weights and the order of the batches, the same for both sweeps."""

    @model_validator(mode="after")
    def _clips(self) -> ClippingSettings:
        if self.optimizer.clip is None:
            raise ValueError("optimizer.clip: is the bound of the sweep that is clipped, the other one has none; set clip: 1.0")
        return self
