import numpy as np
import pytest
import torch

from rnnpipe.embeddings.cost import cost_metrics, measure_costs, pairs_per_second, rows_per_pair, zipf_counts
from rnnpipe.embeddings.softmax import build_softmax
from rnnpipe.heads.huffman import huffman_tree
from rnnpipe.heads.negative_sampling import NegativeSampling

COUNTS = zipf_counts(50)


def pairs_of(targets: list[int]) -> tuple[torch.Tensor, torch.Tensor]:
    return torch.ones(len(targets), 4), torch.tensor(targets)


def test_counts_are_those_of_zipf() -> None:
    assert zipf_counts(10_000)[[0, 1, 9, 9999]].tolist() == [1_000_000, 500_000, 100_000, 100]


def test_rows_are_counted_from_gradients() -> None:
    hidden, targets = pairs_of([0, 7, 49])
    assert rows_per_pair(build_softmax("full", COUNTS, 4), hidden, targets) == 50
    depths = huffman_tree(COUNTS).lengths[[0, 7, 49]]
    assert rows_per_pair(build_softmax("hierarchical", COUNTS, 4), hidden, targets) == pytest.approx(depths.mean())
    drawn = NegativeSampling(4, 50, COUNTS, seed=2)  # the same seed as the layer below: the same draws
    expected = [len({target, *drawn.draw(1)[0].tolist()}) for target in (0, 7, 49)]
    layer = NegativeSampling(4, 50, COUNTS, seed=2)
    torch.nn.init.ones_(layer.theta.weight)
    assert rows_per_pair(layer, hidden, targets) == pytest.approx(np.mean(expected))


def test_rows_that_a_pair_leaves_alone_do_not_count() -> None:
    assert rows_per_pair(build_softmax("full", COUNTS, 4), torch.zeros(1, 4), torch.tensor([3])) == 0


def test_cost_grows_like_v_log_v_and_a_constant() -> None:
    costs = measure_costs((100, 1600), dimension=4, seed=1)
    rows = {(cost.softmax, cost.vocabulary): cost.rows_per_pair for cost in costs}
    assert rows["full", 100] == 100
    assert rows["full", 1600] == 1600
    assert 1 < rows["hierarchical", 1600] - rows["hierarchical", 100] < 5, "four doublings"
    assert 5 < rows["negative", 100] <= rows["negative", 1600] <= 6
    assert all(cost.multiplications_per_pair == 12 * cost.rows_per_pair for cost in costs)
    assert measure_costs((100, 1600), dimension=4, seed=1) == costs
    metrics = cost_metrics(costs)
    assert metrics["full"] == {"100": 100.0, "1600": 1600.0}
    assert set(metrics) == {"full", "hierarchical", "negative"}


@pytest.mark.parametrize("kind", ["full", "hierarchical", "negative"])
def test_speed_is_measured(kind: str) -> None:
    assert pairs_per_second(kind, 200, dimension=4, batch_size=8, seconds=0.01) > 0
