import numpy as np
import pytest

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.embeddings import negatives
from rnnpipe.embeddings.negatives import NegativesScore, draw_frequencies, negative_metrics
from rnnpipe.heads.negative_sampling import NegativeSampling

COUNTS = np.array([5000, 900, 300, 40, 40, 2, 1, 1])


@pytest.mark.parametrize("exponent", [0.0, 0.75, 1.0])
def test_the_sampler_passes_the_test(exponent: float) -> None:
    found = draw_frequencies(COUNTS, 100_000, seed=1, exponent=exponent)
    assert found.drawn.sum() == 100_000
    np.testing.assert_allclose(found.expected, 100_000 * COUNTS**exponent / (COUNTS**exponent).sum())
    assert found.degrees == 7
    observed = ((found.drawn - found.expected) ** 2 / found.expected).sum()
    assert found.chi_square == pytest.approx(observed)
    assert found.p_value > 0.001


def test_rare_words_share_a_class() -> None:
    found = draw_frequencies(COUNTS, 3000, seed=1, exponent=1.0)
    assert (found.expected < 5).sum() == 3, "counts 2, 1, 1; together less than 5, so with the rarest word above it"
    assert found.degrees == 4
    observed = np.append(found.drawn[:4], found.drawn[4:].sum())
    expected = np.append(found.expected[:4], found.expected[4:].sum())
    assert found.chi_square == pytest.approx(((observed - expected) ** 2 / expected).sum())


def test_the_test_tells_a_wrong_sampler(monkeypatch: pytest.MonkeyPatch) -> None:
    sampler = NegativeSampling(1, len(COUNTS), COUNTS, negative=1, exponent=0.7, seed=1)
    monkeypatch.setattr(negatives, "NegativeSampling", lambda *arguments, **settings: sampler)
    assert draw_frequencies(COUNTS, 100_000, seed=1).p_value < 1e-6


def test_seed_decides_the_draws() -> None:
    first, again, other = (draw_frequencies(COUNTS, 1000, seed).drawn.tolist() for seed in (1, 1, 2))
    assert first == again
    assert first != other


def test_too_few_draws_are_refused() -> None:
    with pytest.raises(RnnpipeError, match="6 draws from 8 words are too few .* raise softmax draws"):
        draw_frequencies(COUNTS, 6, seed=1)


def test_metrics_by_j_and_by_exponent_are_means_over_seeds() -> None:
    scores = [NegativesScore(1, 0.75, 7, 50.0, 0.25), NegativesScore(1, 0.75, 8, 60.0, None)]
    scores += [NegativesScore(5, 0.0, 7, 40.0, None), NegativesScore(5, 0.75, 7, 60.0, 0.5), NegativesScore(5, 1.0, 7, None, 0.1)]
    metrics = negative_metrics(draw_frequencies(COUNTS, 1000, seed=1), scores)
    assert metrics["scores"]["negative"] == {
        "1": {"analogies": 55.0, "analogies_sd": pytest.approx(50**0.5), "spearman": 0.25},
        "5": {"analogies": 60.0, "spearman": 0.5},
    }
    assert metrics["scores"]["exponent"] == {
        "0": {"analogies": 40.0},
        "0_75": {"analogies": 60.0, "spearman": 0.5},
        "1": {"spearman": 0.1},
    }
    assert set(metrics["frequencies"]) == {"chi_square", "degrees", "p_value"}
