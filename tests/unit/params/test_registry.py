"""The registry may be left out, refuses what does not exist, and makes no result stale."""

from pathlib import Path

import pytest

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.params import Gate, load_params

LEAST = "seed: 1\nreport: {title: small}\n"


def read(folder: Path, registry: str = "") -> Path:
    path = folder / "params.yaml"
    path.write_text(f"{LEAST}registry: {{{registry}}}\n" if registry else LEAST, encoding="utf-8")
    return path


def test_all_of_it_may_be_left_out(tmp_path: Path) -> None:
    registry = load_params(read(tmp_path)).registry
    assert registry.tasks == ("language_model", "ner", "sentiment")
    assert registry.gate("ner") == Gate()


def test_gates_are_by_task(tmp_path: Path) -> None:
    registry = load_params(read(tmp_path, "gates: {sentiment: {metric: macro_f1, required: 80.0, margin: 0.5}}")).registry
    assert registry.gate("sentiment") == Gate(metric="macro_f1", required=80.0, margin=0.5)
    assert registry.gate("ner") == Gate()


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("tasks: [sentiments]", r"registry: tasks\.0: 'sentiments' is not one of language_model, long_term, sentiment, ner"),
        ("gates: {long_term: {}}", r"registry: gates\.long_term: is none of the tasks that are registered; name it in tasks"),
        ("gates: {ner: {metric: perplexity}}", r"registry: gates\.ner\.metric: 'perplexity' is not one of f1, accuracy, loss"),
        ("gates: {ner: {margin: -1.0}}", r"registry\.gates\.ner\.margin: "),
        ("gates: {ner: {required: .nan}}", r"params.yaml:3: '.nan' is not a number that can be used"),
        ("gates: {ner: {minimum: 1.0}}", r"registry\.gates\.ner\.minimum: unknown key"),
        ("alias: best", r"registry\.alias: unknown key"),
    ],
)
def test_a_mistake_is_one_line_with_its_key(given: str, told: str, tmp_path: Path) -> None:
    with pytest.raises(RnnpipeError, match=told) as refused:
        load_params(read(tmp_path, given))
    assert "\n" not in str(refused.value)


def test_no_result_depends_on_it(tmp_path: Path) -> None:
    assert load_params(read(tmp_path, "tasks: []")).resolved() == load_params(read(tmp_path)).resolved()
