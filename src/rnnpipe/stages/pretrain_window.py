"""Stage pretrain_window: learn an embedding matrix with the lecture's network that predicts a word from its context."""

import logging
from pathlib import Path

from rnnpipe.common.command import run_stage
from rnnpipe.common.files import atomic_directory
from rnnpipe.common.seeds import derive_seed
from rnnpipe.common.tables import write_csv
from rnnpipe.params import load_params

logger = logging.getLogger(__name__)


def main(name: str, encoded: Path, out: Path) -> None:
    """Train the run `window.runs.<name>`; the vectors go to `out`, with the loss by epoch."""
    from rnnpipe.embeddings.vectors import save_vectors
    from rnnpipe.embeddings.window import train_window
    from rnnpipe.text.encoded import EncodedCorpus

    params = load_params()
    run = params.run("window", name)
    source = EncodedCorpus.open(encoded)
    splits = [source.split(split) for split in run.splits]
    fit = train_window(splits, source.vocabulary, run, derive_seed(params.seed, "pretrain_window", run.seed))
    with atomic_directory(out) as temporary:
        save_vectors(temporary, fit.vocabulary, fit.vectors, {"kind": "window", **run.model_dump()})
        write_csv(temporary / "history.csv", ("epoch", "loss"), enumerate(fit.losses, start=1))
    logger.info("%s: %d vectors of length %d", name, len(fit.vocabulary), run.dimension)


if __name__ == "__main__":
    run_stage(main)
