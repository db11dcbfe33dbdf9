import numpy as np
import pytest
import torch

from rnnpipe.embeddings.softmax import build_softmax

COUNTS = np.array([40, 30, 9, 9, 5, 3, 2, 1, 1])


@pytest.mark.parametrize(("kind", "rows"), [("full", 9), ("hierarchical", 8), ("negative", 9)])
def test_theta_begins_at_zero_and_there_is_no_bias(kind: str, rows: int) -> None:
    layer = build_softmax(kind, COUNTS, 6)
    assert {name: tuple(weight.shape) for name, weight in layer.named_parameters()} == {"theta.weight": (rows, 6)}
    assert not layer.theta.weight.any()


def test_first_losses_of_the_full_softmax_are_those_of_guessing() -> None:
    losses = build_softmax("full", COUNTS, 6).losses(torch.randn(5, 6), torch.tensor([0, 8, 3, 3, 5]))
    assert losses.tolist() == pytest.approx([np.log(9)] * 5)


@pytest.mark.parametrize(("kind", "sparse"), [("full", False), ("hierarchical", True), ("negative", True)])
def test_gradients_hold_only_the_rows_that_were_read(kind: str, sparse: bool) -> None:
    layer = build_softmax(kind, COUNTS, 6, negative=2)
    layer.losses(torch.randn(2, 6), torch.tensor([0, 8])).sum().backward()
    assert layer.theta.weight.grad.is_sparse is sparse
