"""Stage fit_feature_tagger: a tagger without a network, what one that reads in order has to beat."""

from pathlib import Path

from rnnpipe.common.command import run_stage
from rnnpipe.params import load_params


def main(run: str, encoded: Path, out: Path) -> None:
    """Fit the run `run` on the train split and score it on every other split."""
    from rnnpipe.baselines.feature_tagger import fit_tagger
    from rnnpipe.evaluation.ner_report import score_tagger
    from rnnpipe.text.encoded import EncodedCorpus

    corpus = EncodedCorpus.open(encoded)
    predict, weights = fit_tagger(load_params().run("feature_tagger", run), corpus)
    score_tagger(predict, corpus, {"parameters": weights}).write(out)


if __name__ == "__main__":
    run_stage(main)
