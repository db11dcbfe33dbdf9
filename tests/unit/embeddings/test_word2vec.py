import os
import subprocess
import sys
from collections import Counter
from itertools import pairwise
from pathlib import Path

import gensim.models
import numpy as np
import pytest

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.embeddings import word2vec
from rnnpipe.embeddings.word2vec import train_word2vec
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
    monkeypatch.setattr(word2vec, "BATCH_WORDS", 4)
    split = split_of([[3, 4, 1, 5, 6, 7, 8], [], [3], [1], [2, 5], [6, 7, 8, 3]])
    batches = list(word2vec._batches([split], VOCABULARY, RUN, 0))
    assert [sentences for sentences, _ in batches] == [
        [["king", "queen", "apple"]],
        [["pear", "rules", "ripens"], ["king"]],
        [[], ["apple"]],
        [["pear", "rules", "ripens", "king"]],
    ]
    rates = [rate for _, rate in batches]
    assert rates == pytest.approx([0.1 - 0.0999 * done / (4 * 15) for done in (0, 4, 8, 11)])


@pytest.fixture(scope="module")
def zipf(split_of):
    """Return a split of some 25,000 words, unknown ones among them, with a document longer than a batch."""
    rng = np.random.default_rng(2)
    words = np.minimum(rng.zipf(1.3, 25_000), 300)
    cuts = [0, *np.sort(rng.choice(12_000, 200, replace=False)), 24_000]
    return split_of([words[start:end].tolist() for start, end in pairwise(cuts)])


ZIPF = Vocabulary([*RESERVED, *(f"w{number}" for number in range(3, 301))], [0] * 301)


@pytest.mark.parametrize("architecture", ["skip_gram", "cbow"])
@pytest.mark.parametrize(
    "changes",
    [{}, {"negative": 0}, {"negative": 2, "exponent": 0.0}, {"window": 2}, {"subsample": 0.0}],
    ids=["defaults", "hierarchical", "exponent", "window", "no subsampling"],
)
def test_vectors_and_losses_are_those_of_gensim(zipf, architecture: str, changes: dict) -> None:
    """Driven by hand over the words, gensim gives the same bytes; this corpus is too short for its float32 total to err."""
    settings = {"dimension": 12, "architecture": architecture, "epochs": 2, "subsample": 1e-2, "negative": 5, **changes}
    run = Word2VecRun(corpus="zipf", **settings)
    fit = train_word2vec([zipf], ZIPF, run, seed=7)
    words = np.array(ZIPF.tokens)
    sentences = [words[zipf.document(index)].tolist() for index in range(len(zipf))]
    sentences = [words[start : start + 10_000] for words in sentences for start in range(0, len(words), 10_000)]
    model = gensim.models.Word2Vec(
        vector_size=12, window=run.window, sg=int(architecture == "skip_gram"), hs=int(not run.negative), negative=run.negative,
        ns_exponent=run.exponent, sample=run.subsample, min_count=1, workers=1, seed=7,
    )  # fmt: skip
    occurring = Counter(word for sentence in sentences for word in sentence)
    model.build_vocab_from_freq({word: occurring[word] for word in ZIPF.tokens[3:] if word in occurring})
    kept, _ = model.train(sentences, total_words=len(zipf.ids), epochs=2, compute_loss=True)
    np.testing.assert_array_equal(fit.vectors[3:], model.wv[fit.vocabulary.tokens[3:]])
    assert np.mean(fit.losses) == pytest.approx(model.get_latest_training_loss() / kept, rel=0.01)


@pytest.mark.parametrize("change", [{"exponent": 0.0}, {"window": 2}, {"subsample": 1e-3}, {"negative": 2}, {"negative": 0}])
def test_every_setting_changes_the_vectors(zipf, change: dict) -> None:
    run = Word2VecRun(corpus="zipf", dimension=8, epochs=1, subsample=1e-2)
    first, second = (train_word2vec([zipf], ZIPF, one, 1).vectors for one in (run, run.model_copy(update=change)))
    assert (first != second).any()


def test_bytes_do_not_depend_on_the_hash_seed(zipf, tmp_path: Path) -> None:
    np.save(tmp_path / "ids.npy", zipf.ids)
    np.save(tmp_path / "offsets.npy", zipf.offsets)
    code = """
import hashlib, numpy, sys
from rnnpipe.embeddings.word2vec import train_word2vec
from rnnpipe.params import Word2VecRun
from rnnpipe.text.encoded import EncodedSplit
from rnnpipe.text.vocabulary import RESERVED, Vocabulary
split = EncodedSplit(numpy.load("ids.npy"), numpy.load("offsets.npy"), None, None)
vocabulary = Vocabulary([*RESERVED, *(f"w{number}" for number in range(3, 301))], [0] * 301)
fit = train_word2vec([split], vocabulary, Word2VecRun(corpus="zipf", dimension=8, epochs=1), 1)
print(hashlib.sha256(fit.vectors.tobytes()).hexdigest(), fit.losses)
"""
    outputs = {
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=tmp_path,
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(outputs) == 1


def test_several_workers_learn_the_same(corpus) -> None:
    """Not the same bytes: workers write to the same vectors without waiting. But every word is trained on, and as well."""
    one, three = (
        train_word2vec([corpus], VOCABULARY, RUN.model_copy(update={"workers": workers, "epochs": 10}), 1) for workers in (1, 3)
    )
    assert three.losses == pytest.approx(one.losses, rel=0.1)
    assert three.vocabulary == one.vocabulary


@pytest.mark.parametrize("documents", [[], [[1, 1]], [[3, 3, 3]]])
def test_a_corpus_of_one_word_is_refused(split_of, documents: list[list[int]]) -> None:
    with pytest.raises(RnnpipeError, match=r"corpus tiny: [01] words .* occur in train; Word2Vec needs at least 2: give it more"):
        train_word2vec([split_of(documents)], VOCABULARY, RUN, seed=1)
