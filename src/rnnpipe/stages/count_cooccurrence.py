"""Stage count_cooccurrence: count how often words stand near each other in one part of a corpus, nearer pairs weighing more."""

import logging
from pathlib import Path

from rnnpipe.common.command import run_stage
from rnnpipe.common.errors import RnnpipeError
from rnnpipe.common.files import atomic_directory
from rnnpipe.embeddings.counting.cooccurrence import count_shard
from rnnpipe.params import find, load_params
from rnnpipe.text.encoded import EncodedCorpus

logger = logging.getLogger(__name__)


def main(corpus: str, shard: int, encoded: Path, out: Path, threads: int = 1) -> None:
    """Count part `shard` of `counting_shards` of the splits that the entry `cooccurrence.<corpus>` names."""
    params = load_params()
    settings = find(params.cooccurrence, "cooccurrence", corpus)
    if shard not in params.counting_shards:
        raise RnnpipeError(f"params.yaml: counting_shards has no part {shard}; add it")
    source = EncodedCorpus.open(encoded)
    splits = [source.split(name) for name in settings.splits]
    with atomic_directory(out) as temporary:
        entries = count_shard(splits, source.vocabulary, settings, temporary, shard, len(params.counting_shards), threads)
    logger.info("%s: %d pairs of words counted in part %d", corpus, entries, shard)


if __name__ == "__main__":
    run_stage(main)
