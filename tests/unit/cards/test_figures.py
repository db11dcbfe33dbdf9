from pathlib import Path

import pytest

from rnnpipe.cards.figures import BOOTSTRAP, WILSON, Figure, figures
from rnnpipe.cards.intervals import wilson

SENTENCES = {"B-X I-X O": ["B-X I-X O", "O O O"], "O B-Y": ["O B-Y", "O B-X"], "O": ["O", "O"]}
"""Tags of a sentence → what is predicted for its two occurrences."""


def named(found: list[Figure]) -> dict[tuple[str, str], Figure]:
    return {(figure.split, figure.name): figure for figure in found}


def test_shares_of_a_classifier_have_the_intervals_of_their_counts(tmp_path: Path) -> None:
    metrics = {"accuracy.test": 90.0, "documents.test": 200, "accuracy.validation": 80.0, "documents.validation": 50}
    found = figures("sentiment", metrics, tmp_path)
    assert [(figure.split, figure.interval, figure.method) for figure in found] == [
        ("validation", wilson(80.0, 50), WILSON),
        ("test", wilson(90.0, 200), WILSON),
    ]


def test_macro_f1_is_drawn_from_the_predictions_of_the_test_split(tmp_path: Path) -> None:
    rows = [("a", "a")] * 60 + [("b", "b")] * 30 + [("b", "a")] * 10
    text = "".join(f"{number},{actual},{predicted},0.9\n" for number, (actual, predicted) in enumerate(rows))
    (tmp_path / "predictions.csv").write_text("document,actual,predicted,probability\n" + text)
    metrics = {"macro_f1.test": 89.0, "macro_f1.validation": 90.0}
    found = named(figures("sentiment", metrics, tmp_path))
    drawn = found["test", "macro F1"]
    assert drawn.method == BOOTSTRAP
    assert drawn.interval is not None
    assert drawn.interval.low < 89.0 < drawn.interval.high
    assert found["validation", "macro F1"].interval is None


def test_span_scores_are_drawn_sentence_by_sentence(tmp_path: Path) -> None:
    lines = []
    for actual, guesses in SENTENCES.items():
        for predicted in guesses * 20:
            lines += [f"0 word {tags}" for tags in map(" ".join, zip(actual.split(), predicted.split(), strict=True))] + [""]
    (tmp_path / "predictions.conll").write_text("\n".join(lines))
    metrics = {"f1.test": 100 * 2 * 40 / 140, "recall.test": 50.0, "precision.test": 100 * 40 / 60}
    found = named(figures("ner", metrics, tmp_path))
    for key, figure in found.items():
        assert figure.interval is not None
        assert figure.interval.low < figure.value < figure.interval.high, key
        assert figure.interval.high - figure.interval.low == pytest.approx(20, abs=10)


def test_what_has_no_interval_is_told_without(tmp_path: Path) -> None:
    metrics = {
        "perplexity.test": 3.0,
        "perplexity.validation": 2.9,
        "pairs.share": 50.0,
        "pairs.count": 100,
        "pairs.correct": 1.0,
    }
    found = figures("language_model", metrics, tmp_path)
    assert [(figure.split, figure.value, figure.interval) for figure in found] == [
        ("validation", 2.9, None),
        ("test", 3.0, None),
        ("pairs", 50.0, wilson(50.0, 100)),
    ]


@pytest.mark.parametrize("task", ["sentiment", "ner", "language_model", "long_term", "my_task"])
def test_without_measurements_there_are_no_figures(task: str, tmp_path: Path) -> None:
    assert figures(task, {}, tmp_path) == []


def test_what_was_no_number_is_left_out(tmp_path: Path) -> None:
    assert figures("language_model", {"perplexity.test": None, "perplexity.validation": 2.0}, tmp_path) == [
        Figure("validation", "perplexity", 2.0)
    ]
