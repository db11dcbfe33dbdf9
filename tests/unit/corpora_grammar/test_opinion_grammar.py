from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnpipe.corpora.grammar.opinion import LENGTHS, LONGER, accepts, bag_of_words_ceiling, sample_review
from rnnpipe.params import OpinionGrammar


def settings(mixed: float = 0.6, noise: float = 0.02) -> OpinionGrammar:
    return OpinionGrammar(kind="opinion", train=1, valid=1, test=1, mixed=mixed, noise=noise)


@given(st.integers(0, 10**6))
def test_accepts_every_sample_and_stars_fit_the_label(seed: int) -> None:
    review = sample_review(settings(), LONGER, Random(seed))
    assert accepts(review.text.split())
    assert review.stars == 3 or (review.stars > 3) == (review.label == "positive")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "we saw it on monday .",
        "the plot is .",
        "the plot is dull but the acting is bad .",
        "the plot is dull",
        "the plot is dull . we saw it on monday .",
        "the plot not is dull .",
    ],
)
def test_rejects_what_is_no_review(text: str) -> None:
    assert not accepts(text.split())


def test_the_ceiling_of_single_opinions_by_hand() -> None:
    # a clear opinion is seen by the bag, a mixed one is a coin toss
    assert bag_of_words_ceiling(settings(mixed=0.6, noise=0.0), (1,)) == pytest.approx(40 + 60 / 2)
    assert bag_of_words_ceiling(settings(mixed=0.6, noise=0.1), (1,)) == pytest.approx(70 * 0.9 + 30 * 0.1)


def test_the_ceiling_is_what_an_ideal_table_of_bags_reaches() -> None:
    random = Random(3)
    reviews = [sample_review(settings(noise=0.0), LENGTHS, random) for _ in range(4000)]
    difference = [r.text.split().count("and") for r in reviews]
    assert len(set(difference)) > 1
    ceiling = bag_of_words_ceiling(settings(noise=0.0), LENGTHS)
    good, bad = _words()
    right = 0.0
    for review in reviews:
        tokens = review.text.split()
        score = sum(token in good for token in tokens) - sum(token in bad for token in tokens)
        right += 0.5 if score == 0 else (score > 0) == (review.label == "positive")
    assert ceiling >= 100 * right / len(reviews) - 2
    assert ceiling == pytest.approx(100 * right / len(reviews), abs=3)


def test_noise_turns_the_stars_round() -> None:
    random = Random(5)
    reviews = [sample_review(settings(noise=0.25), LENGTHS, random) for _ in range(4000)]
    assert sum(r.label != r.true_label for r in reviews) / 4000 == pytest.approx(0.25, abs=0.03)
    assert {r.stars for r in reviews} == {1, 2, 3, 4, 5}


def _words() -> tuple[set[str], set[str]]:
    from rnnpipe.corpora.grammar.opinion import WORDS

    return set(WORDS["GOOD"]), set(WORDS["BAD"])
