"""One contract for the models of every task as MLflow serves them: the command line's answers, reasons for what is no text."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from mlflow.exceptions import MlflowException
from mlflow.pyfunc import PyFuncModel, load_model
from small_runs import TASKS, saved_model

from rnnpipe.inference import open_model
from rnnpipe.serving import label_texts, score_texts, tag_texts
from rnnpipe.tracking.served_directory import save_served_model

ANSWERS: dict[str, Callable[[Any, Sequence[str]], list[Any]]] = {
    "language_model": score_texts,
    "ner": tag_texts,
    "sentiment": label_texts,
}
FIELDS = {
    "language_model": {
        "log_probability": "double",
        "perplexity": "double",
        "surprisals": "array",
        "unknown": "long",
        "words": "array",
    },
    "ner": {"guess": "boolean", "spans": "array", "tags": "array", "unknown": "long", "words": "array"},
    "sentiment": {
        "guess": "boolean",
        "label": "string",
        "length": "long",
        "probabilities": "map",
        "probability": "double",
        "unknown": "long",
    },
}
"""Task → field of an answer → its type."""
TEXTS = ["w1 w2 w3", "", "w4", "unheard-of words w5", "w1\nw2\tw3", " ".join(f"w{number % 12}" for number in range(2000))]

tasks = pytest.mark.parametrize("task", TASKS)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Model directories in `trained/<task>`, and as MLflow serves them in `served/<task>`."""
    folder = tmp_path_factory.mktemp("models")
    for task in TASKS:
        saved_model(folder / "trained" / task, task)
        save_served_model(folder / "served" / task, task, folder / "trained" / task)
    return folder


@pytest.fixture
def served(folder: Path, task: str, monkeypatch: pytest.MonkeyPatch) -> PyFuncModel:
    monkeypatch.setenv("MLFLOW_ALLOW_PICKLE_DESERIALIZATION", "false")
    return load_model(str(folder / "served" / task))


@tasks
def test_answers_are_those_of_the_model_directory(served: PyFuncModel, folder: Path, task: str) -> None:
    trained = open_model(folder / "trained" / task)
    for texts in ([text] for text in TEXTS):
        assert served.predict(texts) == ANSWERS[task](trained, texts)
    assert served.predict(TEXTS) == ANSWERS[task](trained, TEXTS)


@tasks
def test_no_text_has_no_answer(served: PyFuncModel, task: str) -> None:
    assert served.predict([]) == []


@tasks
def test_a_column_of_texts_is_a_batch(served: PyFuncModel, task: str) -> None:
    assert served.predict(pd.DataFrame({"text": TEXTS[:3]})) == served.predict(TEXTS[:3])


@tasks
def test_the_signature_says_what_goes_in_and_comes_out(served: PyFuncModel, task: str) -> None:
    signature = served.metadata.signature
    assert [column["type"] for column in signature.inputs.to_dict()] == ["string"]
    (answer,) = signature.outputs.to_dict()
    assert {name: field["type"] for name, field in answer["properties"].items()} == FIELDS[task]
    assert len(served.predict(served.input_example)) == 1


@tasks
@pytest.mark.parametrize("request_", [None, "w1", {"text": "w1"}, [None], ["w1", 2], [["w1"]], ["w1", "half a pair \ud800"]])
def test_what_is_no_list_of_texts_is_refused_with_a_reason(served: PyFuncModel, task: str, request_: Any) -> None:
    with pytest.raises(MlflowException, match=r"Expected|text 2, character 13: not Unicode") as refused:
        served.predict(request_)
    assert refused.value.get_http_status_code() == 400
    assert "\n" not in refused.value.message
