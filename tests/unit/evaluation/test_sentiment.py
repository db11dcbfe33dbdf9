import json
from pathlib import Path

import numpy as np
import pytest
from small_corpora import small_corpus
from small_runs import saved_model

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.common.files import read_json, write_json
from rnnpipe.evaluation.sentiment import report
from rnnpipe.evaluation.sentiment_report import score_classifier
from rnnpipe.evaluation.splits import floor, known_truth
from rnnpipe.inference import open_model
from rnnpipe.text.encoded import EncodedCorpus, EncodedSplit


def by_last_word(split: EncodedSplit) -> np.ndarray:
    """The rule that the small corpus' labels follow."""
    yes = split.ids[split.offsets[1:] - 1] >= 9
    return np.where(yes[:, None], [0.25, 0.75], [0.75, 0.25])


def test_the_right_rule_is_always_right(tmp_path: Path) -> None:
    corpus = small_corpus(tmp_path / "corpus", "labelled")
    score_classifier(by_last_word, corpus, {"parameters": 3}).write(tmp_path / "report")
    metrics = json.loads((tmp_path / "report" / "metrics.json").read_text())
    assert metrics["accuracy.test"] == metrics["macro_f1.validation"] == 100.0
    assert metrics["documents.test"] == 8
    assert metrics["parameters"] == 3
    assert "accuracy.train" not in metrics
    predictions = (tmp_path / "report" / "predictions.csv").read_text().splitlines()
    assert predictions[0] == "document,actual,predicted,probability,text"
    assert len(predictions) == 9
    text = " ".join(next(corpus.words("test")))
    assert predictions[1] in (f"0,yes,yes,0.75,{text}", f"0,no,no,0.75,{text}")


def test_predictions_show_the_words_of_the_text_of_a_long_one_its_beginning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    corpus = small_corpus(tmp_path / "corpus", "labelled", unknown=["Hannover,", "Łódź"])
    found = score_classifier(by_last_word, corpus, {})
    assert " ".join(found.texts).startswith("Hannover, Łódź")
    assert list(found.texts) == [" ".join(words) for words in corpus.words("test")]
    monkeypatch.setattr("rnnpipe.evaluation.sentiment_report.SHOWN", 4)
    assert score_classifier(by_last_word, corpus, {}).texts[0] == "Hann…"


def test_documents_without_label_and_splits_without_any_are_skipped(tmp_path: Path) -> None:
    small_corpus(tmp_path / "corpus", "labelled")
    labels = np.load(tmp_path / "corpus" / "test.labels.npy")
    labels[3] = -1
    np.save(tmp_path / "corpus" / "test.labels.npy", labels)
    np.save(tmp_path / "corpus" / "valid.labels.npy", np.full(8, -1, dtype=np.int16))
    corpus = EncodedCorpus.open(tmp_path / "corpus")
    found = score_classifier(by_last_word, corpus, {})
    metrics, texts = found.metrics, [" ".join(words) for words in corpus.words("test")]
    assert metrics["documents.test"] == 7
    assert found.predictions.documents.tolist() == [0, 1, 2, 4, 5, 6, 7]
    assert list(found.texts) == [*texts[:3], *texts[4:]]
    assert "accuracy.validation" not in metrics


def test_without_test_split_the_tables_are_of_another(tmp_path: Path) -> None:
    small_corpus(tmp_path / "corpus", "labelled")
    meta = read_json(tmp_path / "corpus" / "meta.json")
    del meta["splits"]["test"]
    write_json(tmp_path / "corpus" / "meta.json", meta)
    assert len(score_classifier(by_last_word, EncodedCorpus.open(tmp_path / "corpus"), {}).predictions.documents) == 8
    del meta["splits"]["valid"]
    write_json(tmp_path / "corpus" / "meta.json", meta)
    with pytest.raises(RnnpipeError, match="no labelled split but train"):
        score_classifier(by_last_word, EncodedCorpus.open(tmp_path / "corpus"), {})


def test_truth_is_flat_and_names_the_validation_split(tmp_path: Path) -> None:
    assert known_truth(small_corpus(tmp_path / "corpus")) == {}
    known = {"bayes_accuracy": 98.0, "longer": {"valid": 97.0}, "grammar": {"kind": "opinion"}, "perplexity": {"test": 4.0}}
    corpus = small_corpus(tmp_path / "grammar", truth=known)
    assert known_truth(corpus) == {"truth.bayes_accuracy": 98.0, "truth.longer.validation": 97.0, "truth.perplexity.test": 4.0}
    assert floor(corpus) == {"test": 4.0}


def test_a_trained_model_is_asked_the_same(tmp_path: Path) -> None:
    corpus, model = small_corpus(tmp_path / "corpus", "labelled"), saved_model(tmp_path / "model", "sentiment", max_length=3)
    found = report(open_model(tmp_path / "model"), corpus, seed=0)
    assert found.metrics["parameters"] == sum(weight.numel() for weight in model.parameters())
    assert found.predictions.probabilities.min() >= 0.5
