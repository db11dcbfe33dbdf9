"""Ids of words to measure on: WikiText-2's where its archive is at hand, else drawn."""

import os
from collections import Counter
from pathlib import Path
from zipfile import ZipFile

import numpy as np
from numpy.typing import NDArray

from rnnpipe.text.vocabulary import EOS, RESERVED, Vocabulary

ARCHIVE, MEMBER = "wikitext-2-v1.zip", "wikitext-2/wiki.train.tokens"


def ids(vocabulary: int) -> tuple[str, NDArray[np.int64]]:
    """Return where the ids are from, and those of a text of more than two million words; all are below `vocabulary`."""
    archive = Path(os.environ.get("RNNPIPE_MIRROR", "")) / ARCHIVE
    return ("WikiText-2", _wikitext(archive, vocabulary)) if archive.is_file() else ("Zipf", _zipf(vocabulary))


def _wikitext(archive: Path, vocabulary: int) -> NDArray[np.int64]:
    with ZipFile(archive) as files:
        lines = [line.split() for line in files.read(MEMBER).decode().splitlines()]
    words = Vocabulary.from_counts(Counter(word for line in lines for word in line), vocabulary - len(RESERVED))
    return np.concatenate([np.append(words.encode(line), EOS) for line in lines])


def _zipf(vocabulary: int) -> NDArray[np.int64]:
    """Draw words independently, the r-th most frequent one with probability proportional to 1 / (r + 2.7) (Mandelbrot)."""
    cumulated = np.cumsum(1 / (np.arange(1, vocabulary) + 2.7))
    drawn = np.random.default_rng(1).random(2_000_000) * cumulated[-1]
    ranks: NDArray[np.int64] = np.searchsorted(cumulated, drawn)
    return 1 + ranks
