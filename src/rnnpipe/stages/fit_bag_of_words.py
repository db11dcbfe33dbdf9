"""Stage fit_bag_of_words: logistic regression on counts of words, what a classifier that reads in order has to beat."""

from pathlib import Path

from rnnpipe.common.command import run_stage
from rnnpipe.params import load_params


def main(run: str, encoded: Path, raw: Path, out: Path) -> None:
    """Fit the run `run` on the train split and score it on every other labelled split."""
    from rnnpipe.baselines.bag_of_words import BagOfWords
    from rnnpipe.evaluation.sentiment import evaluate
    from rnnpipe.evaluation.truth import known_truth
    from rnnpipe.text.encoded import EncodedCorpus

    corpus = EncodedCorpus.open(encoded)
    model = BagOfWords(load_params().bag_of_words.runs[run], corpus.split("train"), len(corpus.vocabulary))
    known = {**known_truth(raw), "parameters": model.parameters}
    evaluate(model.probabilities, corpus, known).write(out)


if __name__ == "__main__":
    run_stage(main)
