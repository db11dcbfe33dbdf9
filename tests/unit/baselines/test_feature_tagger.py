"""Taggers without a network: counting, and CRFsuite on features."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from small_corpora import small_corpus

from rnnpipe.baselines.feature_tagger import features_of, fit_tagger
from rnnpipe.params import FeatureTaggerRun
from rnnpipe.text.encoded import EncodedCorpus


def corpus(folder: Path) -> EncodedCorpus:
    return small_corpus(folder / "corpus", "columns", train=60, unknown=["new"])


def fit(made: EncodedCorpus, **settings: Any) -> Any:
    return fit_tagger(FeatureTaggerRun(corpus="c", **settings), made)


def test_each_word_gets_the_tag_that_it_has_most_often(tmp_path: Path) -> None:
    made = corpus(tmp_path)
    predict, weights = fit(made, kind="most_frequent")
    train, test = made.split("train"), made.split("test")
    assert weights == 13  # with "new", which is <unk>
    ids, tags, found = train.ids.tolist(), train.tags, predict(test)
    assert tags is not None
    for word, tag in zip(test.ids.tolist(), found.tolist(), strict=True):
        if word > 2:
            counts = np.bincount([own for other, own in zip(ids, tags.tolist(), strict=True) if other == word])
            assert tag == counts.argmax()
    assert found.dtype == np.uint8


def test_a_word_that_train_lacks_is_outside(tmp_path: Path) -> None:
    made = small_corpus(tmp_path / "with", "columns", unknown=["new"])
    predict, _ = fit(small_corpus(tmp_path / "without", "columns"), kind="most_frequent")
    assert predict(made.split("test"))[0] == 0


def test_a_crf_learns_tags_that_can_be_read_off_the_words(tmp_path: Path) -> None:
    made = corpus(tmp_path)
    predict, weights = fit(made, l1=0.0, l2=0.001)
    split = made.split("test")
    assert split.tags is not None
    assert np.mean(predict(split) == split.tags) > 0.9
    again, same = fit(made, l1=0.0, l2=0.001)
    assert (again(split) == predict(split)).all()
    assert same == weights > 0
    assert fit(made, min_count=10**6)[1] < weights


@pytest.mark.parametrize("words", [[], ["a"], ["Ann", "U.S.", "1996"]])
def test_features_look_at_the_word_and_around_it(words: list[str]) -> None:
    found = features_of(words)
    assert len(found) == len(words)
    if len(words) == 3:
        assert {"ends n", "begins Ann", "0 ann", "1 is abbreviation", "-1 is none", "2 0000"} <= set(found[0])
        assert "shapes capitalised|abbreviation" in found[0]
