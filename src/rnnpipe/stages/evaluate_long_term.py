"""Stage evaluate_long_term: how far back one cell remembers and gradients reach, over its grid of learning rates and seeds."""

import logging
from pathlib import Path

from rnnpipe.common.command import run_stage
from rnnpipe.common.seeds import derive_seed
from rnnpipe.common.tables import write_csv, write_metrics
from rnnpipe.params import load_params

logger = logging.getLogger(__name__)


def main(run: str, models: Path, encoded: Path, embedding: Path, out: Path) -> None:
    """Ask all networks of the run `run` the minimal pairs of their corpus; write tables into `out`."""
    from rnnpipe.evaluation import long_term
    from rnnpipe.evaluation.language_model_report import require_pairs
    from rnnpipe.inference import open_model
    from rnnpipe.models.history import best_row, read_history
    from rnnpipe.tasks.long_term import LongTerm
    from rnnpipe.text.encoded import EncodedCorpus
    from rnnpipe.training.start import starting_model

    params = load_params()
    settings = params.run("long_term", run)
    corpus = EncodedCorpus.open(encoded)
    require_pairs(corpus)
    trials = []
    for trial in params.long_term.trials:
        logger.info("%s: trial %s", run, trial)
        trained = open_model(models / trial)
        trained.require_vocabulary(corpus.vocabulary)
        own = params.run("long_term", f"{run}/{trial}")
        start, _, _ = starting_model(LongTerm(), own, corpus, embedding, derive_seed(params.seed, "long_term", own.seed))
        kept = best_row(read_history(models / trial / "history.csv"), own.selected_by) or {}
        trials.append(long_term.ask(trained, start.to(trained.device), corpus.pairs, kept["validation_loss"]))
    network = settings.network
    rows = [(network.cell, network.initialisation, *row) for row in long_term.agreement_rows(trials)]
    header = ("cell", "initialisation", "learning_rate", "seed", "chosen", "distance", "accuracy")
    write_csv(out / "agreement.csv", header, rows)
    write_csv(out / "gradients.csv", ("k", "norm", "norm_before_training"), long_term.gradient_rows(trials))
    write_metrics(out / "metrics.json", long_term.metrics(trials))


if __name__ == "__main__":
    run_stage(main)
