import math
from itertools import product
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from rnnpipe.corpora.grammar.agreement import ADVERBS, PREPOSITIONS, WORDS, AgreementLanguage, perplexity_floor
from rnnpipe.corpora.grammar.drawing import Weighted
from rnnpipe.params import AgreementGrammar

LANGUAGE = AgreementLanguage(32, Weighted((0, 1, 2, 7), (4.0, 3.0, 2.0, 1.0)))


def test_probabilities_sum_to_one_by_enumeration() -> None:
    language = AgreementLanguage(3, Weighted((0, 1), (2.0, 1.0)))
    nouns = [form for noun, _ in WORDS[:3] for form in (noun, f"{noun}s")]
    verbs = [form for _, verb in WORDS[:3] for form in (verb, f"{verb}s")]
    middles = [[], *([p, "the", noun] for p, noun in product(PREPOSITIONS, nouns))]
    total = sum(
        math.exp(language.log_probability(["the", noun, *middle, verb, adverb, "."]))
        for noun, middle, verb, adverb in product(nouns, middles, verbs, ADVERBS)
    )
    assert total == pytest.approx(1.0, abs=1e-9)


@given(st.integers(0, 10**6))
def test_accepts_every_sample_and_its_probability_is_the_product_of_the_draws(seed: int) -> None:
    sentence = LANGUAGE.sample(Random(seed))
    depth = (len(sentence) - 5) // 3
    expected = {0: 0.4, 1: 0.3, 2: 0.2, 7: 0.1}[depth] / 64 ** (depth + 1) / len(PREPOSITIONS) ** depth / len(ADVERBS)
    assert LANGUAGE.log_probability(sentence) == pytest.approx(math.log(expected))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "the",
        "the dog barks often",
        "the dog bark often .",
        "the dog blooms often .",
        "the dog near the cow barks .",
        "the dog near the barks often .",
        "a dog barks often .",
        "the dog barks often . the dog barks often .",
        "the dog near the cow near the cow near the cow barks often .",  # depth 3 has no weight
        "the dog <unk> the cow barks often .",
    ],
)
def test_rejects_what_is_no_sentence(text: str) -> None:
    assert not LANGUAGE.accepts(text.split())


@given(st.integers(0, 10**6))
def test_rejects_the_bad_half_of_a_pair_and_accepts_the_good_one(seed: int) -> None:
    pair = LANGUAGE.minimal_pair(Random(seed), 21)
    assert LANGUAGE.accepts([*pair.prefix, pair.good, "often", "."])
    assert not LANGUAGE.accepts([*pair.prefix, pair.bad, "often", "."])
    assert len(pair.prefix) == 2 + 21


def test_floor_of_one_sentence_by_hand() -> None:
    language = AgreementLanguage(1, Weighted((0,)))
    # 2 forms of 1 noun, 4 adverbs; six predictions with <eos>, of which four are certain
    assert perplexity_floor(language, [["the", "dogs", "bark", "often", "."]]) == pytest.approx((2 * 4) ** (1 / 6))


def test_sampled_verbs_follow_noun_and_number() -> None:
    random = Random(1)
    seen = {(sentence[1], sentence[-3]) for sentence in (LANGUAGE.sample(random) for _ in range(3000))}
    assert len(seen) == len({noun for noun, _ in seen}) == len({verb for _, verb in seen}) == 64


def test_impossible_distances_and_weights_are_refused() -> None:
    good = {"kind": "agreement", "train": 1, "valid": 1, "test": 1, "depths": (0, 1), "depth_weights": (1.0, 1.0)}
    with pytest.raises(ValidationError, match="20 is no multiple of 3"):
        AgreementGrammar(**good, distances=(3, 20))
    with pytest.raises(ValidationError, match="one weight is needed for each"):
        AgreementGrammar(**{**good, "depth_weights": (1.0,)}, distances=(3,))
