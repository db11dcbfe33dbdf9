"""Counted parts of a corpus: what each says of its origin, and whether they fit together."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.common.files import read_json
from rnnpipe.embeddings.counting.runs import SortedRun
from rnnpipe.params import CooccurrenceSettings
from rnnpipe.text.vocabulary import RESERVED, Vocabulary


def check_size(tokens: int, words: int, window: int) -> None:
    """Refuse what cannot be counted.

    Parameters
    ----------
    tokens : int
        Of the corpus.
    words : int
        Of the vocabulary, reserved tokens too.
    window : int

    Raises
    ------
    RnnpipeError
        The window is 0, the corpus is empty, or the vocabulary has more words than the corpus tokens.
    """
    if window < 1:
        raise RnnpipeError(f"cooccurrence.window: {window} tokens hold no context; give 1 or more")
    if tokens == 0:
        raise RnnpipeError("the corpus is empty, there is nothing to count; check the files and splits that it is made of")
    if words - len(RESERVED) > tokens:
        raise RnnpipeError(
            f"the vocabulary has {words - len(RESERVED)} words, the corpus only {tokens} tokens: it is that of another corpus; "
            "run the stages build_vocabulary and encode again"
        )


def origin(settings: CooccurrenceSettings, vocabulary: Vocabulary) -> dict[str, Any]:
    """Return what `meta.json` says of how counts were made; the same for all parts and for the whole."""
    return {
        "splits": list(settings.splits),
        "window": settings.window,
        "symmetric": settings.symmetric,
        "vocabulary_sha256": vocabulary.sha256,
        "vocabulary_size": len(vocabulary),
    }


def open_parts(counted: Sequence[Path], settings: CooccurrenceSettings) -> tuple[list[SortedRun], Vocabulary]:
    """Return all runs of the folders that `count_shard` wrote, part 1 first, and the vocabulary.

    Raises
    ------
    RnnpipeError
        A file is missing or damaged, or a part was counted as another part, with other settings or another vocabulary.
    """
    metas = [read_json(folder / "meta.json") for folder in counted]
    vocabulary = Vocabulary.from_file(counted[0] / "vocabulary.tsv")
    runs = []
    for shard, (folder, meta) in enumerate(zip(counted, metas, strict=True), start=1):
        expected = {**origin(settings, vocabulary), "shard": shard, "shards": len(counted)}
        for key, value in expected.items():
            if meta.get(key) != value:
                found = f"{key} {meta.get(key)!r}, not {value!r}"
                raise RnnpipeError(f"{folder}: counted with {found}; run the stage count_cooccurrence again for all parts")
        runs += [SortedRun(folder / f"run-{number:05}", len(vocabulary)) for number in range(meta["runs"])]
    return runs, vocabulary
