"""Bands for the sample's results as committed: `make run` with the seed of presets/sample.yaml makes them anew.

A band is what the figure may be on another machine, not what it was on one.
"""

import json
from pathlib import Path

import pytest

REPORTS = Path(__file__).parent.parent.parent / "reports"


@pytest.mark.parametrize(
    ("run", "metric", "lowest", "highest"),
    [
        ("language_model/lstm", "perplexity.ratio", 1.0, 1.10),
        ("language_model/lstm", "sampling.accepted", 95, 100),
        ("language_model/kneser-ney-5", "perplexity.ratio", 1.08, 1.15),
        ("long_term/lstm", "agreement.long.min", 95, 100),
        ("long_term/gru", "agreement.long.min", 95, 100),
        ("long_term/rnn", "agreement.90", 40, 80),
        ("sentiment/lstm", "accuracy.test", 96, 98.5),
        ("sentiment/bag-of-words", "accuracy.test", 72, 76),
        ("sentiment/mlp", "accuracy.test", 76, 86),
        ("ner/lstm", "f1.test", 65, 80),
        ("ner/lstm-bidirectional", "f1.test", 98, 100),
        ("ner/parity-gru", "accuracy.test_longer", 95, 100),
        ("ner/parity-mingru", "accuracy.test_longer", 45, 60),
        ("language_model/tunes", "sampling.accepted", 95, 100),
        ("embeddings/word2vec-features", "analogies.accuracy", 80, 100),
        ("embeddings/cbow-features", "analogies.accuracy", 80, 100),
        ("embeddings/glove-features", "analogies.accuracy", 80, 100),
        ("embeddings/glove-features", "probe.accuracy", 90, 100),
        ("embeddings/previous-4-features", "analogies.accuracy", 80, 100),
        ("embeddings/previous-1-features", "analogies.accuracy", 80, 100),
        ("embeddings/around-4-features", "analogies.accuracy", 60, 100),
        ("embeddings/nearby-1-features", "analogies.accuracy", 80, 100),
        ("embeddings/random-32", "analogies.accuracy", 0, 15),
        ("softmax/features", "frequencies.p_value", 0.001, 1),
    ],
)
def test_a_figure_of_the_sample_is_within_its_band(run: str, metric: str, lowest: float, highest: float) -> None:
    figures = json.loads((REPORTS / run / "metrics.json").read_text(encoding="utf-8"))
    group, _, name = metric.partition(".")
    figure = figures[metric] if metric in figures else figures[group][name]
    assert lowest <= figure <= highest


def test_no_claim_fails() -> None:
    page = (REPORTS / "results.md").read_text(encoding="utf-8")
    assert "does not hold" not in page
