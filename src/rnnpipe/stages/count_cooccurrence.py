"""Stage count_cooccurrence: count how often words stand near each other in a corpus, nearer pairs weighing more."""

import logging
from pathlib import Path

from rnnpipe.common.command import run_stage
from rnnpipe.common.errors import RnnpipeError
from rnnpipe.common.files import atomic_directory
from rnnpipe.embeddings.cooccurrence import count_pairs, document_stream, save_cooccurrence
from rnnpipe.params import load_params
from rnnpipe.text.encoding import EncodedCorpus

logger = logging.getLogger(__name__)


def main(corpus: str, encoded: Path, out: Path) -> None:
    """Count the splits that the entry `cooccurrence.<corpus>` names."""
    settings = load_params().cooccurrence.get(corpus)
    if settings is None:
        raise RnnpipeError(f"params.yaml: cooccurrence.{corpus}: no such entry; add it")
    source = EncodedCorpus.open(encoded)
    stream = document_stream([source.split(name) for name in settings.splits])
    rows = count_pairs(stream, len(source.vocabulary), settings.window, settings.symmetric)
    with atomic_directory(out) as temporary:
        entries = save_cooccurrence(temporary, rows, source.vocabulary, settings.window, settings.symmetric)
    logger.info("%s: %d pairs of words counted", corpus, entries)


if __name__ == "__main__":
    run_stage(main)
