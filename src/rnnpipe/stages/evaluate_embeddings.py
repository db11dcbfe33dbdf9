"""Stage evaluate_embeddings: measure an embedding by similarity, analogies, neighbours, features, and a map."""

from dataclasses import astuple
from pathlib import Path

from rnnpipe.common.command import run_stage
from rnnpipe.common.seeds import derive_seed
from rnnpipe.common.tables import write_csv, write_metrics
from rnnpipe.embeddings.intrinsic.evaluate import evaluate
from rnnpipe.embeddings.intrinsic.questions import grammar_questions, published_questions
from rnnpipe.embeddings.matrix import embedding_matrix
from rnnpipe.embeddings.vectors import DECLARED, WordVectors, load_vectors, read_config
from rnnpipe.params import find, load_params
from rnnpipe.text.encoded import EncodedCorpus


def main(name: str, embedding: Path, encoded: Path, out: Path) -> None:
    """Ask what the entry `embedding_evaluation.<name>` says; a declared embedding is made for the corpus' vocabulary."""
    params = load_params()
    entry = find(params.embedding_evaluation, "embedding_evaluation", name)
    corpus = EncodedCorpus.open(encoded)
    questions = grammar_questions(corpus) if entry.truth == "grammar" else published_questions()
    vocabulary = corpus.vocabulary
    matrix, coverage = embedding_matrix(embedding, vocabulary, derive_seed(params.seed, "evaluate_embeddings", name))
    config = read_config(embedding)
    vectors = WordVectors(matrix, vocabulary, config) if config["kind"] in DECLARED else load_vectors(embedding)
    parts = {part: load_vectors(embedding, part) for part in ("word", "context")} if config["kind"] == "glove" else {}
    result = evaluate(vectors, parts, coverage, questions)
    write_csv(out / "neighbours.csv", ("word", "rank", "neighbour", "cosine"), result.neighbours)
    write_csv(out / "map.csv", ("word", "x", "y"), result.points)
    write_csv(out / "features.csv", ("word", "feature", "known", "predicted"), result.features)
    asked = ("category", "questions", "covered", "correct", "correct_mul")
    write_csv(out / "analogies.csv", asked, map(astuple, result.analogies))
    write_metrics(out / "metrics.json", result.metrics)


if __name__ == "__main__":
    run_stage(main)
