"""Forms of language models that adapt, chosen on validation, and mixtures; each under a name of its own."""

import json
import math
from pathlib import Path

import numpy as np
import pytest
from small_corpora import small_corpus
from small_runs import saved_model

from rnnpipe.baselines.ngram import NgramModel
from rnnpipe.common.errors import RnnpipeError
from rnnpipe.evaluation.adapted import beginning, cached, dynamic, loss
from rnnpipe.evaluation.language_model import report
from rnnpipe.evaluation.mixed import mixture_metrics
from rnnpipe.evaluation.perplexities import perplexity_of, word_scores
from rnnpipe.evaluation.scored import ScoredSplits
from rnnpipe.inference import TrainedLanguageModel, open_model
from rnnpipe.inference.adaptive import cache_log_probabilities, dynamic_log_probabilities, with_cache
from rnnpipe.params import CacheGrid, DynamicGrid
from rnnpipe.text.encoded import EncodedCorpus

CACHE = CacheGrid(window=30, thetas=(0.1, 1.0), weights=(0.05, 0.4))
DYNAMIC = DynamicGrid(learning_rates=(0.05, 0.5, 500.0), decays=(0.0, 0.1), segment=4, words=None)


@pytest.fixture
def corpus(tmp_path: Path) -> EncodedCorpus:
    return small_corpus(tmp_path / "corpus")


@pytest.fixture
def model(tmp_path: Path) -> TrainedLanguageModel:
    saved_model(tmp_path / "model", "language_model", batching="stream")
    return TrainedLanguageModel(open_model(tmp_path / "model", "cpu"))


def bigrams(corpus: EncodedCorpus) -> NgramModel:
    train = corpus.split("train")
    return NgramModel.fit([train.document(index) for index in range(len(train))], len(corpus.vocabulary), order=2)


def test_the_cache_is_chosen_on_validation_alone(corpus: EncodedCorpus, model: TrainedLanguageModel) -> None:
    static = word_scores(model, corpus)
    found = cached(model, corpus, static, CACHE)
    tried = {}
    for theta in CACHE.thetas:
        (alone,) = cache_log_probabilities(model, corpus.split("valid"), CACHE.window, (theta,))
        for weight in CACHE.weights:
            tried[theta, weight] = perplexity_of(with_cache(static["valid"], alone, weight))
    best = min(tried, key=lambda pair: tried[pair])
    assert found.metrics["perplexity.cache.validation"] == pytest.approx(tried[best])
    assert (found.metrics["cache.theta"], found.metrics["cache.weight"]) == best
    (alone,) = cache_log_probabilities(model, corpus.split("test"), CACHE.window, best[:1])
    expected = perplexity_of(with_cache(static["test"], alone, best[1]))
    assert found.metrics["perplexity.cache.test"] == pytest.approx(expected)


def test_dynamic_evaluation_is_chosen_on_validation_alone(corpus: EncodedCorpus, model: TrainedLanguageModel) -> None:
    found = dynamic(model, corpus, ["valid", "test"], DYNAMIC)
    tried = {
        (rate, decay): loss(dynamic_log_probabilities(model, corpus.split("valid"), rate, decay, 4))
        for rate in DYNAMIC.learning_rates
        for decay in DYNAMIC.decays
    }
    best = min(tried, key=lambda pair: tried[pair])
    assert (found.metrics["dynamic.learning_rate"], found.metrics["dynamic.decay"]) == best
    expected = perplexity_of(dynamic_log_probabilities(model, corpus.split("test"), *best, 4))
    assert found.metrics["perplexity.dynamic.test"] == pytest.approx(expected)
    assert math.isfinite(expected)


def test_what_went_astray_is_never_chosen() -> None:
    assert loss(np.array([-1.0, np.nan])) == math.inf > loss(np.array([-1.0, -2.0])) == 3.0


def test_the_beginning_of_a_split_ends_with_a_document(corpus: EncodedCorpus) -> None:
    split = corpus.split("valid")
    for words in (1, 5, 20):
        part = beginning(split, words)
        assert words <= len(part.ids) == part.offsets[-1] == split.offsets[len(part)]
        assert len(part) == 1 or part.offsets[-2] < words
    assert beginning(split, None) is split is beginning(split, 10_000)


def test_three_forms_stand_in_three_columns_and_files(tmp_path: Path, corpus: EncodedCorpus, model: TrainedLanguageModel) -> None:
    made = report(model.trained, corpus, 1, CACHE, DYNAMIC.model_copy(update={"words": 9}), surprisal=True)
    made.write(tmp_path / "report", tmp_path / "scored")
    metrics = json.loads((tmp_path / "report/metrics.json").read_text())
    assert len({metrics[f"perplexity.{form}test"] for form in ("", "cache.", "dynamic.")}) == 3
    assert metrics["perplexity.test"] == pytest.approx(perplexity_of(model.log_probabilities(corpus.split("test"))), rel=1e-5)
    names = {path.name for path in (tmp_path / "scored").iterdir()}
    assert names == {"test.csv"} | {
        f"{split}.{form}.npy" for split in ("valid", "test") for form in ("static", "cache", "dynamic")
    }
    assert (tmp_path / "scored/test.csv").read_text().startswith("document,word,static,cache,dynamic\n0,")
    assert 9 <= metrics["dynamic.words"] == len(np.load(tmp_path / "scored/valid.dynamic.npy"))


def scored(tmp_path: Path, corpus: EncodedCorpus, model: TrainedLanguageModel) -> Path:
    static = word_scores(model, corpus)
    forms = {"static": static, "cache": cached(model, corpus, static, CACHE).scores}
    ScoredSplits(forms).write(tmp_path / "scored/rnn")
    ScoredSplits({"static": word_scores(bigrams(corpus), corpus)}).write(tmp_path / "scored/bigrams")
    return tmp_path / "scored"


def test_a_mixture_is_fitted_on_validation_and_no_worse_there(
    tmp_path: Path, corpus: EncodedCorpus, model: TrainedLanguageModel
) -> None:
    folder = scored(tmp_path, corpus, model)
    metrics = mixture_metrics(folder, ("rnn", "bigrams"), corpus, "static")
    alone = [perplexity_of(word_scores(one, corpus)["valid"]) for one in (model, bigrams(corpus))]
    assert metrics["perplexity.validation"] <= min(alone) + 1e-3
    weights = metrics["weight.rnn"], metrics["weight.bigrams"]
    assert sum(weights) == pytest.approx(1.0)
    tests = [np.exp(word_scores(one, corpus)["test"]) for one in (model, bigrams(corpus))]
    mean = weights[0] * tests[0] + weights[1] * tests[1]
    assert metrics["perplexity.test"] == pytest.approx(math.exp(-np.log(mean).mean()), rel=1e-5)
    assert metrics["tokens.test"] == len(mean)


def test_a_mixture_with_a_cache_has_no_static_perplexity(
    tmp_path: Path, corpus: EncodedCorpus, model: TrainedLanguageModel
) -> None:
    metrics = mixture_metrics(scored(tmp_path, corpus, model), ("rnn.cache", "bigrams"), corpus, "cache")
    assert "perplexity.cache.test" in metrics
    assert "perplexity.test" not in metrics
    assert {"weight.rnn.cache", "weight.bigrams", "oov_rate.test"} <= metrics.keys()


def test_a_model_that_was_not_scored_is_told(tmp_path: Path, corpus: EncodedCorpus, model: TrainedLanguageModel) -> None:
    with pytest.raises(RnnpipeError, match=r"bigrams/valid.cache.npy: missing"):
        mixture_metrics(scored(tmp_path, corpus, model), ("rnn", "bigrams.cache"), corpus, "cache")
