"""What a model is not for: what it cannot read, and what nobody has measured."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rnnpipe.params import Params

BYTES_A_NUMBER = 12
"""Of a log-probability and what it is computed from, in float32."""


def limits(params: Params, task: str, config: Mapping[str, Any], coverage: Mapping[str, Any], words: int) -> Iterator[str]:
    """Yield the limits of a model, a sentence or two each.

    Parameters
    ----------
    params : Params
    task : str
    config : mapping
        The model's `config.json`.
    coverage : mapping
        The vocabulary's metrics.json, keys joined by dots.
    words : int
        Size of the vocabulary, reserved words apart.
    """
    corpus, documents = config["parameters"]["corpus"], config["sizes"]["documents"]
    yield f"It was trained on the corpus `{corpus}` alone. Texts of another kind, time or language were not measured."
    if params.shared.get(corpus, corpus) in params.grammars:
        yield "The corpus is made by a grammar: the model shows what such a network can learn, and is of no use on real text."
    yield f"It knows {words:,} words; every other one is the same to it, `<unk>`."
    trained = coverage.get("splits.train.tokens")
    if trained and documents:
        yield f"Its training texts have {trained / documents:.0f} words on average."
    yield from _of_reading(task, config)
    yield "Nobody has measured how it treats groups of people."


def _of_reading(task: str, config: Mapping[str, Any]) -> Iterator[str]:
    parameters = config["parameters"]
    if parameters.get("max_length"):
        yield f"Of a longer text it reads the last {parameters['max_length']:,} words."
    if parameters.get("batching") == "stream":
        yield "It reads texts one after the other: how probable a text is depends on those before it."
    if "batching" in parameters:
        megabytes = 1000 * config["sizes"]["outputs"] * BYTES_A_NUMBER / 1e6
        yield f"Each 1,000 words of a text take about {megabytes:,.1f} MB of memory while it is scored."
