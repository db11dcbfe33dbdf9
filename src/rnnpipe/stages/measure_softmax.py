"""Stage measure_softmax: cost of the three softmax layers, frequencies of drawn negatives, vectors by J and by exponent."""

from dataclasses import astuple
from pathlib import Path

from rnnpipe.common.command import run_stage
from rnnpipe.common.seeds import derive_seed
from rnnpipe.common.tables import write_csv, write_metrics
from rnnpipe.params import find, load_params


def main(name: str, encoded: Path, out: Path) -> None:
    """Measure what the entry `softmax.<name>` says; three tables and `metrics.json` go to `out`."""
    from rnnpipe.embeddings.contexts import read_stream
    from rnnpipe.embeddings.cost import cost_metrics, measure_costs
    from rnnpipe.embeddings.intrinsic.questions import questions_of
    from rnnpipe.embeddings.negatives import EXPONENT, draw_frequencies, negative_metrics, score_negatives
    from rnnpipe.text.encoded import EncodedCorpus

    params = load_params()
    settings = find(params.softmax, "softmax", name)
    source = EncodedCorpus.open(encoded)
    splits, seed = [source.split("train")], derive_seed(params.seed, "measure_softmax", name)
    stream = read_stream(splits, len(source.vocabulary))
    frequencies = draw_frequencies(stream.occurring, settings.draws, derive_seed(seed, "frequencies"))
    costs = measure_costs(settings.vocabulary_sizes, settings.dimension, derive_seed(seed, "cost"))
    scores = score_negatives(splits, source.vocabulary, settings, questions_of(source), derive_seed(seed, "scores"))
    words = [source.vocabulary.tokens[row] for row in stream.counts.nonzero()[0]]
    drawn = zip(words, frequencies.drawn.tolist(), frequencies.expected.tolist(), [EXPONENT] * len(words), strict=True)
    header = ("softmax", "vocabulary", "rows_per_pair", "multiplications_per_pair")
    write_csv(out / "cost.csv", header, map(astuple, costs))
    write_csv(out / "frequencies.csv", ("word", "drawn", "expected", "exponent"), drawn)
    write_csv(out / "scores.csv", ("negative", "exponent", "seed", "analogies", "spearman"), map(astuple, scores))
    write_metrics(out / "metrics.json", {"cost": cost_metrics(costs), **negative_metrics(frequencies, scores)})


if __name__ == "__main__":
    run_stage(main)
