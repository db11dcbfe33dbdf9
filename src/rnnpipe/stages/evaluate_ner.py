"""Stage evaluate_ner: span F1 and confusions of a tagger."""

import logging
from pathlib import Path

from rnnpipe.common.command import run_stage

logger = logging.getLogger(__name__)


def main(run: str, model: Path, encoded: Path, raw: Path, out: Path) -> None:
    """Score the tagger of the run `run` on every split that it was not trained on."""
    from rnnpipe.evaluation.ner import evaluate, read_pairs
    from rnnpipe.evaluation.predictions import predicted_tags
    from rnnpipe.evaluation.truth import known_truth
    from rnnpipe.networks.model_directory import load_model
    from rnnpipe.text.encoded import EncodedCorpus

    corpus = EncodedCorpus.open(encoded)
    loaded = load_model(model)
    loaded.require_vocabulary(corpus.vocabulary)
    known = {**known_truth(raw), "parameters": sum(weights.numel() for weights in loaded.network.parameters())}
    pairs = read_pairs(raw / "pairs.conll")
    logger.info("run %s: tagging %d splits", run, len(corpus.meta["splits"]) - 1)
    evaluate(lambda split: predicted_tags(loaded.network, split), corpus, pairs, known).write(out)


if __name__ == "__main__":
    run_stage(main)
