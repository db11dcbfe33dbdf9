"""Weight dropout acts on every cell, on fused kernels too, and in training alone."""

from typing import Any

import pytest
import torch
from small_runs import CELL_NAMES
from torch import Tensor, nn
from torch.nn import functional

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.layers import recurrent as recurrent_module
from rnnpipe.layers.cells import CELLS
from rnnpipe.layers.cells.lecture import LSTMCell
from rnnpipe.layers.fused import FusedLSTM
from rnnpipe.layers.recurrent import FUSED, Recurrent
from rnnpipe.layers.weight_dropout import hidden_to_hidden, require_droppable, with_dropped_weights

LAYERS: dict[str, type[Any]] = {**CELLS, **{f"{name}, fused": kind for name, kind in FUSED.items()}}
DROPPABLE = [name for name, kind in LAYERS.items() if hidden_to_hidden(kind(1, 1))]
droppable = pytest.mark.parametrize("name", DROPPABLE)
INPUTS = torch.randn(7, 3, 4, generator=torch.Generator().manual_seed(1))  # (T, B, E)


def layer(name: str) -> Any:
    torch.manual_seed(2)
    return LAYERS[name](4, 5)


def read(made: Any, probability: float = 0.0) -> Tensor:
    inputs = (INPUTS, torch.zeros(made.parts, 3, 5))
    outputs, _ = with_dropped_weights(made, probability, *inputs) if probability else made(*inputs)
    return outputs


def test_all_cells_of_the_lecture_have_what_is_dropped() -> None:
    assert {"rnn", "gru_simple", "gru", "lstm", "rnn, fused", "lstm, fused", "gru_fused, fused"} <= set(DROPPABLE)


@droppable
def test_a_layer_reads_as_one_whose_matrix_has_holes(name: str) -> None:
    """One mask for all steps: the same as a layer with that matrix, a number of it 0 or grown by 1 / (1 - p)."""
    made, holed = layer(name), layer(name)
    torch.manual_seed(3)
    with torch.no_grad():
        for weight in hidden_to_hidden(holed).values():
            weight.copy_(functional.dropout(weight, 0.5))
    torch.manual_seed(3)
    torch.testing.assert_close(read(made, 0.5), read(holed), rtol=1e-5, atol=1e-6)
    assert not torch.equal(read(made), read(holed))


@droppable
def test_the_gradient_reaches_the_raw_matrix_where_it_was_not_dropped(name: str) -> None:
    made = layer(name)
    before = {weight: value.detach().clone() for weight, value in made.named_parameters()}
    torch.manual_seed(3)
    masks = {weight: functional.dropout(torch.ones_like(value), 0.5) for weight, value in hidden_to_hidden(made).items()}
    torch.manual_seed(3)
    read(made, 0.5).square().sum().backward()
    for weight, value in made.named_parameters():
        assert torch.equal(value, before[weight]), "the raw matrix stays whole"
        assert value.grad is not None
        if weight in masks:
            assert torch.equal(value.grad != 0, masks[weight] != 0)


@pytest.mark.parametrize("fused", [True, False])
@pytest.mark.parametrize("both", [False, True])
@pytest.mark.parametrize("cell", CELL_NAMES)
def test_two_passes_in_training_differ_and_two_in_evaluation_are_equal(cell: str, both: bool, fused: bool) -> None:
    try:
        made = Recurrent(cell, 4, [5, 6], both, fused=fused, weight_dropout=0.5)
    except RnnpipeError:
        assert not hidden_to_hidden(CELLS[cell](1, 1))
        return
    inputs, lengths = INPUTS.transpose(0, 1), torch.tensor([7, 3, 5])
    assert not torch.equal(made(inputs, lengths)[0], made(inputs, lengths)[0])
    made.eval()
    once, again = made(inputs, lengths), made(inputs, lengths)
    assert torch.equal(once[0], again[0])
    plain = Recurrent(cell, 4, [5, 6], both, fused=fused)
    plain.load_state_dict(made.state_dict())
    assert torch.equal(plain(inputs, lengths)[0], once[0]), "in evaluation the matrix is whole"


def test_fused_and_loop_drop_the_same_function() -> None:
    """With the same holes, torch's kernel and our loop agree: rows Γu, Γf, c~, Γo there, Γu, Γf, Γo, c~ here."""
    fused, loop = FusedLSTM(4, 5), LSTMCell(4, 5)
    order = [0, 1, 3, 2]

    def rows(values: Tensor) -> Tensor:
        return torch.cat([values.chunk(4)[part] for part in order])

    with torch.no_grad():
        loop.weight_ih.copy_(rows(fused.weight_ih_l0))
        loop.bias.copy_(rows(fused.bias_ih_l0 + fused.bias_hh_l0))
        torch.manual_seed(3)
        loop.weight_hh.copy_(rows(functional.dropout(fused.weight_hh_l0, 0.5)))
    torch.manual_seed(3)
    torch.testing.assert_close(read(fused, 0.5), read(loop), rtol=1e-5, atol=1e-6)


class Stateless(nn.Module):
    """A cell whose gates do not see the state."""

    parts = 1

    def __init__(self, inputs: int, size: int) -> None:
        super().__init__()
        self.weight_ih = nn.Parameter(torch.ones(size, inputs))


def test_a_cell_without_such_a_matrix_refuses_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(recurrent_module.CELLS, "stateless", Stateless)  # type: ignore[arg-type]
    Recurrent("stateless", 2, [3])
    with pytest.raises(RnnpipeError, match="^network.weight_dropout: cell 'stateless' has no hidden-to-hidden matrix"):
        Recurrent("stateless", 2, [3], weight_dropout=0.1)
    require_droppable("lstm", FusedLSTM(1, 1))
