"""Which splits of a corpus are scored."""

import numpy as np

from rnnpipe.common.errors import RnnpipeError
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


def _has_answers(corpus: EncodedCorpus, name: str) -> bool:
    split = corpus.split(name)
    return bool(np.any(split.labels >= 0)) if split.labels is not None else split.tags is not None and len(split) > 0
