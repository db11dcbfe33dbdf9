import math
from typing import Any

import numpy as np
import pytest

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.metrics.sampling import Choice, draw, length_rows, sample_sentences
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
    assert list(sample_sentences(Counting(), 5, seed=1, batch_size=2)) == [[3, 4, 5]] * 5


def test_reserved_words_are_never_drawn_and_sentences_end() -> None:
    sentences = list(sample_sentences(Memoryless(), 300, seed=1))
    words = [word for sentence in sentences for word in sentence]
    assert len(sentences) == 300
    assert not {PAD, UNK, EOS} & set(words)
    assert np.mean([len(sentence) for sentence in sentences]) == pytest.approx(1.0, abs=0.25)  # (1 - p) / p with p = 0.3 / 0.6


def test_same_seed_same_sentences() -> None:
    first, again, other = (list(sample_sentences(Memoryless(), 50, seed=seed)) for seed in (1, 1, 2))
    assert first == again
    assert first != other


def test_sentences_are_drawn_as_they_are_asked_for() -> None:
    endless = sample_sentences(Memoryless(), 10**30, seed=1)
    assert [next(endless) for _ in range(120)] == list(sample_sentences(Memoryless(), 200, seed=1))[:120]


def test_a_sentence_without_end_is_cut() -> None:
    lengths = map(len, sample_sentences(Memoryless(), 200, seed=1, longest=2))
    assert max(lengths) == 2


def test_frequencies_are_the_probabilities_by_temperature() -> None:
    generator = np.random.default_rng(0)
    for temperature in (0.5, 1.0, 2.0):
        drawn = draw(np.log(np.tile(CHANCES, (20000, 1))), generator, Choice(temperature))
        allowed = np.where(np.isin(np.arange(WORDS), [PAD, UNK]), 0, CHANCES) ** (1 / temperature)
        assert np.bincount(drawn, minlength=WORDS) / 20000 == pytest.approx(allowed / allowed.sum(), abs=0.015)


@pytest.mark.parametrize(
    ("choice", "words"),
    [
        (Choice(top_k=1), {2}),
        (Choice(top_k=2), {2, 4}),
        (Choice(top_k=100), {2, 3, 4, 5}),
        (Choice(top_p=0.49), {2}),  # 0.3 of the 0.6 that <pad> and <unk> leave
        (Choice(top_p=0.51), {2, 4}),
        (Choice(top_p=0.76), {2, 3, 4}),
        (Choice(top_k=2, top_p=0.66), {2}),  # the share is that of the two
        (Choice(temperature=1e6, top_p=0.7), {2, 3, 4}),  # and that behind the temperature
    ],
)
def test_only_the_likeliest_words_are_drawn_as_likely_as_they_are(choice: Choice, words: set[int]) -> None:
    drawn = draw(np.log(np.tile(CHANCES, (20000, 1))), np.random.default_rng(0), choice)
    allowed = np.where(np.isin(np.arange(WORDS), list(words)), CHANCES, 0) ** (1 / choice.temperature)
    allowed[[word for word in range(WORDS) if word not in words]] = 0
    assert np.bincount(drawn, minlength=WORDS) / 20000 == pytest.approx(allowed / allowed.sum(), abs=0.015)


@pytest.mark.parametrize("temperature", [0.0, -1.0, 1e-320, 1e-7, 1e7, math.inf, math.nan])
def test_a_temperature_that_draws_nothing_is_refused(temperature: float) -> None:
    with pytest.raises(RnnpipeError, match=r"^temperature: must be a number from 0\.000001 to 1000000, not "):
        Choice(temperature)


def test_shares_and_counts_of_words_are_refused_outside_their_range() -> None:
    for share in (0.0, -0.1, 1.1, math.nan):
        with pytest.raises(RnnpipeError, match="^top_p: must be above 0 and at most 1"):
            Choice(top_p=share)
    with pytest.raises(RnnpipeError, match="^top_k: must be at least 1"):
        Choice(top_k=0)


@pytest.mark.parametrize("temperature", [1e-6, 1.0, 1e6])
def test_padding_is_never_drawn_at_any_temperature(temperature: float) -> None:
    scores = np.log(np.tile([0.9, 0.05, 0.01, 0.01, 0.02, 0.01], (500, 1)))
    assert draw(scores, np.random.default_rng(0), Choice(temperature)).min() > UNK


def test_lengths_of_corpus_and_samples_side_by_side() -> None:
    assert list(length_rows([5, 8, 5], [8, 11])) == [(5, 2, 0), (8, 1, 1), (11, 0, 1)]
