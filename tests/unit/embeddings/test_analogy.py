import numpy as np
import pytest
from gensim.models import KeyedVectors

from rnnpipe.embeddings.analogy import Answers, accuracy, answer, three_cos_add

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
    assert answers == [Answers("royal", 3, 3, 2), Answers("fruit", 1, 0, 0)]
    assert accuracy(answers) == pytest.approx(200 / 3)


def test_nothing_covered_has_no_accuracy(vectors_of) -> None:
    assert accuracy(answer(vectors_of(ROYALS), {"capitals": [("Athens", "Greece", "Oslo", "Norway")]})) is None


def test_answers_are_gensims(vectors_of) -> None:
    rng = np.random.default_rng(1)
    words = {f"w{number}": rng.normal(size=8) for number in range(400)}
    vectors = vectors_of(words)
    theirs = KeyedVectors(8)
    theirs.add_vectors(list(words), vectors.vectors[3:])
    rows = np.array([rng.choice(400, 3, replace=False) + 3 for _ in range(300)])
    tokens = vectors.vocabulary.tokens
    expected = [theirs.most_similar(positive=[tokens[b], tokens[c]], negative=[tokens[a]], topn=1)[0][0] for a, b, c in rows]
    assert [tokens[row] for row in three_cos_add(vectors, rows)] == expected
