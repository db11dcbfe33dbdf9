"""Weighted counts of word pairs: the X of GloVe (Pennington et al. 2014, sections 3 and 4.2).

Two words that stand d tokens apart in one document, d at most the window, add 1/d to their count. Reserved tokens keep their
position, so that no distance shrinks, but form no pairs: `<unk>` gets no counts. (Stanford's program drops unknown words
first, and what stood around them moves together.)

A corpus is counted in parts, and a part in runs that fit in memory; `merge_counts` adds them up. Counts are integers until
then: the result is the same bit for bit whatever the parts, the runs and the threads. The weights of one pair may come to
2**31 together, which the commonest pair of some 10**11 tokens reaches.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

from rnnpipe.common.arrays import write_shards
from rnnpipe.common.errors import RnnpipeError
from rnnpipe.common.files import read_json, write_json
from rnnpipe.embeddings.counting.kernels import to_entries
from rnnpipe.embeddings.counting.memory import plan_counting, plan_merging
from rnnpipe.embeddings.counting.parts import check_size, open_parts, origin
from rnnpipe.embeddings.counting.rows import counted_rows, merged_rows
from rnnpipe.embeddings.counting.runs import Rows, SortedRun, write_run
from rnnpipe.embeddings.counting.tokens import count_tokens
from rnnpipe.params import CooccurrenceSettings
from rnnpipe.text.encoded import EncodedSplit
from rnnpipe.text.vocabulary import Vocabulary

ENTRY = np.dtype([("i", "<i4"), ("j", "<i4"), ("x", "<f4")])
"""One non-zero count: word i, word j of its context, weighted count x."""
SHARD_ENTRIES = 2**24
"""Entries in a file (192 MiB)."""


def count_shard(
    splits: Sequence[EncodedSplit],
    vocabulary: Vocabulary,
    settings: CooccurrenceSettings,
    out: Path,
    shard: int = 1,
    shards: int = 1,
    threads: int = 1,
    tokens_at_a_time: int | None = None,
) -> int:
    """Count one part of a corpus: the tokens from (shard - 1)/shards to shard/shards of all, each with its whole context.

    Parameters
    ----------
    splits, vocabulary : sequence of EncodedSplit, Vocabulary
        Documents, taken as one row, and the words of their ids.
    settings : CooccurrenceSettings
    out : Path
        Existing folder for the runs, `meta.json` and `vocabulary.tsv`.
    shard, shards, threads : int, default=1
        Which part of how many; fewer threads are used where `memory_mb` has no room for all.
    tokens_at_a_time : int, default=None
        Tokens in a run; None: what `memory_mb` has room for.

    Returns
    -------
    int
        Entries of all runs.

    Raises
    ------
    RnnpipeError
        The window is 0, the corpus empty or smaller than the vocabulary, an id beyond it, or `memory_mb` too little for it.
    """
    total = count_tokens(splits)
    check_size(total, len(vocabulary), settings.window)
    room, threads = plan_counting(settings.memory_mb, len(vocabulary), threads)
    last, entries = total * shard // shards, 0
    begins = range(total * (shard - 1) // shards, last, tokens_at_a_time or room)
    for number, begin in enumerate(begins):
        rows = counted_rows(splits, begin, min(begin + begins.step, last), len(vocabulary), settings, threads)
        entries += write_run(out / f"run-{number:05}", rows)
    vocabulary.save(out / "vocabulary.tsv")
    write_json(out / "meta.json", {**origin(settings, vocabulary), "shard": shard, "shards": shards, "runs": len(begins)})
    return entries


def merge_counts(
    counted: Sequence[Path], out: Path, settings: CooccurrenceSettings, threads: int = 1, runs_at_a_time: int | None = None
) -> int:
    """Add up the parts of a corpus.

    Parameters
    ----------
    counted : sequence of Path
        Folders that `count_shard` wrote, shard 1 first, all of them.
    out : Path
        Existing folder for `shard-00000.npy` … (dtype `ENTRY`, sorted by (i, j)), `meta.json` and `vocabulary.tsv`.
    settings : CooccurrenceSettings
        That the parts were counted with; `memory_mb` may differ.
    threads : int, default=1
    runs_at_a_time : int, default=None
        Runs added up at a time, 2 or more; None: what `memory_mb` has room for.

    Returns
    -------
    int
        Entries.

    Raises
    ------
    RnnpipeError
        A part is missing, damaged or counted with other settings, or there is no pair at all.
    """
    runs, vocabulary = open_parts(counted, settings)
    words, entries, numbers = len(vocabulary), 0, count()
    room, threads = plan_merging(settings.memory_mb, words, threads)
    most = runs_at_a_time or room
    with TemporaryDirectory(dir=out) as folder:
        while len(runs) > most:
            path = Path(folder) / f"run-{next(numbers):05}"
            write_run(path, merged_rows(runs[:most], words, threads, lambda first, rows: rows))
            runs = [*runs[most:], SortedRun(path, words)]
        if runs:
            entries = write_shards(out, merged_rows(runs, words, threads, _entries), ENTRY, SHARD_ENTRIES)
    if entries == 0:
        raise RnnpipeError("no two words of the vocabulary stand together in a document; give a larger corpus or vocabulary")
    vocabulary.save(out / "vocabulary.tsv")
    write_json(out / "meta.json", {**origin(settings, vocabulary), "entries": entries})
    return entries


def read_entries(directory: Path) -> Iterator[NDArray[np.void]]:
    """Read what `merge_counts` wrote, a file at a time.

    Yields
    ------
    ndarray, dtype=ENTRY
        Sorted by (i, j), at most SHARD_ENTRIES at a time.

    Raises
    ------
    RnnpipeError
        A file is missing or damaged.
    """
    missing = read_json(directory / "meta.json")["entries"]
    for path in sorted(directory.glob("shard-*.npy")):
        try:
            entries = np.load(path, allow_pickle=False)
        except (OSError, EOFError, ValueError) as error:
            raise RnnpipeError(f"{path}: damaged shard ({error}); run the stage merge_cooccurrence again") from None
        missing -= len(entries)
        if missing < 0:
            break
        yield entries
    if missing:
        raise RnnpipeError(f"{directory}: the shards are not those of meta.json; run the stage merge_cooccurrence again")


def read_vocabulary(directory: Path) -> Vocabulary:
    """Return the words of the counts that `merge_counts` wrote; a missing or damaged file is an `RnnpipeError`."""
    vocabulary = Vocabulary.from_file(directory / "vocabulary.tsv")
    if vocabulary.sha256 != read_json(directory / "meta.json")["vocabulary_sha256"]:
        raise RnnpipeError(f"{directory}: vocabulary.tsv is not that of meta.json; run the stage merge_cooccurrence again")
    return vocabulary


def _entries(first: int, rows: Rows) -> NDArray[np.void]:
    entries = np.empty(len(rows[1]), dtype=ENTRY)
    to_entries(first, rows, entries)
    return entries
