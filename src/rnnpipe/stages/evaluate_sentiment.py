"""Stage evaluate_sentiment: accuracy and confusions of a classifier."""

from pathlib import Path

from rnnpipe.common.command import run_stage


def main(run: str, model: Path, encoded: Path, raw: Path, out: Path) -> None:
    """Score the classifier of the run `run` on every labelled split that it was not trained on."""
    from rnnpipe.evaluation.predictions import class_probabilities
    from rnnpipe.evaluation.sentiment import evaluate
    from rnnpipe.evaluation.truth import known_truth
    from rnnpipe.networks.model_directory import load_model
    from rnnpipe.text.encoding import EncodedCorpus

    corpus = EncodedCorpus.open(encoded)
    loaded = load_model(model)
    loaded.require_vocabulary(corpus.vocabulary)
    max_length = loaded.config["parameters"]["max_length"]
    known = {**known_truth(raw), "parameters": sum(weights.numel() for weights in loaded.network.parameters())}
    evaluate(lambda split: class_probabilities(loaded.network, split, max_length), corpus, known).write(out)


if __name__ == "__main__":
    run_stage(main)
