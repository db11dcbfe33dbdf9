"""The memory of an article against plain loops."""

import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnpipe.layers.document_memory import DocumentMemory, max_of_others, mean_of_others, number_of_others


@settings(deadline=None)
@given(st.lists(st.integers(0, 4), min_size=1, max_size=12), st.booleans())
def test_mean_and_maximum_of_the_others_are_those_of_a_loop(groups, ties):
    torch.manual_seed(len(groups))
    states = torch.randn(len(groups), 3, dtype=torch.float64)
    states = states.round() if ties else states
    states.requires_grad_()
    means, largest = [], []
    for place, group in enumerate(groups):
        others = states[[other for other, own in enumerate(groups) if own == group and other != place]]
        means.append(others.mean(0) if len(others) else torch.zeros(3, dtype=torch.float64))
        largest.append(others.amax(0) if len(others) else torch.zeros(3, dtype=torch.float64))
    numbers = torch.tensor(groups)
    torch.testing.assert_close(mean_of_others(states, numbers, number_of_others(numbers)), torch.stack(means))
    torch.testing.assert_close(max_of_others(states, numbers, number_of_others(numbers)), torch.stack(largest))
    if not ties:
        factors = torch.randn(len(groups), 3, dtype=torch.float64)
        found, expected = (
            torch.autograd.grad(((largest + 0 * states) * factors).sum(), states)[0]
            for largest in (max_of_others(states, numbers, number_of_others(numbers)), torch.stack(largest))
        )
        torch.testing.assert_close(found, expected)


def test_the_memory_of_a_word_is_what_it_is_elsewhere():
    torch.manual_seed(1)
    layer = DocumentMemory(3, 2).double()
    states = torch.randn(2, 3, 3, dtype=torch.float64)
    groups = torch.tensor([[0, 1, 0], [0, -1, -1]])
    found = layer(states, groups)
    assert torch.equal(found[:, :, :3], states)
    others = torch.stack([states[0, 2], states[1, 0]])
    read = torch.cat([others.mean(0), others.amax(0), torch.tensor([3.0], dtype=torch.float64).log()])
    torch.testing.assert_close(found[0, 0, 3:], layer.layer(read).tanh())
    torch.testing.assert_close(found[0, 1, 3:], layer.layer(torch.zeros(7, dtype=torch.float64)).tanh())
    assert torch.equal(found[1, 1:, 3:], torch.zeros(2, 2, dtype=torch.float64))
    found.sum().backward()
    assert layer.layer.weight.grad.isfinite().all()


def test_without_a_word_there_is_none():
    assert DocumentMemory(3, 2)(torch.zeros(1, 2, 3), torch.full((1, 2), -1)).shape == (1, 2, 5)
    assert DocumentMemory(3, 2)(torch.zeros(1, 0, 3), torch.zeros(1, 0, dtype=torch.int64)).shape == (1, 0, 5)
