"""Vectors of words from their letters."""

import pytest
import torch

from rnnpipe.layers.characters import BYTES, CharacterCnn, CharacterLstm

LETTERS = torch.tensor([[5, 6, 7, 8], [9, 0, 0, 0], [0, 0, 0, 0], [257 - 1, 1, 0, 0]])


def layers():
    torch.manual_seed(1)
    return [CharacterCnn(4, 6), CharacterCnn(4, 6, width=2), CharacterCnn(4, 6, width=1), CharacterLstm(4, 3)]


@pytest.mark.parametrize("layer", layers(), ids=["cnn", "even", "single", "lstm"])
def test_what_stands_behind_a_word_and_beside_it_changes_nothing(layer):
    together = layer(LETTERS)
    assert together.shape == (4, 6)
    assert layer.output_size == 6
    for row, length in enumerate([4, 1, 0, 2]):
        torch.testing.assert_close(layer(LETTERS[row : row + 1, :length])[0], together[row], rtol=1e-5, atol=1e-6)
    assert torch.equal(layer(LETTERS.new_zeros(0, 4)), torch.zeros(0, 6))


def test_filters_are_those_of_a_convolution_by_hand():
    layer = layers()[0].double()
    weight, bias = layer.filters.weight, layer.filters.bias  # (H, E, 3), (H,)
    vectors = layer.letters(LETTERS[3, :2])  # (2, E)
    widened = torch.cat([vectors.new_zeros(1, 4), vectors, vectors.new_zeros(1, 4)])
    scores = torch.stack([torch.einsum("hew,we->h", weight, widened[at : at + 3]) + bias for at in range(2)])
    torch.testing.assert_close(layer(LETTERS)[3], scores.amax(0).tanh())


def test_all_bytes_have_vectors():
    assert layers()[0](torch.arange(1, BYTES).unsqueeze(1)).isfinite().all()
