import pytest
import torch

from rnnpipe.layers.recurrent import Recurrent
from rnnpipe.params import Cell
from rnnpipe.params.network import CELLS
from rnnpipe.verification.gradients import gradient_norms


def test_a_linear_chain_by_hand() -> None:
    """With one unit, tiny inputs and no bias, tanh is the identity: the gradient k steps back is w_x * w_h ** k."""
    recurrent = Recurrent("rnn", 1, [1], fused=False)
    (cell,) = recurrent.stack
    with torch.no_grad():
        cell.weight_ih.fill_(2.0)
        cell.weight_hh.fill_(0.5)
        cell.bias.zero_()
    norms = gradient_norms(recurrent, torch.full((3, 8, 1), 1e-6), [0, 1, 7])
    assert norms == pytest.approx([2.0, 1.0, 2.0 * 0.5**7], rel=1e-4)


def test_the_loss_can_be_the_network_s_own() -> None:
    recurrent, inputs = Recurrent("gru", 3, [4]), torch.randn(2, 6, 3)
    plain = gradient_norms(recurrent, inputs, [0, 5])
    doubled = gradient_norms(recurrent, inputs, [0, 5], lambda outputs: 2 * outputs.sum(dim=1))
    assert doubled == pytest.approx([2 * norm for norm in plain], rel=1e-5)


@pytest.mark.parametrize("cell", CELLS)
def test_default_initialisation_forgets(cell: Cell) -> None:
    torch.manual_seed(2)
    norms = gradient_norms(Recurrent(cell, 8, [32]), torch.randn(4, 30, 8), [0, 10, 20])
    assert norms[0] > norms[1] > norms[2] > 0


def test_nothing_is_left_behind() -> None:
    recurrent, inputs = Recurrent("lstm", 3, [4]), torch.randn(2, 6, 3)
    gradient_norms(recurrent, inputs, [1])
    assert not inputs.requires_grad
    assert all(weight.grad is None for weight in recurrent.parameters())


@pytest.mark.parametrize("mode", [True, False])
def test_modes_and_dropout_are_left_as_they_were(mode: bool) -> None:
    recurrent, inputs = Recurrent("lstm", 3, [4, 4], dropout=0.5, weight_dropout=0.5).train(mode), torch.randn(2, 6, 3)
    recurrent.stack[1].train(not mode)
    first = gradient_norms(recurrent, inputs, [0, 5])
    assert gradient_norms(recurrent, inputs, [0, 5]) == first, "dropout has no part in it"
    assert (recurrent.dropout.probability, recurrent.dropout.training) == (0.5, recurrent.training)
    assert [module.training for module in (recurrent, *recurrent.stack)] == [mode, mode, not mode]


def test_modes_are_left_as_they_were_where_the_loss_fails() -> None:
    recurrent = Recurrent("lstm", 3, [4], dropout=0.5).eval()
    with pytest.raises(RuntimeError, match="no loss"):
        gradient_norms(recurrent, torch.randn(2, 6, 3), [0], failing)
    assert not recurrent.training
    assert (recurrent.dropout.probability, recurrent.dropout.training) == (0.5, recurrent.training)


def failing(outputs: torch.Tensor) -> torch.Tensor:
    raise RuntimeError("no loss")
