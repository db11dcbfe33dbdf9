import warnings

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnpipe.metrics.spans import SpanScore, find_spans, span_scores

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from seqeval.metrics import f1_score, precision_score, recall_score
    from seqeval.metrics.sequence_labeling import get_entities

tag = st.sampled_from(["O", "B-PER", "I-PER", "B-LOC", "I-LOC"])
sentences = st.lists(st.lists(st.tuples(tag, tag), max_size=8), min_size=1, max_size=6)


@given(st.lists(tag, max_size=12))
def test_spans_are_those_of_seqeval(tags: list[str]) -> None:
    assert find_spans(tags) == [(start, end + 1, kind) for kind, start, end in get_entities(tags)]


@given(sentences)
def test_scores_are_those_of_seqeval_on_any_sequence(pairs: list[list[tuple[str, str]]]) -> None:
    actual = [[gold for gold, _ in sentence] for sentence in pairs]
    predicted = [[guess for _, guess in sentence] for sentence in pairs]
    total, _ = span_scores(actual, predicted)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of scores without entities
        assert total.precision == pytest.approx(100 * precision_score(actual, predicted, zero_division=0))
        assert total.recall == pytest.approx(100 * recall_score(actual, predicted, zero_division=0))
        assert total.f1 == pytest.approx(100 * f1_score(actual, predicted, zero_division=0))


@pytest.mark.parametrize(
    ("tags", "spans"),
    [
        ("B-PER I-PER O", [(0, 2, "PER")]),
        ("I-PER I-PER O", [(0, 2, "PER")]),
        ("B-PER I-LOC", [(0, 1, "PER"), (1, 2, "LOC")]),
        ("B-PER B-PER I-PER", [(0, 1, "PER"), (1, 3, "PER")]),
        ("O I-LOC O I-LOC", [(1, 2, "LOC"), (3, 4, "LOC")]),
        ("O O", []),
        ("", []),
    ],
)
def test_by_hand(tags: str, spans: list[tuple[int, int, str]]) -> None:
    assert find_spans(tags.split()) == spans


def test_types_are_scored_apart() -> None:
    actual = [["B-PER", "I-PER", "O", "B-LOC"]]
    predicted = [["B-PER", "I-PER", "O", "B-ORG"]]
    total, by_type = span_scores(actual, predicted)
    assert by_type == {"LOC": SpanScore(1, 0, 0), "ORG": SpanScore(0, 1, 0), "PER": SpanScore(1, 1, 1)}
    assert (total.precision, total.recall, total.f1) == (50.0, 50.0, 50.0)
    assert by_type["ORG"].recall == 0.0


@pytest.mark.parametrize("tag", ["E-PER", "B", "per", "", "O-PER"])
def test_other_schemes_are_refused(tag: str) -> None:
    with pytest.raises(ValueError, match="no tag of the scheme IOB"):
        find_spans([tag])


def test_sentences_must_be_aligned() -> None:
    with pytest.raises(ValueError, match="2 tags was given 1"):
        span_scores([["O", "O"]], [["O"]])
