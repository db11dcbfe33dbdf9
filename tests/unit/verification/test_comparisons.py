import pytest
import torch

from rnnpipe.layers.cells import CELLS as LOOPED
from rnnpipe.layers.recurrent import FUSED
from rnnpipe.params import Cell
from rnnpipe.params.network import CELLS
from rnnpipe.verification.comparisons import at_most, bptt_difference, cell_difference, measure, one_hot_difference

WAYS = [(cell, True) for cell in FUSED] + [(cell, False) for cell in LOOPED]


@pytest.fixture(autouse=True)
def seed() -> None:
    torch.manual_seed(5)


@pytest.mark.parametrize(("cell", "fused"), WAYS)
def test_every_cell_follows_its_equations(cell: Cell, fused: bool) -> None:
    assert cell_difference(cell, fused, torch.float64) < 1e-13
    assert cell_difference(cell, fused, torch.float32) < 1e-5


def test_backpropagation_through_time() -> None:
    assert bptt_difference() < 1e-10


def test_looking_up_is_the_product_with_a_one_hot_vector_to_the_bit() -> None:
    assert one_hot_difference(300, 7) == 0.0


def test_all_cells_are_measured() -> None:
    measured = measure()
    assert set(measured["cells"]) == set(CELLS)
    assert measured["cells"]["lstm"].keys() == {"fused", "loop"}
    assert measured["cells"]["slstm"].keys() == {"loop"}


@pytest.mark.parametrize(("difference", "expected"), [(0.0, 0.0), (3e-9, 1e-8), (1e-3, 1e-3)])
def test_at_most(difference: float, expected: float) -> None:
    assert at_most(difference) == expected
