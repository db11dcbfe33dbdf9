import pytest
import torch

from rnnpipe.layers.activation_regularisation import activation, temporal_activation

STATES = torch.randn(3, 6, 4, generator=torch.Generator().manual_seed(1))  # (B, T, H)
ALL = torch.ones(3, 6, dtype=torch.bool)


def test_they_are_merity_s_means_times_the_words_they_are_of() -> None:
    """As in salesforce/awd-lstm-lm: α · mean(h²) and β · mean((h_t+1 - h_t)²); the second over one word less a row."""
    assert activation(STATES, ALL).item() / 18 == pytest.approx(STATES.pow(2).mean().item())
    changes = (STATES[:, 1:] - STATES[:, :-1]).pow(2).mean()
    assert temporal_activation(STATES, ALL).item() / 15 == pytest.approx(changes.item())


def test_what_is_behind_a_text_s_end_costs_nothing() -> None:
    kept = torch.arange(6) < torch.tensor([6, 2, 0])[:, None]
    short = STATES[1:2, :2]
    alone = ALL[:1], ALL[:1, :2]
    for cost in (activation, temporal_activation):
        found = cost(STATES, kept).item()
        assert found == pytest.approx((cost(STATES[:1], alone[0]) + cost(short, alone[1])).item())


def test_one_word_has_no_change() -> None:
    assert temporal_activation(STATES[:, :1], ALL[:, :1]).item() == 0.0
