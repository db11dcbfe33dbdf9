"""What a language model says of each word of the splits that it was scored on, `reports/scored/<run>`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.common.files import atomic_directory
from rnnpipe.common.tables import write_csv
from rnnpipe.evaluation.perplexities import Floats, Scores
from rnnpipe.metrics.agreement import GroupAccuracy
from rnnpipe.text.encoded import EncodedCorpus

END = "<eos>"


@dataclass(frozen=True)
class ScoredSplits:
    """Log-probabilities of words, and minimal pairs by group."""

    forms: Mapping[str, Scores]
    """`static`, and `cache` or `dynamic`, if the model was asked for them."""
    groups: Sequence[GroupAccuracy] = ()
    corpus: EncodedCorpus | None = None
    """Whose test split is to be told word by word; None: it is not asked for."""

    def write(self, folder: Path) -> None:
        """Write the folder: `<split>.<form>.npy`, float32, in nats; `pairs.csv`; `test.csv` if asked for."""
        with atomic_directory(folder) as target:
            for form, scores in self.forms.items():
                for split, found in scores.items():
                    np.save(target / f"{split}.{form}.npy", found.astype(np.float32))
            if self.groups:
                header = ("group", "attractors", "pairs", "skipped", "accuracy")
                write_csv(target / "pairs.csv", header, map(_pair_row, self.groups))
            if self.corpus and "test" in self.forms["static"]:
                forms = {form: scores["test"] for form, scores in self.forms.items() if "test" in scores}
                write_csv(target / "test.csv", ("document", "word", *forms), surprisal_rows(self.corpus, forms))


def surprisal_rows(corpus: EncodedCorpus, forms: Mapping[str, Floats]) -> Iterator[tuple[Any, ...]]:
    """Yield (document from 0, word, surprisal in nats in each form) for each word of the split `test` and for each end."""
    surprisals = iter(zip(*(-found for found in forms.values()), strict=True))
    for number, words in enumerate(corpus.words("test")):
        for word in (*words, END):
            yield number, word, *map(float, next(surprisals))


def read_scores(folder: Path, form: str, split: str) -> Floats:
    """Return the log-probabilities of a split's words that a run said, shape (N,), in nats.

    Raises
    ------
    RnnpipeError
        There are none: the run was not scored in this form, or not on this split.
    """
    path = folder / f"{split}.{form}.npy"
    try:
        found: Floats = np.load(path, allow_pickle=False).astype(np.float64)
    except (OSError, EOFError, ValueError) as error:
        raise RnnpipeError(f"{path}: missing or damaged ({error}); run evaluate_language_model or fit_ngram again") from None
    return found


def _pair_row(row: GroupAccuracy) -> tuple[Any, ...]:
    return row.group, row.attractors if row.attractors >= 0 else "", row.pairs, row.skipped, row.accuracy
