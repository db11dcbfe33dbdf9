import numpy as np
import pytest

from rnnpipe.embeddings.intrinsic.features import KNOWN, SHOWN, feature_table
from rnnpipe.embeddings.intrinsic.probe import RIDGE


def test_known_values_are_the_lectures() -> None:
    assert list(KNOWN) == ["gender", "royalty", "age", "edible"]
    table = {word: tuple(values[word] for values in KNOWN.values()) for word in SHOWN}
    assert table == {
        "man": (-1, 0, 1, 0),
        "woman": (1, 0, 1, 0),
        "boy": (-1, 0, -1, 0),
        "girl": (1, 0, -1, 0),
        "king": (-1, 1, 1, 0),
        "queen": (1, 1, 1, 0),
        "apple": (0, 0, 0, 1),
        "orange": (0, 0, 0, 1),
    }
    assert all(set(values) == set(KNOWN["gender"]) for values in KNOWN.values())
    assert sum(KNOWN["gender"].values()) == 0, "as many words of either gender"


def test_a_word_is_told_from_all_others_but_itself(vectors_of) -> None:
    rng = np.random.default_rng(1)
    known = {"gender": {"man": -1.0, "woman": 1.0, "king": -1.0, "queen": 1.0, "aunt": 1.0, "missing": 1.0}}
    vectors = vectors_of({word: rng.normal(size=4) for word in [*known["gender"]][:-1]})
    told = feature_table(vectors, known)
    assert [row[:3] for row in told] == [(word, "gender", known["gender"][word]) for word in ("man", "woman", "king", "queen")]
    values = np.array([known["gender"][word] for word in vectors.vocabulary.tokens[3:]])
    centred = vectors.vectors[3:].astype(np.float64)
    centred -= centred.mean(axis=0)
    centred /= np.sqrt(np.mean(np.sum(centred**2, axis=1)))
    for place, (_, _, _, predicted) in enumerate(told):
        rest = np.arange(5) != place
        design = np.column_stack([centred[rest], np.ones(4)])
        fitted = np.linalg.solve(design.T @ design + RIDGE * np.diag([1.0] * 4 + [0.0]), design.T @ values[rest])
        assert predicted == pytest.approx(centred[place] @ fitted[:-1] + fitted[-1])


def test_linear_features_are_found(vectors_of) -> None:
    """Vectors that hold the four features among noise give the table back, nearly."""
    rng = np.random.default_rng(2)
    words = [*KNOWN["gender"]]
    truth = np.array([[values[word] for values in KNOWN.values()] for word in words])
    vectors = vectors_of(
        dict(zip(words, truth @ rng.normal(size=(4, 20)) + 0.05 * rng.normal(size=(len(words), 20)), strict=True))
    )
    told = feature_table(vectors, KNOWN)
    assert [(row[0], row[1]) for row in told] == [(word, feature) for word in SHOWN for feature in KNOWN]
    assert all(abs(predicted - known) < 0.3 for _, _, known, predicted in told)


def test_words_without_a_vector_have_no_row(vectors_of) -> None:
    assert feature_table(vectors_of({"man": (1.0, 0.0)}), KNOWN) == [], "one word is nothing to learn from"
    told = feature_table(vectors_of({"man": (1.0, 0.0), "table": (0.0, 1.0)}), KNOWN)
    assert {row[0] for row in told} == {"man"}
