"""Stage fit_mlp: the lecture's standard network on the padded, concatenated sequence."""

from pathlib import Path

from rnnpipe.common.command import run_stage
from rnnpipe.common.seeds import derive_seed
from rnnpipe.params import load_params


def main(run: str, encoded: Path, embedding: Path, out: Path) -> None:
    """Train the run `run` with the word vectors of an embedding and score it on every other labelled split."""
    from rnnpipe.baselines.mlp import build, probabilities, train
    from rnnpipe.embeddings.matrix import embedding_matrix
    from rnnpipe.embeddings.vectors import read_config
    from rnnpipe.evaluation.sentiment_report import score_classifier
    from rnnpipe.text.encoded import EncodedCorpus

    params = load_params()
    settings = params.run("mlp", run)
    seed = derive_seed(params.seed, "feedforward", settings.seed)  # the section's former name: the same numbers as ever
    corpus = EncodedCorpus.open(encoded)
    one_hot = read_config(embedding)["kind"] == "one_hot"
    vectors = None if one_hot else embedding_matrix(embedding, corpus.vocabulary, seed)[0]
    network = build(settings, len(corpus.vocabulary), vectors, len(corpus.meta["labels"]), seed)
    train(network, corpus.split("train"), settings, seed)
    known = {"parameters": sum(weights.numel() for weights in network.parameters())}
    score_classifier(lambda split: probabilities(network, split), corpus, known).write(out)


if __name__ == "__main__":
    run_stage(main)
