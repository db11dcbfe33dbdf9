import json
import math

import numpy as np
import pytest

from rnnpipe.embeddings.intrinsic.evaluate import evaluate
from rnnpipe.embeddings.intrinsic.features import KNOWN
from rnnpipe.embeddings.intrinsic.questions import Questions
from rnnpipe.embeddings.vectors import WordVectors
from rnnpipe.text.vocabulary import RESERVED, Vocabulary

WORDS = ["man", "woman", "king", "queen", "apple", "orange"]
QUESTIONS = Questions(
    similarity={"grammar": [("man", "king", 8.0), ("apple", "king", 1.0), ("apple", "orange", 10.0)]},
    analogies={"gender": [("man", "woman", "king", "queen"), ("king", "queen", "man", "woman")]},
    words=[*WORDS, "missing"],
    features={"edible": {"apple": 1, "orange": 1, "man": 0, "woman": 0, "king": 0, "queen": 0, "missing": 1}},
)
NUMBERS = {
    "man": (1.0, 0.0, 0.0),
    "woman": (-1.0, 0.2, 0.0),
    "king": (1.0, 1.0, 0.0),
    "queen": (-1.0, 1.2, 0.0),
    "apple": (0.0, 0.1, 1.0),
    "orange": (0.1, 0.0, 1.0),
}


def test_all_questions_are_answered(vectors_of) -> None:
    vectors = vectors_of(NUMBERS)
    result = evaluate(vectors, {"word": vectors}, 50.0, QUESTIONS)
    assert result.metrics["analogies"] == {
        "accuracy": 100.0,
        "three_cos_mul": 50.0,  # the cosine of man and woman, near -1, makes the product small
        "word": 100.0,
        "questions": 2,
        "covered": 2,
    }
    assert result.metrics["similarity"] == {"grammar": {"spearman": 1.0, "pairs": 3, "covered": 100.0}}
    assert result.metrics["cosine"]["apple_orange"] > 0.9 > result.metrics["cosine"]["apple_king"]
    assert result.metrics["probe"] == {"edible": 100.0, "accuracy": 100.0, "majority": pytest.approx(200 / 3)}
    assert (result.metrics["dimension"], result.metrics["words"]) == (3, 6)
    assert result.metrics["coverage"] == 50.0
    assert result.neighbours[0][:2] == ("man", 1)
    assert [word for word, _, _ in result.points] == WORDS
    assert [row[:3] for row in result.features] == [(word, "edible", QUESTIONS.features["edible"][word]) for word in WORDS]
    json.dumps(result.metrics, allow_nan=False)


def test_one_hot_vectors_are_blind() -> None:
    vocabulary = Vocabulary([*RESERVED, *WORDS], [0] * 9)
    result = evaluate(WordVectors(np.eye(9, dtype=np.float32), vocabulary, {"kind": "one_hot"}), {}, 100.0, QUESTIONS)
    assert result.metrics["cosine"] == {"apple_orange": 0.0, "apple_king": 0.0}
    assert result.metrics["similarity"]["grammar"]["spearman"] == 0
    assert result.metrics["analogies"]["accuracy"] == result.metrics["analogies"]["three_cos_mul"] == 0
    assert all(math.isfinite(x) and math.isfinite(y) for _, x, y in result.points)


def test_what_cannot_be_had_is_left_out(vectors_of) -> None:
    result = evaluate(vectors_of({"Haus": (1.0, 2.0), "Hof": (2.0, 1.0)}), {}, 0.0, QUESTIONS)
    assert result.metrics["analogies"] == {"questions": 2, "covered": 0}
    assert result.metrics["similarity"] == {"grammar": {"pairs": 3, "covered": 0.0}}
    assert {"probe", "cosine"}.isdisjoint(result.metrics)
    assert (result.neighbours, result.points, result.features) == ([], [], [])


def test_real_text_is_asked_for_the_lectures_table(vectors_of) -> None:
    questions = Questions(similarity={}, analogies={}, words=[], features=KNOWN)
    rows = evaluate(vectors_of(NUMBERS), {}, 100.0, questions).features
    assert [row[0] for row in rows[::4]] == ["man", "woman", "king", "queen", "apple", "orange"]
    assert [row[1:3] for row in rows[:4]] == [("gender", -1.0), ("royalty", 0.0), ("age", 1.0), ("edible", 0.0)]


@pytest.mark.parametrize("word", ["man", "apple"])
def test_neighbours_are_ranked(vectors_of, word: str) -> None:
    rows = [row for row in evaluate(vectors_of(NUMBERS), {}, 1.0, QUESTIONS).neighbours if row[0] == word]
    assert [row[1] for row in rows] == [1, 2, 3, 4, 5]
    assert [row[3] for row in rows] == sorted((row[3] for row in rows), reverse=True)
