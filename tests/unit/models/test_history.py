import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnpipe.models.history import best_row, read_history, write_history
from rnnpipe.params import Selection

F1, LOSS = Selection("f1", higher_is_better=True), Selection("loss", higher_is_better=False)


def rows(*scores: tuple[float, float]) -> list[dict[str, float]]:
    """Return a history of (validation loss, validation F1)."""
    return [{"epoch": n, "validation_loss": loss, "validation_f1": f1} for n, (loss, f1) in enumerate(scores, start=1)]


def kept(history: list[dict[str, float]], selection: Selection) -> float:
    row = best_row(history, selection)
    assert row is not None
    return row["epoch"]


def test_the_score_decides_and_not_the_loss() -> None:
    history = rows((0.9, 10), (0.5, 20), (0.6, 40), (0.7, 30))
    assert kept(history, LOSS) == 2
    assert kept(history, F1) == 3


def test_of_equal_scores_the_lowest_loss_decides_and_of_these_the_first() -> None:
    assert kept(rows((0.9, 40), (0.5, 40), (0.6, 40)), F1) == 2
    assert kept(rows((0.5, 40), (0.5, 40)), F1) == 1


def test_what_is_no_number_is_not_kept() -> None:
    assert kept(rows((0.9, math.nan), (0.5, 1), (0.6, math.inf)), F1) == 2
    assert best_row(rows((math.nan, math.nan)), F1) is None
    assert best_row([{"epoch": 1, "train_loss": 0.1}], LOSS) is None
    assert best_row([], LOSS) is None


numbers = st.floats(0, 100) | st.none()


@given(st.lists(st.fixed_dictionaries({"epoch": st.integers(1, 9), "validation_loss": numbers, "train_f1": numbers})))
def test_a_history_is_read_as_it_was_written(tmp_path_factory: pytest.TempPathFactory, history) -> None:
    path = tmp_path_factory.mktemp("history") / "history.csv"
    history = [{name: round(value, 3) for name, value in row.items() if value is not None} for row in history]
    write_history(path, history)
    assert read_history(path) == history


def test_columns_stand_in_the_order_of_their_first_appearance(tmp_path: Path) -> None:
    write_history(
        tmp_path / "a.csv", [{"epoch": 1, "train_loss": 0.5}, {"epoch": 2, "train_loss": 0.25, "validation_loss": 0.75}]
    )
    assert (tmp_path / "a.csv").read_text() == "epoch,train_loss,validation_loss\n1,0.5,\n2,0.25,0.75\n"
    assert read_history(tmp_path / "none.csv") == []
