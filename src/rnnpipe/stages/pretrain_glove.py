"""Stage pretrain_glove: fit GloVe vectors to co-occurrence counts."""

import logging
from pathlib import Path

from rnnpipe.common.command import run_stage
from rnnpipe.common.errors import RnnpipeError
from rnnpipe.common.files import atomic_directory
from rnnpipe.common.seeds import derive_seed
from rnnpipe.embeddings.cooccurrence import load_cooccurrence
from rnnpipe.embeddings.glove import fit_glove, word_vectors
from rnnpipe.embeddings.tables import write_table
from rnnpipe.embeddings.vectors import save_vectors
from rnnpipe.params import load_params

logger = logging.getLogger(__name__)


def main(name: str, cooccurrence: Path, out: Path) -> None:
    """Train the run `glove.runs.<name>`; the vectors of both roles and their mean go to `out`, with the loss by epoch."""
    params = load_params()
    run = params.glove.runs.get(name)
    if run is None:
        raise RnnpipeError(f"params.yaml: glove.runs.{name}: no such run; add it")
    source = load_cooccurrence(cooccurrence)
    fit = fit_glove(source.entries, len(source.vocabulary), run, derive_seed(params.seed, "pretrain_glove", run.seed))
    vocabulary, vectors, parts = word_vectors(fit, source)
    with atomic_directory(out) as temporary:
        save_vectors(temporary, vocabulary, vectors, {"kind": "glove", **run.model_dump()}, parts)
        write_table(temporary / "history.csv", ("epoch", "loss"), enumerate(fit.losses, start=1))
    logger.info("%s: %d vectors of length %d", name, len(vocabulary), run.dimension)


if __name__ == "__main__":
    run_stage(main)
