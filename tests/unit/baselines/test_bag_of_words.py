from pathlib import Path

import numpy as np
import pytest
from sklearn.feature_extraction.text import CountVectorizer
from small_corpora import small_corpus

from rnnpipe.baselines.bag_of_words import BagOfWords, Counter, fit_best
from rnnpipe.common.errors import RnnpipeError
from rnnpipe.params import BagOfWordsRun
from rnnpipe.text.encoded import EncodedCorpus, EncodedSplit


@pytest.fixture
def corpus(tmp_path: Path) -> EncodedCorpus:
    return small_corpus(tmp_path / "corpus", "labelled", train=200)


def split_of(texts: list[list[int]], labels: list[int]) -> EncodedSplit:
    offsets = np.cumsum([0, *map(len, texts)])
    return EncodedSplit(np.array(sum(texts, []), dtype=np.uint16), offsets, np.array(labels, dtype=np.int16), None)


@pytest.mark.parametrize("ngrams", [1, 2, 3])
def test_counts_are_those_of_scikit_learn(corpus: EncodedCorpus, ngrams: int) -> None:
    train, test = corpus.split("train"), corpus.split("test")
    texts = [[" ".join(map(str, split.document(i))) for i in range(len(split))] for split in (train, test)]
    reference = CountVectorizer(ngram_range=(1, ngrams), token_pattern=r"\S+").fit(texts[0])
    counter = Counter.of(train, len(corpus.vocabulary), ngrams)
    for split, text in zip((train, test), texts, strict=True):
        ours, theirs = counter.count(split).toarray(), reference.transform(text).toarray()
        used = ours.any(axis=0)
        assert sorted(map(tuple, ours[:, used].T)) == sorted(map(tuple, theirs[:, theirs.any(axis=0)].T))


def test_sequences_end_with_their_document_and_empty_documents_count_nothing() -> None:
    split = split_of([[3, 4], [], [5, 3]], [0, 1, 0])
    counts = Counter.of(split, 6, 2).count(split).toarray()
    assert counts.shape == (3, 6 + 2)
    assert counts.sum(axis=1).tolist() == [3.0, 0.0, 3.0]


@pytest.mark.parametrize("weighting", ["counts", "binary", "tf_idf"])
def test_learns_what_words_tell_and_is_deterministic(weighting: str) -> None:
    generator = np.random.default_rng(0)
    texts = [generator.integers(3, 12, 8).tolist() + [3 + i % 2] * 3 for i in range(60)]
    split = split_of(texts, [i % 2 for i in range(60)])
    settings = BagOfWordsRun(corpus="any", ngrams=2, weighting=weighting)
    model = BagOfWords(settings, split, 12, 1.0)
    found = model.probabilities(split)
    assert (found.argmax(axis=1) == split.labels).mean() > 0.95
    assert found.sum(axis=1) == pytest.approx(np.ones(60))
    assert np.array_equal(found, BagOfWords(settings, split, 12, 1.0).probabilities(split))


def test_unlabelled_documents_and_labels_that_are_missing() -> None:
    split = split_of([[3], [4], [5], [3]], [0, 2, -1, -1])
    found = BagOfWords(BagOfWordsRun(corpus="any"), split, 6, 1.0).probabilities(split)
    assert found.shape == (4, 3)
    assert found[:, 1].tolist() == [0.0] * 4


def test_one_label_is_an_error() -> None:
    with pytest.raises(RnnpipeError, match="fewer than two labels"):
        BagOfWords(BagOfWordsRun(corpus="any"), split_of([[3], [4]], [1, 1]), 6, 1.0)


def test_c_is_chosen_on_the_validation_split(corpus: EncodedCorpus) -> None:
    choices = (1e-4, 1.0, 30.0)
    settings = BagOfWordsRun(corpus="any", inverse_regularisation=choices)
    valid, train = corpus.split("valid"), corpus.split("train")
    correct = [BagOfWords(settings, train, len(corpus.vocabulary), choice).correct(valid) for choice in choices]
    assert len(set(correct)) > 1, "the choices can be told apart"
    assert fit_best(settings, corpus).inverse_regularisation == choices[correct.index(max(correct))]


def test_of_equals_the_first_c_is_taken_and_a_single_one_needs_no_validation_split(corpus: EncodedCorpus) -> None:
    settings = BagOfWordsRun(corpus="any", inverse_regularisation=(1.0, 1.0000001))
    assert fit_best(settings, corpus).inverse_regularisation == 1.0
    (corpus.directory / "valid.ids.npy").unlink()
    assert fit_best(BagOfWordsRun(corpus="any", inverse_regularisation=0.5), corpus).inverse_regularisation == 0.5


def test_the_choice_never_looks_at_the_test_split(corpus: EncodedCorpus) -> None:
    for path in corpus.directory.glob("test.*"):
        path.unlink()
    fit_best(BagOfWordsRun(corpus="any", inverse_regularisation=(0.1, 1.0)), corpus)


def test_several_c_need_a_validation_split(corpus: EncodedCorpus) -> None:
    del corpus.meta["splits"]["valid"]
    with pytest.raises(RnnpipeError, match="no split 'valid'"):
        fit_best(BagOfWordsRun(corpus="any", inverse_regularisation=(0.1, 1.0)), corpus)
