"""Which splits of a corpus are scored, and how their scores are named."""

from collections.abc import Mapping

import numpy as np

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.common.tables import flatten
from rnnpipe.text.encoded import EncodedCorpus


def scored_splits(corpus: EncodedCorpus) -> list[str]:
    """Return the splits that a classifier or tagger can be scored on: all but `train` that have words and labels or tags.

    Raises
    ------
    RnnpipeError
        There is none.
    """
    names = [name for name in corpus.meta["splits"] if name != "train" and _has_answers(corpus, name)]
    if not names:
        raise RnnpipeError(f"{corpus.directory}: no labelled split but train; name one in splits or hold_out")
    return names


def main_split(names: list[str]) -> str:
    """Return the split that tables are made of: `test`, or else the last one."""
    return "test" if "test" in names else names[-1]


def metric_split(split: str) -> str:
    """Return the name of a split in the keys of metrics: `validation` for the split that files call `valid`."""
    return "validation" if split == "valid" else split


def known_truth(corpus: EncodedCorpus) -> dict[str, float]:
    """Return the figures that the grammar of a corpus knows, `truth.` and the path to each joined by dots; none without one."""
    figures = {key: value for key, value in corpus.truth.items() if key != "grammar"}
    return {_named(key): value for key, value in flatten({"truth": figures}).items()}


def floor(corpus: EncodedCorpus) -> Mapping[str, float]:
    """Return split → lowest possible perplexity, as far as a grammar knows it."""
    found: Mapping[str, float] = corpus.truth.get("perplexity", {})
    return found


def _named(key: str) -> str:
    return ".".join(metric_split(part) for part in key.split("."))


def _has_answers(corpus: EncodedCorpus, name: str) -> bool:
    split = corpus.split(name)
    return bool(np.any(split.labels >= 0)) if split.labels is not None else split.tags is not None and len(split) > 0
