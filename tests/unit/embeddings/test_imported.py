from pathlib import Path

import numpy as np
import pytest

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.embeddings.imported import import_vectors
from rnnpipe.text.vocabulary import RESERVED, Vocabulary

VOCABULARY = Vocabulary([*RESERVED, "the", "Apple", "IBM", "apple"], [0, 2, 0, 5, 1, 1, 1])


def test_words_of_the_corpus_are_taken(tmp_path: Path) -> None:
    path = tmp_path / "glove.txt"
    path.write_text("the 1 1\napple 3 5\npear 9 9\n<unk> 7 7\n")
    found = import_vectors(path, "glove-text", VOCABULARY)
    assert found.vocabulary == Vocabulary([*RESERVED, "the", "Apple", "apple"], [0, 2, 0, 5, 1, 1])
    np.testing.assert_allclose(found.vectors, [[0, 0], [7 / 3, 11 / 3], [7 / 3, 11 / 3], [1, 1], [3, 5], [3, 5]], rtol=1e-6)
    assert found.config == {"coverage": 75.0, "token_coverage": 70.0, "lower_cased": 1}


def test_vectors_of_another_language_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "glove.txt"
    path.write_text("Apfel 1 1\n")
    with pytest.raises(RnnpipeError, match="no vector for any of the 4 words"):
        import_vectors(path, "glove-text", VOCABULARY)
