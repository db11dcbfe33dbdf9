"""Stage sweep_long_term: one cell at a grid of learning rates and seeds - how far back it remembers, and gradients reach."""

import logging
from pathlib import Path

from rnnpipe.common.command import run_stage
from rnnpipe.common.files import write_json
from rnnpipe.common.seeds import derive_seed
from rnnpipe.params import load_params

logger = logging.getLogger(__name__)


def main(run: str, encoded: Path, raw: Path, out: Path) -> None:
    """Train the run `run` on an encoded corpus and ask it the minimal pairs of the raw one; write tables into `out`."""
    import torch

    from rnnpipe.datamodules.language_model import LanguageModelData
    from rnnpipe.evaluation import long_term
    from rnnpipe.evaluation.tables import write_table
    from rnnpipe.modules.configuration import network_config
    from rnnpipe.modules.language_model import LanguageModelModule
    from rnnpipe.modules.sequence import Optimization
    from rnnpipe.networks.build import build_network
    from rnnpipe.networks.language_model import LanguageModelNetwork
    from rnnpipe.text.encoded import EncodedCorpus
    from rnnpipe.training import fit

    params = load_params()
    settings = params.long_term.runs[run]
    corpus = EncodedCorpus.open(encoded)
    words = len(corpus.vocabulary)
    pairs = long_term.required_pairs(raw)
    trials = []
    for rate in settings.learning_rates:
        for number in settings.seeds:
            logger.info("%s: learning rate %g, seed %d", run, rate, number)
            trial = settings.trial(rate, number)
            seed = derive_seed(params.seed, "long_term", number)
            torch.manual_seed(seed)
            network = build_network(network_config("language_model", trial, words, settings.embedding_dimension, words))
            assert isinstance(network, LanguageModelNetwork)
            before = long_term.reach(network, pairs, corpus.vocabulary)
            data = LanguageModelData(corpus, trial.batch_size, seed, trial.batching, trial.bptt)
            history = fit(LanguageModelModule(network, Optimization.of(trial, data.steps_per_epoch)), data, trial)
            agreement = long_term.agreement(network, pairs, corpus.vocabulary)
            after = long_term.reach(network, pairs, corpus.vocabulary)
            loss = min(row["val_loss"] for row in history)
            trials.append(long_term.Trial(rate, number, loss, agreement, before, after))
    rows = [(settings.cell, settings.initialisation, *row) for row in long_term.agreement_rows(trials)]
    header = ("cell", "initialisation", "learning_rate", "seed", "chosen", "distance", "accuracy")
    write_table(out / "agreement.csv", header, rows)
    write_table(out / "gradients.csv", ("k", "norm", "norm_before_training"), long_term.gradient_rows(trials))
    write_json(out / "metrics.json", long_term.metrics(trials))


if __name__ == "__main__":
    run_stage(main)
