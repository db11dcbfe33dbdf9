from pathlib import Path

import pytest
from small_corpora import LABELS
from small_runs import saved_model

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.inference import open_model
from rnnpipe.serving import label_texts, tag_texts


def test_all_probabilities_are_told_and_the_label_has_the_greatest(tmp_path: Path) -> None:
    saved_model(tmp_path / "a", "sentiment")
    for found in label_texts(open_model(tmp_path / "a"), ["w1 w2", "w9"]):
        assert list(found.probabilities) == LABELS
        assert sum(found.probabilities.values()) == pytest.approx(1)
        assert found.probability == max(found.probabilities.values()) == found.probabilities[found.label]


def test_texts_without_words_have_no_tags(tmp_path: Path) -> None:
    saved_model(tmp_path / "a", "ner")
    trained = open_model(tmp_path / "a")
    assert tag_texts(trained, []) == []
    assert [found.tags for found in tag_texts(trained, ["", " "])] == [[], []]


def test_half_a_character_is_told_with_its_place(tmp_path: Path) -> None:
    saved_model(tmp_path / "a", "sentiment")
    with pytest.raises(RnnpipeError, match=r"^text 2, character 3: not Unicode; send UTF-8$"):
        label_texts(open_model(tmp_path / "a"), ["w1", "w1\udcff"])
