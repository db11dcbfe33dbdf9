import pytest
import torch

from rnnpipe.training.carried import _interleaved, detached, gathered, own_rows

ROWS = torch.arange(2 * 5 * 3.0).reshape(2, 5, 3)  # (P, B, H)


@pytest.mark.parametrize("processes", [1, 2, 3, 5])
def test_rows_are_put_back_into_the_order_that_they_were_taken_from(processes: int) -> None:
    shares = [own_rows((ROWS,), rank, processes) for rank in range(processes)]
    assert torch.equal(_interleaved(tuple(share[0] for share in shares)), ROWS)


@pytest.mark.parametrize("before", [1, 2, 3, 4])
@pytest.mark.parametrize("after", [1, 2, 7])
def test_any_number_of_processes_can_go_on_from_any_other(before: int, after: int) -> None:
    whole = _interleaved(tuple(ROWS[:, rank::before] for rank in range(before)))
    for rank in range(after):
        (own,) = own_rows((whole,), rank, after)
        assert torch.equal(own, ROWS[:, rank::after] if rank < 5 else ROWS[:, :1])


def test_alone_the_state_is_the_own_one() -> None:
    assert gathered(None, 5) is None
    assert gathered((ROWS,), 5)[0] is ROWS
    assert own_rows(None, 0, 1) is None


def test_states_are_detached() -> None:
    tensor = torch.ones(2, requires_grad=True) * 2
    assert not any(part.requires_grad for part in detached((tensor, tensor)))
