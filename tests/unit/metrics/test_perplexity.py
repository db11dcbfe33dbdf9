import math

import numpy as np
import pytest

from rnnpipe.metrics.perplexity import oov_rate, perplexity


def test_uniform_model_has_the_perplexity_of_its_vocabulary() -> None:
    assert perplexity(100 * math.log(1 / 37), 100) == pytest.approx(37)


def test_longer_texts_weigh_more() -> None:
    sums, counts = [math.log(0.5) * 9, math.log(0.125)], [9, 1]
    assert perplexity(sum(sums), sum(counts)) == pytest.approx(2 ** (0.9 * 1 + 0.1 * 3))


def test_oov_rate_is_a_percentage() -> None:
    assert oov_rate(np.array([1, 5, 6, 7])) == 25.0
    assert oov_rate(np.array([], dtype=np.uint16)) == 0.0


def test_no_predictions_are_an_error() -> None:
    with pytest.raises(ValueError, match="nothing to predict"):
        perplexity(0.0, 0)
