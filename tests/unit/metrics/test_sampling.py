import math
from typing import Any

import numpy as np
import pytest

from rnnpipe.metrics.sampling import draw, length_rows, sample_sentences
from rnnpipe.text.vocabulary import EOS, PAD, UNK

WORDS = 6
CHANCES = np.array([0.2, 0.2, 0.3, 0.1, 0.15, 0.05])


class Memoryless:
    """Every word is drawn from the same distribution."""

    def next_word(self, ids: np.ndarray, state: Any) -> tuple[np.ndarray, Any]:
        return np.log(np.tile(CHANCES, (len(ids), 1))), state


class Counting:
    """Says 3, 4, 5 and then `<eos>`, and knows by its state how far it is."""

    def next_word(self, ids: np.ndarray, state: int | None) -> tuple[np.ndarray, int]:
        step = state or 0
        assert ids.tolist() == [[EOS, 3, 4, 5][step]] * len(ids)
        scores = np.full((len(ids), WORDS), -math.inf)
        scores[:, [3, 4, 5, EOS][step]] = 0.0
        return scores, step + 1


def test_each_word_is_read_before_the_next_is_drawn() -> None:
    assert sample_sentences(Counting(), 5, seed=1, batch_size=2) == [[3, 4, 5]] * 5


def test_reserved_words_are_never_drawn_and_sentences_end() -> None:
    sentences = sample_sentences(Memoryless(), 300, seed=1)
    words = [word for sentence in sentences for word in sentence]
    assert len(sentences) == 300
    assert not {PAD, UNK, EOS} & set(words)
    assert np.mean([len(sentence) for sentence in sentences]) == pytest.approx(1.0, abs=0.25)  # (1 - p) / p with p = 0.3 / 0.6


def test_same_seed_same_sentences() -> None:
    first = sample_sentences(Memoryless(), 50, seed=1)
    assert first == sample_sentences(Memoryless(), 50, seed=1)
    assert first != sample_sentences(Memoryless(), 50, seed=2)


def test_a_sentence_without_end_is_cut() -> None:
    lengths = map(len, sample_sentences(Memoryless(), 200, seed=1, longest=2))
    assert max(lengths) == 2


def test_frequencies_are_the_probabilities_by_temperature() -> None:
    generator = np.random.default_rng(0)
    for temperature in (0.5, 1.0, 2.0):
        drawn = draw(np.log(np.tile(CHANCES, (20000, 1))), generator, temperature)
        allowed = np.where(np.isin(np.arange(WORDS), [PAD, UNK]), 0, CHANCES) ** (1 / temperature)
        assert np.bincount(drawn, minlength=WORDS) / 20000 == pytest.approx(allowed / allowed.sum(), abs=0.015)


def test_temperature_must_be_positive() -> None:
    with pytest.raises(ValueError, match="temperature"):
        sample_sentences(Memoryless(), 1, seed=1, temperature=0.0)


def test_lengths_of_corpus_and_samples_side_by_side() -> None:
    assert list(length_rows([5, 8, 5], [8, 11])) == [(5, 2, 0), (8, 1, 1), (11, 0, 1)]
