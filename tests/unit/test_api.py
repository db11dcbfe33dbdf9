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
from rnnpipe.embeddings.vectors import complete, save_vectors
from rnnpipe.inference import open_model
from rnnpipe.serving import draw_texts, label_texts, score_texts, tag_texts
from rnnpipe.text.vocabulary import Vocabulary

TEXTS = ["w1 w2 w3", "w9", ""]


def test_a_classifier(tmp_path: Path) -> None:
    saved_model(tmp_path / "a", "sentiment")
    model = rnnpipe.load_model(tmp_path / "a")
    assert isinstance(model, rnnpipe.Classifier)
    assert model.labels == list(LABELS)
    assert model.predict(TEXTS) == label_texts(open_model(tmp_path / "a"), TEXTS)
    assert model.predict([["w1", "w2", "w3"]]) == model.predict(["w1 w2 w3"])
    found = model.probabilities(TEXTS)
    assert found.shape == (3, len(LABELS))
    np.testing.assert_allclose(found.sum(axis=1), 1, rtol=1e-5)


def test_a_tagger(tmp_path: Path) -> None:
    saved_model(tmp_path / "a", "ner")
    model = rnnpipe.load_model(str(tmp_path / "a"), device="cpu")
    assert isinstance(model, rnnpipe.Tagger)
    assert set(model.tags) == set(TAGS)
    assert model.tag(TEXTS) == tag_texts(open_model(tmp_path / "a"), TEXTS)
    assert model.predict(TEXTS) == [list(zip(found.words, found.tags, strict=True)) for found in model.tag(TEXTS)]
    assert model.vectors.find("w1") is not None


@pytest.mark.parametrize("task", ["language_model", "long_term"])
def test_a_language_model(task: str, tmp_path: Path) -> None:
    saved_model(tmp_path / "a", task)
    model = rnnpipe.load_model(tmp_path / "a")
    assert isinstance(model, rnnpipe.LanguageModel)
    trained = open_model(tmp_path / "a")
    assert model.score(TEXTS) == score_texts(trained, TEXTS)
    assert model.generate(3, start="w1", seed=2) == [one.text for one in draw_texts(trained, 3, "w1", 2)]
    assert model.generate(3, top_k=1) == model.generate(3, top_p=1e-9, seed=2)
    with pytest.raises(rnnpipe.RnnpipeError, match="temperature"):
        model.generate(temperature=float("nan"))


def test_one_text_is_no_list_of_texts(tmp_path: Path) -> None:
    saved_model(tmp_path / "a", "sentiment")
    with pytest.raises(rnnpipe.RnnpipeError, match="one text, where a list of texts is meant"):
        rnnpipe.load_model(tmp_path / "a").predict("w1 w2")


def test_what_is_no_model_or_of_an_unknown_task_is_refused(tmp_path: Path) -> None:
    with pytest.raises(rnnpipe.RnnpipeError, match="not the directory of a trained model"):
        rnnpipe.load_model(tmp_path)
    with pytest.raises(rnnpipe.RnnpipeError, match="a file"):
        rnnpipe.load_vectors(__file__)
    with pytest.raises(rnnpipe.RnnpipeError, match="a file"):
        rnnpipe.load_model(__file__)
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
