import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import accuracy_score, confusion_matrix, f1_score

from rnnpipe.metrics.classification import accuracy, confusion_rows, confusion_table, macro_f1, ratio

CLASSES = 4
labels = st.lists(st.tuples(st.integers(0, CLASSES - 1), st.integers(0, CLASSES - 1)), min_size=1, max_size=30)


@given(labels)
def test_equal_to_scikit_learn(pairs: list[tuple[int, int]]) -> None:
    actual, predicted = (np.array(column) for column in zip(*pairs, strict=True))
    table = confusion_table(actual, predicted, CLASSES)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # scikit-learn warns of classes without samples
        assert table.tolist() == confusion_matrix(actual, predicted, labels=range(CLASSES)).tolist()
        assert accuracy(table) == pytest.approx(100 * accuracy_score(actual, predicted))
        assert macro_f1(table) == pytest.approx(100 * f1_score(actual, predicted, average="macro", zero_division=0))


def test_without_predictions_all_scores_are_zero() -> None:
    table = confusion_table(np.array([], dtype=int), np.array([], dtype=int), 2)
    assert (accuracy(table), macro_f1(table)) == (0.0, 0.0)


def test_rows_name_every_cell() -> None:
    table = confusion_table(np.array([0, 0, 1]), np.array([0, 1, 1]), 2)
    assert list(confusion_rows(table, ["no", "yes"])) == [("no", "no", 1), ("no", "yes", 1), ("yes", "no", 0), ("yes", "yes", 1)]


def test_ratio_of_nothing_is_zero() -> None:
    assert ratio(0, 0) == 0.0
