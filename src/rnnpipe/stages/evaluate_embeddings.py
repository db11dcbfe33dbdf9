"""Stage evaluate_embeddings: measure an embedding by similarity, analogies, neighbours, features, and a map."""

from dataclasses import astuple
from pathlib import Path

from rnnpipe.common.command import run_stage
from rnnpipe.common.files import read_json, write_json
from rnnpipe.common.seeds import derive_seed
from rnnpipe.embeddings.evaluate import evaluate
from rnnpipe.embeddings.questions import grammar_questions, published_questions
from rnnpipe.embeddings.tables import write_table
from rnnpipe.embeddings.vectors import DECLARED, WordVectors, embedding_matrix, load_vectors
from rnnpipe.params import find, load_params
from rnnpipe.text.encoded import EncodedCorpus


def main(name: str, embedding: Path, encoded: Path, raw: Path, out: Path) -> None:
    """Ask what the entry `embedding_evaluation.<name>` says; a declared embedding is made for the corpus' vocabulary."""
    params = load_params()
    entry = find(params.embedding_evaluation, "embedding_evaluation", name)
    questions = grammar_questions(raw) if entry.truth == "grammar" else published_questions()
    vocabulary = EncodedCorpus.open(encoded).vocabulary
    matrix, coverage = embedding_matrix(embedding, vocabulary, derive_seed(params.seed, "evaluate_embeddings", name))
    config = read_json(embedding / "config.json")
    vectors = WordVectors(matrix, vocabulary, config) if config["kind"] in DECLARED else load_vectors(embedding)
    parts = {part: load_vectors(embedding, part) for part in ("word", "context")} if config["kind"] == "glove" else {}
    result = evaluate(vectors, parts, coverage, questions)
    write_table(out / "neighbours.csv", ("word", "rank", "neighbour", "cosine"), result.neighbours)
    write_table(out / "map.csv", ("word", "x", "y"), result.points)
    write_table(out / "features.csv", ("word", "feature", "known", "predicted"), result.features)
    asked = ("category", "questions", "covered", "correct", "correct_mul")
    write_table(out / "analogies.csv", asked, map(astuple, result.analogies))
    write_json(out / "metrics.json", result.metrics)


if __name__ == "__main__":
    run_stage(main)
