"""Stage pretrain_glove: fit GloVe vectors to co-occurrence counts."""

import logging
from functools import partial
from pathlib import Path

import numba
import numpy as np

from rnnpipe.common.checkpoints import checkpoint_file, discard
from rnnpipe.common.command import run_stage
from rnnpipe.common.files import atomic_directory
from rnnpipe.common.seeds import derive_seed
from rnnpipe.common.tables import write_csv
from rnnpipe.embeddings.counting.cooccurrence import read_entries, read_vocabulary
from rnnpipe.embeddings.glove.fit import fit_glove, word_vectors
from rnnpipe.embeddings.vectors import save_vectors
from rnnpipe.params import load_params

logger = logging.getLogger(__name__)


def main(name: str, cooccurrence: Path, out: Path, threads: int = 1) -> None:
    """Train the run `glove.runs.<name>`; the final vectors and those of both roles go to `out`, with the loss by epoch."""
    params = load_params()
    run = params.run("glove", name)
    seed = derive_seed(params.seed, "pretrain_glove", run.seed)
    facts = [run.model_dump_json(), str(seed), numba.__version__, np.__version__]
    checkpoint = checkpoint_file("glove", name, facts, [cooccurrence], ".safetensors")
    source = read_vocabulary(cooccurrence)
    fit = fit_glove(partial(read_entries, cooccurrence), len(source), run, seed, threads, checkpoint)
    vocabulary, vectors, parts = word_vectors(fit, source, run)
    with atomic_directory(out) as temporary:
        save_vectors(temporary, vocabulary, vectors, {"kind": "glove", **run.model_dump()}, parts)
        write_csv(temporary / "history.csv", ("epoch", "loss"), enumerate(fit.losses, start=1))
    discard(checkpoint)
    logger.info("%s: %d vectors of length %d", name, len(vocabulary), vectors.shape[1])


if __name__ == "__main__":
    run_stage(main)
