"""What people's own programs import from rnnpipe."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from small_corpora import LABELS, TAGS
from small_runs import saved_model

import rnnpipe
from rnnpipe.cli.texts import generate_sentences, predict_labels, predict_tags, score_sentences
from rnnpipe.embeddings.vectors import complete, save_vectors
from rnnpipe.text.vocabulary import Vocabulary

TEXTS = ["w1 w2 w3", "w9", ""]


def test_a_classifier(tmp_path: Path) -> None:
    saved_model(tmp_path / "a", "sentiment")
    model = rnnpipe.load_model(tmp_path / "a")
    assert isinstance(model, rnnpipe.Classifier)
    assert model.labels == list(LABELS)
    assert model.predict(TEXTS) == predict_labels(tmp_path / "a", TEXTS)
    found = model.probabilities(TEXTS)
    assert found.shape == (3, len(LABELS))
    np.testing.assert_allclose(found.sum(axis=1), 1, rtol=1e-5)


def test_a_tagger(tmp_path: Path) -> None:
    saved_model(tmp_path / "a", "ner")
    model = rnnpipe.load_model(str(tmp_path / "a"), device="cpu")
    assert isinstance(model, rnnpipe.Tagger)
    assert set(model.tags) == set(TAGS)
    assert model.predict(TEXTS) == predict_tags(tmp_path / "a", TEXTS)


@pytest.mark.parametrize("task", ["language_model", "long_term"])
def test_a_language_model(task: str, tmp_path: Path) -> None:
    saved_model(tmp_path / "a", task)
    model = rnnpipe.load_model(tmp_path / "a")
    assert isinstance(model, rnnpipe.LanguageModel)
    assert model.score(TEXTS) == score_sentences(tmp_path / "a", TEXTS)
    assert model.generate(3, start="w1", seed=2) == generate_sentences(tmp_path / "a", "w1", 3, 1.0, 2)


def test_what_is_no_model_or_of_an_unknown_task_is_refused(tmp_path: Path) -> None:
    with pytest.raises(rnnpipe.RnnpipeError, match="not the directory of a trained model"):
        rnnpipe.load_model(tmp_path)
    with pytest.raises(rnnpipe.RnnpipeError, match="nowhere"):
        rnnpipe.load_vectors(tmp_path / "nowhere")
    saved_model(tmp_path / "a", "ner")
    config = (tmp_path / "a/config.json").read_text(encoding="utf-8")
    (tmp_path / "a/config.json").write_text(config.replace('"task": "ner"', '"task": "toy"'), encoding="utf-8")
    with pytest.raises(rnnpipe.RnnpipeError):
        rnnpipe.load_model(tmp_path / "a")


def test_word_vectors(tmp_path: Path) -> None:
    vocabulary = Vocabulary(["<pad>", "<unk>", "<eos>", "king", "queen"], [0, 0, 0, 2, 1])
    numbers = complete(np.array([[1.0, 0.1], [1.0, 0.0]], dtype=np.float32))
    save_vectors(tmp_path, vocabulary, numbers, {"kind": "glove"}, {"word": numbers[:, :1]})
    assert [word for word, _ in rnnpipe.load_vectors(str(tmp_path)).neighbours("king")] == ["queen"]
    assert rnnpipe.load_vectors(tmp_path, "word").vectors.shape == (5, 1)


def test_every_name_is_there_and_no_other() -> None:
    assert all(getattr(rnnpipe, name) for name in rnnpipe.__all__)
    assert set(rnnpipe.__all__) <= set(dir(rnnpipe))
    with pytest.raises(AttributeError, match="unheard_of"):
        rnnpipe.unheard_of  # noqa: B018


def test_importing_the_package_loads_nothing_else() -> None:
    code = "import json, sys; before = set(sys.modules); import rnnpipe; print(json.dumps(sorted(set(sys.modules) - before)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert [name for name in json.loads(done.stdout) if name.partition(".")[0] not in sys.stdlib_module_names] == ["rnnpipe"]
