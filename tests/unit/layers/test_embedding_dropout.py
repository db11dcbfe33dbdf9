import torch

from rnnpipe.layers.embedding_dropout import EmbeddingDropout


def test_a_word_is_dropped_wherever_it_stands() -> None:
    torch.manual_seed(0)
    ids = torch.randint(50, (8, 40))
    dropped = EmbeddingDropout(0.4, 50)(torch.ones(8, 40, 3), ids)
    kept = dropped[..., 0] > 0
    for word in range(50):
        assert kept[ids == word].unique().numel() <= 1
    assert torch.equal(dropped, (kept / 0.6).unsqueeze(-1).expand(-1, -1, 3))
    assert 0.3 < kept.float().mean() < 0.9


def test_nothing_is_dropped_in_evaluation_or_at_probability_0() -> None:
    vectors, ids = torch.ones(2, 3, 4), torch.randint(5, (2, 3))
    assert EmbeddingDropout(0.5, 5).eval()(vectors, ids) is vectors
    assert EmbeddingDropout(0.0, 5)(vectors, ids) is vectors
