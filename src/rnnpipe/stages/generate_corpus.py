"""Stage generate_corpus: write a sample corpus from its grammar and the pipeline's seed, its known optimum beside it."""

import logging
from pathlib import Path

from rnnpipe.common.command import run_stage
from rnnpipe.common.files import atomic_directory
from rnnpipe.common.seeds import derive_seed
from rnnpipe.corpora.grammar.corpus import write_corpus
from rnnpipe.params import find, load_params

logger = logging.getLogger(__name__)


def main(corpus: str, out: Path) -> None:
    """Write the corpus of the entry `grammars.<corpus>` into the directory `out`."""
    params = load_params()
    grammar = find(params.grammars, "grammars", corpus)
    with atomic_directory(out) as temporary:
        write_corpus(grammar, derive_seed(params.seed, "generate_corpus", corpus), temporary)
    logger.info("%s: %s grammar written to %s", corpus, grammar.kind, out)


if __name__ == "__main__":
    run_stage(main)
