"""Stage fit_bag_of_words: logistic regression on counts of words, what a classifier that reads in order has to beat."""

from pathlib import Path

from rnnpipe.common.command import run_stage
from rnnpipe.params import load_params


def main(run: str, encoded: Path, out: Path) -> None:
    """Fit the run `run` on the train split and score it on every other labelled split."""
    from rnnpipe.baselines.bag_of_words import fit_best
    from rnnpipe.evaluation.sentiment_report import score_classifier
    from rnnpipe.text.encoded import EncodedCorpus

    corpus = EncodedCorpus.open(encoded)
    model = fit_best(load_params().run("bag_of_words", run), corpus)
    known = {"parameters": model.parameters, "inverse_regularisation": model.inverse_regularisation}
    score_classifier(model.probabilities, corpus, known).write(out)


if __name__ == "__main__":
    run_stage(main)
