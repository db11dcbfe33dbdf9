import numpy as np
import pytest

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.embeddings import word2vec
from rnnpipe.embeddings.word2vec import Sentences, train_word2vec
from rnnpipe.params import Word2VecRun
from rnnpipe.text.vocabulary import RESERVED, Vocabulary

VOCABULARY = Vocabulary([*RESERVED, "king", "queen", "apple", "pear", "rules", "ripens", "never"], [0, 9, 0, *[100] * 6, 1])
RUN = Word2VecRun(corpus="tiny", dimension=8, epochs=4, subsample=0.0, learning_rate=0.1)


@pytest.fixture(scope="module")
def corpus(split_of):
    rng = np.random.default_rng(1)
    documents = [[word, verb, 1, verb] for word, verb in rng.choice([(3, 7), (4, 7), (5, 8), (6, 8)], 800).tolist()]
    return split_of(documents)


@pytest.mark.parametrize("architecture", ["skip_gram", "cbow"])
@pytest.mark.parametrize("negative", [3, 0])
def test_same_contexts_give_similar_vectors(corpus, architecture: str, negative: int) -> None:
    run = RUN.model_copy(update={"architecture": architecture, "negative": negative, "epochs": 20})
    fit = train_word2vec([corpus], VOCABULARY, run, seed=1)
    assert fit.vocabulary.tokens == VOCABULARY.tokens[:-1], "our order, without words that do not occur"
    assert fit.vectors.shape == (9, 8)
    assert len(fit.losses) == 20
    assert fit.losses[-1] < fit.losses[0]
    unit = fit.vectors[3:7] / np.linalg.norm(fit.vectors[3:7], axis=1, keepdims=True)
    king_queen, king_apple = unit[0] @ unit[1], unit[0] @ unit[2]
    assert king_queen > king_apple


def test_seed_decides_the_bytes(corpus) -> None:
    first, again, other = (train_word2vec([corpus], VOCABULARY, RUN, seed).vectors.tobytes() for seed in (1, 1, 2))
    assert first == again
    assert first != other


def test_unknown_words_get_the_mean(corpus) -> None:
    fit = train_word2vec([corpus], VOCABULARY, RUN, seed=1)
    np.testing.assert_allclose(fit.vectors[1], fit.vectors[3:].mean(axis=0), atol=1e-6)
    assert not fit.vectors[0].any()


def test_no_word_of_a_long_document_is_lost(split_of, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(word2vec, "LONGEST_SENTENCE", 4)
    sentences = Sentences([split_of([[3, 4, 1, 5, 6, 7, 8], [], [3]])], VOCABULARY)
    expected = [["king", "queen", "apple", "pear"], ["rules", "ripens"], ["king"]]
    assert list(sentences) == expected
    assert list(sentences) == expected, "may be read again"


def test_losses_are_those_of_gensim(corpus) -> None:
    """On a corpus too short for gensim's float32 total to matter, the sum over epochs is the one that gensim reports."""
    run = RUN.model_copy(update={"epochs": 1})
    model = word2vec.Word2Vec(
        list(Sentences([corpus], VOCABULARY)), vector_size=8, sg=1, sample=0, alpha=0.1, min_count=1, workers=1, seed=1, epochs=1,
        compute_loss=True,
    )  # fmt: skip
    fit = train_word2vec([corpus], VOCABULARY, run, seed=1)
    assert fit.losses[0] == pytest.approx(model.get_latest_training_loss() / 2400, rel=0.02)


@pytest.mark.parametrize("documents", [[], [[1, 1]], [[3, 3, 3]]])
def test_a_corpus_of_one_word_is_refused(split_of, documents: list[list[int]]) -> None:
    with pytest.raises(RnnpipeError, match="Word2Vec needs at least 2"):
        train_word2vec([split_of(documents)], VOCABULARY, RUN, seed=1)
