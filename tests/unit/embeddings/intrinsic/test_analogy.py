from itertools import permutations

import numpy as np
import pytest
from gensim.models import KeyedVectors

from rnnpipe.embeddings.intrinsic import analogy
from rnnpipe.embeddings.intrinsic.analogy import Answers, accuracy, answer, three_cos_add, three_cos_mul
from rnnpipe.embeddings.vectors import WordVectors
from rnnpipe.text.vocabulary import RESERVED, Vocabulary

ROYALS = {
    "man": (1.0, 0.0, 0.1),
    "woman": (-1.0, 0.0, 0.1),
    "king": (1.0, 1.0, 0.0),
    "queen": (-1.0, 1.0, 0.0),
    "apple": (0.0, 0.0, 1.0),
}


def test_man_is_to_woman_as_king_to_queen(vectors_of) -> None:
    questions = {
        "royal": [("man", "woman", "king", "queen"), ("Man", "Woman", "King", "Queen"), ("man", "king", "woman", "apple")],
        "fruit": [("man", "woman", "apple", "pear")],
    }
    answers = answer(vectors_of(ROYALS), questions)
    assert answers == [Answers("royal", 3, 3, 2, 2), Answers("fruit", 1, 0, 0, 0)]
    assert accuracy(answers) == accuracy(answers, multiplied=True) == pytest.approx(200 / 3)


def test_accuracy_is_of_the_covered_questions_of_one_rule() -> None:
    answers = [Answers("first", 9, 6, 3, 4), Answers("second", 3, 2, 1, 2)]
    assert accuracy(answers) == 50
    assert accuracy(answers, multiplied=True) == 75


def test_nothing_covered_has_no_accuracy(vectors_of) -> None:
    answers = answer(vectors_of(ROYALS), {"capitals": [("Athens", "Greece", "Oslo", "Norway")]})
    assert accuracy(answers) is accuracy(answers, multiplied=True) is None


@pytest.mark.filterwarnings("ignore:Call to deprecated `init_sims`:DeprecationWarning")  # gensim's own, in most_similar_cosmul
@pytest.mark.parametrize("rule", [three_cos_add, three_cos_mul])
def test_answers_are_gensims(vectors_of, monkeypatch: pytest.MonkeyPatch, rule) -> None:
    monkeypatch.setattr(analogy, "EPSILON", 1e-6)  # gensim's
    rng = np.random.default_rng(1)
    words = {f"w{number}": rng.normal(size=8) for number in range(400)}
    vectors = vectors_of(words)
    theirs = KeyedVectors(8)
    theirs.add_vectors(list(words), vectors.vectors[3:])
    ask = theirs.most_similar if rule is three_cos_add else theirs.most_similar_cosmul
    rows = np.array([rng.choice(400, 3, replace=False) + 3 for _ in range(300)])
    tokens = vectors.vocabulary.tokens
    expected = [ask(positive=[tokens[b], tokens[c]], negative=[tokens[a]], topn=1)[0][0] for a, b, c in rows]
    assert [tokens[row] for row in rule(vectors, rows)] == expected


def test_products_are_those_of_the_paper(vectors_of) -> None:
    """Every word scored by equation 4 of Levy and Goldberg (2014), in float64, one at a time."""
    rng = np.random.default_rng(3)
    vectors = vectors_of({f"w{number}": rng.normal(size=3) for number in range(12)})
    rows = np.array(list(permutations(range(3, 9), 3)))

    def shifted(first: int, second: int) -> float:
        x, y = vectors.vectors[[first, second]].astype(np.float64)
        return (x @ y / np.linalg.norm(x) / np.linalg.norm(y) + 1) / 2

    def best(a: int, b: int, c: int) -> int:
        others = [word for word in range(3, 15) if word not in (a, b, c)]
        return max(others, key=lambda word: shifted(word, b) * shifted(word, c) / (shifted(word, a) + 0.001))

    assert three_cos_mul(vectors, rows).tolist() == [best(*row) for row in rows]
    assert (three_cos_mul(vectors, rows) != three_cos_add(vectors, rows)).any(), "the rules differ somewhere"


@pytest.mark.parametrize("rule", [three_cos_add, three_cos_mul])
def test_among_equally_near_words_there_is_no_answer(vectors_of, rule) -> None:
    one_hot = WordVectors(np.eye(8, dtype=np.float32), Vocabulary([*RESERVED, *"abcde"], [0] * 8), {"kind": "one_hot"})
    assert rule(one_hot, np.array([[3, 4, 5], [7, 6, 5]])).tolist() == [-1, -1]
    twice = vectors_of({**ROYALS, "Queen": ROYALS["queen"]})
    assert rule(twice, np.array([[3, 4, 5]])).tolist() == [-1]


@pytest.mark.parametrize("rule", [three_cos_add, three_cos_mul])
def test_reserved_tokens_are_no_answer(rule) -> None:
    """Even where the mean vector of `<unk>` is the nearest by far."""
    vectors = np.array([[0, 0], [-1, 1], [-1, 1], [1, 0], [-1, 0.1], [1, 1], [-1, 2]], dtype=np.float32)
    vocabulary = Vocabulary([*RESERVED, "man", "woman", "king", "queen"], [0] * 7)
    assert rule(WordVectors(vectors, vocabulary, {"kind": "glove"}), np.array([[3, 4, 5]])).tolist() == [6]
