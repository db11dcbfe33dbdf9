import torch
from torch import Tensor

from rnnpipe.layers.pooling import last_pooling, max_pooling, mean_pooling

LENGTHS = torch.tensor([3, 1, 0])


def outputs() -> Tensor:
    values = torch.tensor([[[-1.0, 4.0], [-2.0, 5.0], [-6.0, 0.0]], [[-7.0, 8.0]] * 3, [[9.0, 9.0]] * 3])
    return values.masked_fill((torch.arange(3) >= LENGTHS.unsqueeze(1)).unsqueeze(2), 0.0)


def test_last() -> None:
    assert last_pooling(outputs(), LENGTHS, 1).tolist() == [[-6.0, 0.0], [-7.0, 8.0], [0.0, 0.0]]


def test_last_of_two_directions_is_the_first_token_of_the_backward_one() -> None:
    assert last_pooling(outputs(), LENGTHS, 2).tolist() == [[-6.0, 4.0], [-7.0, 8.0], [0.0, 0.0]]


def test_mean() -> None:
    assert mean_pooling(outputs(), LENGTHS).tolist() == [[-3.0, 3.0], [-7.0, 8.0], [0.0, 0.0]]


def test_max_does_not_see_padding() -> None:
    assert max_pooling(outputs(), LENGTHS).tolist() == [[-1.0, 5.0], [-7.0, 8.0], [0.0, 0.0]]


def test_a_batch_of_empty_texts() -> None:
    nothing, lengths = torch.zeros(2, 0, 4), torch.tensor([0, 0])
    for pooled in (last_pooling(nothing, lengths, 2), mean_pooling(nothing, lengths), max_pooling(nothing, lengths)):
        assert torch.equal(pooled, torch.zeros(2, 4))
