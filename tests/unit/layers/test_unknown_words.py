import torch

from rnnpipe.layers.unknown_words import UnknownWords

IDS = torch.arange(1, 4).repeat(2000).view(2, -1)


def test_in_training_words_are_unknown_as_often_as_is_said():
    torch.manual_seed(1)
    layer = UnknownWords(torch.tensor([0.0, 0.0, 0.5, 0.1]), unknown=1)
    read = layer(IDS)
    assert torch.equal(read[IDS == 1], IDS[IDS == 1])
    for word, probability in ((2, 0.5), (3, 0.1)):
        assert abs((read[word == IDS] == 1).float().mean().item() - probability) < 0.05
    assert not torch.equal(layer(IDS), read)


def test_in_evaluation_nothing_is():
    assert torch.equal(UnknownWords(torch.full((4,), 0.9), unknown=1).eval()(IDS), IDS)


def test_it_is_no_weight():
    assert UnknownWords(torch.zeros(4), unknown=1).state_dict() == {}
