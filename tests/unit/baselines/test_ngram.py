import math
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnpipe.baselines.ngram import FALLBACK, NgramModel, discounts
from rnnpipe.text.vocabulary import EOS, PAD

WORDS = 8
document = st.lists(st.sampled_from([1, *range(3, WORDS)]), max_size=9)
corpus = st.lists(document, min_size=1, max_size=12)


def arrays(documents: list[list[int]]) -> list[np.ndarray]:
    return [np.array(words, dtype=np.uint16) for words in documents]


class WrittenOut:
    """The same model straight from the formulas, with dictionaries."""

    def __init__(self, documents: list[list[int]], order: int) -> None:
        raw = Counter()
        for words in documents:
            padded = [EOS, *words, EOS]
            for size in range(1, order + 1):
                raw.update(tuple(padded[end - size : end]) for end in range(size, len(padded) + 1))
        raw[(EOS,)] -= len(documents)
        self.order = order
        self.counts: dict[int, Counter] = {}
        for size in range(1, order + 1):
            grams = [gram for gram in raw if len(gram) == size and raw[gram]]
            if size == order:
                self.counts[size] = Counter({gram: raw[gram] for gram in grams})
                continue
            longer = [gram for gram in raw if len(gram) == size + 1]
            fresh = {gram: sum(other[1:] == gram for other in longer) for gram in grams}
            at_start = {gram: raw[gram] if size > 1 and gram[0] == EOS else 0 for gram in grams}
            self.counts[size] = Counter({gram: fresh[gram] + at_start[gram] for gram in grams})

    def probability(self, history: tuple[int, ...], word: int) -> float:
        size = len(history) + 1
        lower = (self.probability(history[1:], word)) if history else (word != PAD) / (WORDS - 1)
        level = self.counts[size]
        cut = discounts(np.array(list(level.values())))
        following = {gram: count for gram, count in level.items() if gram[:-1] == history}
        total = sum(following.values())
        if not total:
            return lower
        count = following.get((*history, word), 0)
        left = sum(cut[min(other, 3)] for other in following.values())
        return (count - cut[min(count, 3)] + left * lower) / total


@given(corpus, document, st.integers(1, 5))
def test_equals_the_formulas_written_out(train: list[list[int]], test: list[int], order: int) -> None:
    model = NgramModel.fit(arrays(train), WORDS, order)
    reference = WrittenOut(train, order)
    padded = [EOS, *test, EOS]
    expected = [
        reference.probability(tuple(padded[max(0, place - order + 1) : place]), padded[place]) for place in range(1, len(padded))
    ]
    assert model.probabilities(arrays([test])) == pytest.approx(expected, abs=1e-12)


@given(corpus, document, st.integers(1, 7))
def test_probabilities_sum_to_one_after_any_history(train: list[list[int]], history: list[int], order: int) -> None:
    distribution = NgramModel.fit(arrays(train), WORDS, order).distribution(history)
    assert distribution.sum() == pytest.approx(1.0)
    assert distribution[PAD] == 0.0
    assert (distribution[1:] >= 0).all()


@given(corpus, st.lists(document, min_size=1, max_size=4), st.integers(1, 5))
def test_text_and_next_word_agree(train: list[list[int]], texts: list[list[int]], order: int) -> None:
    model = NgramModel.fit(arrays(train), WORDS, order)
    single = [model.distribution(text[:place])[word] for text in texts for place, word in enumerate([*text, EOS])]
    assert model.probabilities(arrays(texts)) == pytest.approx(single)


def test_a_continuation_is_the_product_of_its_next_words() -> None:
    model = NgramModel.fit(arrays([[3, 4, 5], [3, 4, 3], [5, 5]] * 3), WORDS, 3)
    prefixes, words = arrays([[3], [], [3, 4]]), arrays([[4, 5], [5], [5, EOS]])
    found = model.continuation_log_probabilities(prefixes, words)
    for row, (prefix, added) in enumerate(zip(prefixes, words, strict=True)):
        total, state, read = 0.0, None, [EOS, *prefix.tolist()]
        for word in read[:-1]:
            _, state = model.next_word(np.array([word]), state)
        for last, word in zip([read[-1], *added.tolist()], added.tolist(), strict=False):
            scores, state = model.next_word(np.array([last]), state)
            total += scores[0, word]
        assert found[row] == pytest.approx(total)


def test_discounts_are_those_of_chen_and_goodman() -> None:
    counts = np.array([1] * 40 + [2] * 10 + [3] * 5 + [4] * 2)
    share = 40 / (40 + 2 * 10)
    assert discounts(counts) == pytest.approx([0, 1 - 2 * share * 10 / 40, 2 - 3 * share * 5 / 10, 3 - 4 * share * 2 / 5])
    assert discounts(np.array([7, 7])).tolist() == list(FALLBACK)


def test_unseen_words_get_the_uniform_share() -> None:
    model = NgramModel.fit(arrays([[3, 4, 5]] * 3), WORDS, 3)
    assert model.distribution([3])[4] > 0.5
    assert 0 < model.distribution([3])[7] == model.distribution([3])[6]


def test_higher_orders_fit_a_regular_text_better() -> None:
    texts = arrays([[3, 4, 3, 5, 3, 4, 3, 5]] * 20)
    losses = [-np.log(NgramModel.fit(texts, WORDS, order).probabilities(texts)).mean() for order in (1, 2, 3)]
    assert losses[0] > losses[1] > losses[2]
    assert math.exp(losses[2]) < 1.3
