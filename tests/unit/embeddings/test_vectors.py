import json
from pathlib import Path

import numpy as np
import pytest

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.embeddings.matrix import embedding_matrix
from rnnpipe.embeddings.vectors import complete, load_vectors, save_vectors, subset
from rnnpipe.text.vocabulary import RESERVED, Vocabulary

FRUIT = {"apple": (1.0, 0.0), "orange": (2.0, 0.0), "king": (0.0, 1.0), "Äpfel": (1.0, 1.0)}


def test_what_is_saved_comes_back(tmp_path: Path, vectors_of) -> None:
    source = vectors_of(FRUIT)
    save_vectors(tmp_path, source.vocabulary, source.vectors, {"kind": "glove"}, {"word": source.vectors * 2})
    loaded = load_vectors(tmp_path)
    np.testing.assert_array_equal(loaded.vectors, source.vectors)
    np.testing.assert_array_equal(load_vectors(tmp_path, "word").vectors, source.vectors * 2)
    assert loaded.vocabulary == source.vocabulary
    assert loaded.config == {"kind": "glove", "dimension": 2}


def test_reserved_rows() -> None:
    vectors = complete(np.array([[1.0, 2.0], [3.0, 6.0]]))
    np.testing.assert_array_equal(vectors, [[0, 0], [2, 4], [2, 4], [1, 2], [3, 6]])
    assert vectors.dtype == np.float32


def test_subset_keeps_reserved_tokens_and_order() -> None:
    vocabulary = Vocabulary([*RESERVED, "a", "b", "c"], [0, 5, 0, 3, 2, 1])
    assert subset(vocabulary, np.array([0, 0, 0, 1, 0, 1], dtype=bool)) == Vocabulary([*RESERVED, "a", "c"], [0, 5, 0, 3, 1])


def test_matrix_of_a_task_takes_vectors_by_word(tmp_path: Path, vectors_of) -> None:
    source = vectors_of(FRUIT)
    save_vectors(tmp_path, source.vocabulary, source.vectors, {"kind": "glove"})
    matrix, coverage = embedding_matrix(tmp_path, Vocabulary([*RESERVED, "king", "unseen", "apple"], [0] * 6), seed=1)
    np.testing.assert_array_equal(matrix[[0, 3, 5]], [[0, 0], [0, 1], [1, 0]])
    np.testing.assert_array_equal(matrix[[1, 2, 4]], np.full((3, 2), [1.0, 0.5]))
    assert coverage == pytest.approx(200 / 3)


def test_a_word_without_a_vector_has_that_of_its_small_letters(tmp_path: Path, vectors_of) -> None:
    source = vectors_of({**FRUIT, "Apple": (5.0, 5.0)})
    save_vectors(tmp_path, source.vocabulary, source.vectors, {"kind": "glove"})
    matrix, coverage = embedding_matrix(tmp_path, Vocabulary([*RESERVED, "KING", "Apple", "ÄPFEL"], [0] * 6), seed=1)
    np.testing.assert_array_equal(matrix[3:5], [[0, 1], [5, 5]])
    np.testing.assert_array_equal(matrix[5], matrix[1])
    assert coverage == pytest.approx(200 / 3)


def test_declared_embeddings_are_made_for_the_vocabulary(tmp_path: Path) -> None:
    vocabulary = Vocabulary([*RESERVED, *map(str, range(2000))], [0] * 2003)
    (tmp_path / "config.json").write_text(json.dumps({"kind": "random", "dimension": 16, "scale": 0.25}))
    matrix, coverage = embedding_matrix(tmp_path, vocabulary, seed=1)
    assert matrix.shape == (2003, 16)
    assert matrix.dtype == np.float32
    assert coverage == 100
    assert not matrix[0].any()
    assert np.mean(np.sum(matrix**2, axis=1)) == pytest.approx(1, abs=0.05)
    np.testing.assert_array_equal(matrix, embedding_matrix(tmp_path, vocabulary, seed=1)[0])
    assert (matrix != embedding_matrix(tmp_path, vocabulary, seed=2)[0]).any()
    (tmp_path / "config.json").write_text(json.dumps({"kind": "one_hot"}))
    np.testing.assert_array_equal(embedding_matrix(tmp_path, vocabulary, seed=1)[0], np.eye(2003))


def test_neighbours_by_cosine(vectors_of) -> None:
    vectors = vectors_of(FRUIT)
    assert vectors.neighbours("apple", 2) == [("orange", 1.0), ("Äpfel", pytest.approx(0.5**0.5))]
    assert vectors.neighbours("APPLE", 9)[0][0] == "orange", "found in lower case"
    assert len(vectors.neighbours("apple", 9)) == 3, "neither itself nor reserved tokens"
    with pytest.raises(RnnpipeError, match="'pear': no such word among the 4"):
        vectors.neighbours("pear")


def test_cosine_needs_both_words(vectors_of) -> None:
    vectors = vectors_of({**FRUIT, "nothing": (0.0, 0.0)})
    assert vectors.cosine("apple", "king") == 0
    assert vectors.cosine("apple", "nothing") == 0
    assert vectors.cosine("apple", "<unk>") is None


def test_vectors_that_are_no_numbers_are_not_saved(tmp_path: Path, vectors_of) -> None:
    source = vectors_of({**FRUIT, "bad": (np.nan, 0.0)})
    with pytest.raises(RnnpipeError, match="NaN"):
        save_vectors(tmp_path, source.vocabulary, source.vectors, {"kind": "glove"})
    assert list(tmp_path.iterdir()) == []


def test_parts_may_be_of_another_length(tmp_path: Path, vectors_of) -> None:
    source = vectors_of(FRUIT)
    both = np.hstack([source.vectors, source.vectors])
    save_vectors(tmp_path, source.vocabulary, both, {"kind": "glove"}, {"word": source.vectors})
    assert load_vectors(tmp_path).vectors.shape[1] == load_vectors(tmp_path).config["dimension"] == 4
    word = load_vectors(tmp_path, "word")
    np.testing.assert_array_equal(word.vectors, source.vectors)
    assert word.config["dimension"] == 2
    with pytest.raises(ValueError, match="short: float32"):
        save_vectors(tmp_path, source.vocabulary, both, {"kind": "glove"}, {"short": source.vectors[1:]})


def test_damage_is_named(tmp_path: Path, vectors_of) -> None:
    source = vectors_of(FRUIT)
    save_vectors(tmp_path, source.vocabulary, source.vectors, {"kind": "glove"})
    with pytest.raises(RnnpipeError, match="no tensor 'word', but vectors"):
        load_vectors(tmp_path, "word")
    Vocabulary([*RESERVED, "a"], [0] * 4).save(tmp_path / "vocabulary.tsv")
    with pytest.raises(RnnpipeError, match="does not fit vocabulary.tsv"):
        load_vectors(tmp_path)
    (tmp_path / "vectors.safetensors").write_bytes(b"short")
    with pytest.raises(RnnpipeError, match="vectors.safetensors: missing or damaged"):
        load_vectors(tmp_path)
    (tmp_path / "config.json").write_text('{"kind": "one_hot"}')
    with pytest.raises(RnnpipeError, match="a one_hot embedding has no vectors"):
        load_vectors(tmp_path)


@pytest.mark.parametrize(
    "config", ["[]", "3", '{"dimension": 2}', '{"kind": 3}', '{"kind": "random"}', '{"kind": "glove", "dimension": "2"}']
)
def test_a_file_that_describes_no_embedding_is_told(config: str, tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text(config)
    with pytest.raises(RnnpipeError, match=r"config\.json: not what an embedding says of itself"):
        embedding_matrix(tmp_path, Vocabulary([*RESERVED, "a"], [0] * 4), seed=1)
    with pytest.raises(RnnpipeError, match=r"config\.json: not what an embedding says of itself"):
        load_vectors(tmp_path)
