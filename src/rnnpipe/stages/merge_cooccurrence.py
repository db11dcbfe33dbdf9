"""Stage merge_cooccurrence: add up the counts of a corpus' parts."""

import logging
from pathlib import Path

from rnnpipe.common.command import run_stage
from rnnpipe.common.files import atomic_directory
from rnnpipe.embeddings.counting.cooccurrence import merge_counts
from rnnpipe.params import find, load_params

logger = logging.getLogger(__name__)


def main(corpus: str, counted: Path, out: Path, threads: int = 1) -> None:
    """Add up the parts of `counting_shards` in `counted`; folders of other numbers, left by an earlier run, are skipped."""
    params = load_params()
    settings = find(params.cooccurrence, "cooccurrence", corpus)
    parts = [counted / str(shard) for shard in params.counting_shards]
    with atomic_directory(out) as temporary:
        entries = merge_counts(parts, temporary, settings, threads)
    logger.info("%s: %d pairs of words counted", corpus, entries)


if __name__ == "__main__":
    run_stage(main)
