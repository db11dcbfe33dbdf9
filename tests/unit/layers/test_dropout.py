import pytest
import torch
from torch.nn import functional

from rnnpipe.layers.dropout import Dropout

ONES = torch.ones(4, 30, 50)


@pytest.mark.parametrize("steps", [0, 1])
def test_one_mask_serves_all_steps_and_another_each_text(steps: int) -> None:
    torch.manual_seed(0)
    dropped = Dropout(0.4, variational=True)(ONES, steps)
    first = dropped.narrow(steps, 0, 1)
    assert torch.equal(dropped, first.expand_as(dropped))
    assert not torch.equal(*first.squeeze(steps)[:2]), "rows differ"
    assert dropped.unique().tolist() == pytest.approx([0.0, 1 / 0.6])
    assert dropped.eq(0).float().mean().item() == pytest.approx(0.4, abs=0.1)


def test_masks_differ_from_call_to_call() -> None:
    layer = Dropout(0.4, variational=True)
    assert not torch.equal(layer(ONES, 1), layer(ONES, 1))


@pytest.mark.parametrize("variational", [False, True])
def test_on_its_own_each_number_is_dropped_as_by_torch(variational: bool) -> None:
    """Where there are no steps, a text's pooled state, variational dropout is the plain one."""
    torch.manual_seed(0)
    found = Dropout(0.4, variational)(ONES, None if variational else 1)
    torch.manual_seed(0)
    assert torch.equal(found, functional.dropout(ONES, 0.4))


def test_nothing_is_dropped_or_drawn_in_evaluation_or_at_probability_0() -> None:
    before = torch.get_rng_state()
    assert Dropout(0.5, variational=True).eval()(ONES, 0) is ONES
    assert Dropout(0.0, variational=True)(ONES, 0) is ONES
    assert torch.equal(torch.get_rng_state(), before)
