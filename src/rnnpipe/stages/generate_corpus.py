"""Stage generate_corpus: write a sample corpus from its grammar and the pipeline's seed, its known optimum beside it."""

import logging
from pathlib import Path

from rnnpipe.common.command import run_stage
from rnnpipe.common.errors import RnnpipeError
from rnnpipe.common.files import atomic_directory
from rnnpipe.common.seeds import derive_seed
from rnnpipe.corpora.grammar.corpus import write_corpus
from rnnpipe.params import load_params

logger = logging.getLogger(__name__)


def main(corpus: str, out: Path) -> None:
    """Write the corpus of the entry `grammars.<corpus>` into the directory `out`."""
    params = load_params()
    if corpus not in params.grammars:
        known = ", ".join(params.grammars) or "none"
        raise RnnpipeError(f"params.yaml: grammars.{corpus}: no such entry; there are: {known}")
    with atomic_directory(out) as temporary:
        write_corpus(params.grammars[corpus], derive_seed(params.seed, "generate_corpus", corpus), temporary)
    logger.info("%s: %s grammar written to %s", corpus, params.grammars[corpus].kind, out)


if __name__ == "__main__":
    run_stage(main)
