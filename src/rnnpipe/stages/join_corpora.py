"""Stage join_corpora: write two tokenized corpora as one plain text."""

import logging
from pathlib import Path

from rnnpipe.common.command import run_stage
from rnnpipe.common.errors import RnnpipeError
from rnnpipe.common.files import atomic_directory
from rnnpipe.params import find, load_params
from rnnpipe.text.joining import write_documents

logger = logging.getLogger(__name__)


def main(corpus: str, first: Path, second: Path, out: Path) -> None:
    """Take the splits that the entry `joined.<corpus>` names; `train.txt` goes to `out`."""
    entry = find(load_params().joined, "joined", corpus)
    folders = {entry.first: first, entry.second: second}
    paths = [folders[name] / f"{split}.parquet" for name in folders for split in entry.splits[name]]
    for path in paths:
        if not path.is_file():
            raise RnnpipeError(f"{path}: no such split; joined.{corpus}.splits may name what the corpus is divided into")
    with atomic_directory(out) as temporary:
        documents = write_documents(paths, temporary / "train.txt", entry.lowercase)
    logger.info("%s: %d documents", corpus, documents)


if __name__ == "__main__":
    run_stage(main)
