from pathlib import Path

import numpy as np
import pytest

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.evaluation.agreement import (
    MinimalPair,
    PairAccuracy,
    pair_accuracy_by_distance,
    read_pairs,
    standard_error,
    total_accuracy,
)

GIVEN = {"sleeps": -1.0, "sleep": -2.0, "runs": -2.0, "run": -2.0}


def score(pairs):  # type: ignore[no-untyped-def]
    return np.array([[GIVEN[pair.good], GIVEN[pair.bad]] for pair in pairs])


def pair(distance: int, good: str, bad: str) -> MinimalPair:
    return MinimalPair(distance, ("the", "dog"), good, bad)


@pytest.mark.parametrize("batch_size", [1, 2, 256])
def test_rows_by_distance(batch_size: int) -> None:
    pairs = [pair(20, "sleep", "sleeps"), pair(3, "sleeps", "sleep"), pair(20, "sleeps", "sleep"), pair(3, "run", "runs")]
    rows = pair_accuracy_by_distance(pairs, score, batch_size)
    assert rows == [PairAccuracy(3, 2, 75.0), PairAccuracy(20, 2, 50.0)]


def test_totals_weigh_pairs_not_distances() -> None:
    rows = [PairAccuracy(0, 30, 100.0), PairAccuracy(20, 10, 0.0)]
    assert total_accuracy(rows) == 75.0
    assert total_accuracy(rows, shortest=20) == 0.0
    assert np.isnan(total_accuracy(rows, shortest=21))


def test_standard_error_of_a_share_in_percent() -> None:
    assert standard_error(50.0, 100) == pytest.approx(5.0)
    assert standard_error(100.0, 100) == 0.0


def test_no_pairs_no_rows() -> None:
    assert pair_accuracy_by_distance([], score) == []


def test_pairs_are_read_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "pairs.tsv"
    file.write_text('distance\tprefix\tgood\tbad\n2\tthe dogs in "\tsleep\tsleeps\n')
    assert read_pairs(file) == [MinimalPair(2, ("the", "dogs", "in", '"'), "sleep", "sleeps")]


HEADER = "distance\tprefix\tgood\tbad\n"


@pytest.mark.parametrize(("text", "place"), [("", 1), ("a\tb\n", 1), (HEADER + "far\ta\tb\tc\n", 2), (HEADER + "1\ta\n", 2)])
def test_damaged_files_are_named(tmp_path: Path, text: str, place: int) -> None:
    file = tmp_path / "pairs.tsv"
    file.write_text(text)
    with pytest.raises(RnnpipeError, match=f"pairs.tsv:{place}:"):
        read_pairs(file)
