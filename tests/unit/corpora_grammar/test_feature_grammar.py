from random import Random

from hypothesis import given
from hypothesis import strategies as st

from rnnpipe.corpora.grammar.feature import PEOPLE, PHRASES, WORDS, accepts, analogies, features, sample_sentence, similarities
from rnnpipe.params import FeatureGrammar

SETTINGS = FeatureGrammar(kind="feature", train=1, mixing=0.1)


@given(st.integers(0, 10**6))
def test_accepts_every_sample(seed: int) -> None:
    assert accepts(sample_sentence(SETTINGS, Random(seed)))


def test_rejects_what_is_no_sentence() -> None:
    for text in ("", "the king", "the king votes .", "the king votes and votes and sings .", "king votes and votes and votes ."):
        assert not accepts(text.split())


def test_without_mixing_every_phrase_fits_the_word() -> None:
    random = Random(1)
    for _ in range(500):
        tokens = sample_sentence(SETTINGS.model_copy(update={"mixing": 0.0}), random)
        fitting = {phrase for trait in WORDS[tokens[1]] for phrase in PHRASES[trait]}
        assert fitting.issuperset(" ".join(tokens[2:-1]).split(" and "))


def test_features_of_the_lectures_words() -> None:
    assert features("king") == (-1, 1, 1, 0)
    assert features("girl") == (1, -1, 0, 0)
    assert features("apple") == (0, 0, 0, 1)
    assert features("table") == (0, 0, 0, 0)


def test_analogies_have_one_answer() -> None:
    questions = [question for section in analogies().values() for question in section]
    assert ("man", "woman", "king", "queen") in questions
    assert len(set(questions)) == len(questions)
    by_traits = {traits: word for word, traits in PEOPLE.items()}
    for a, b, c, d in questions:
        step = {old: new for old, new in zip(PEOPLE[a], PEOPLE[b], strict=True) if old != new}
        assert by_traits[tuple(step.get(trait, trait) for trait in PEOPLE[c])] == d  # type: ignore[index]


def test_similar_words_score_higher() -> None:
    score = {(first, second): value for first, second, value in similarities()}
    assert score["apple", "orange"] == 10
    assert score["man", "woman"] > score["man", "queen"] > score["man", "apple"] == 0
