"""Stage import_embedding: take vectors that others have published, for the words of a corpus."""

import logging
from pathlib import Path

from rnnpipe.common.command import run_stage
from rnnpipe.common.files import atomic_directory
from rnnpipe.embeddings.imported import import_vectors
from rnnpipe.embeddings.vectors import save_vectors
from rnnpipe.params import find, load_params
from rnnpipe.text.vocabulary import Vocabulary

logger = logging.getLogger(__name__)


def main(name: str, source: Path, vocabulary: Path, out: Path) -> None:
    """Read the file of the entry `imported.<name>` in the folder `source`; its vectors go to `out`."""
    entry = find(load_params().imported, "imported", name)
    found = import_vectors(source / entry.file, entry.format, Vocabulary.from_file(vocabulary))
    with atomic_directory(out) as temporary:
        save_vectors(temporary, found.vocabulary, found.vectors, {"kind": "imported", **entry.model_dump(), **found.config})
    logger.info(
        "%s: vectors for %.2f %% of the vocabulary's words, %.2f %% of the train split's; %d of them of the form in lower case",
        name, found.config["coverage"], found.config["token_coverage"], found.config["lower_cased"],
    )  # fmt: skip


if __name__ == "__main__":
    run_stage(main)
