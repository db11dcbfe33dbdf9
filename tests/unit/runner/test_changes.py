"""Why a stage is stale, in a few words for each kind of change."""

from types import SimpleNamespace
from typing import Any

import pytest

from rnnpipe.runner import changes as module
from rnnpipe.runner.changes import changes

LOCKED: dict[str, Any] = {
    "params.yaml": {"ner.runs.lstm": {"network": {"cell": "lstm"}, "seed": 1}},
    "data/params.json": {"ner.runs.lstm": "abc", "seed": 1},
}
FILES: dict[str, str | None] = {"data/code/train_ner": "c0de", "data/encoded/x": "e0"}


@pytest.fixture(autouse=True)
def params(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "is_parameter", lambda item: item.def_path in LOCKED)


def stage(is_new: bool = False, cmd_changed: bool = False) -> Any:
    items = [
        SimpleNamespace(def_path=path, hash_info=SimpleNamespace(value=value)) for path, value in {**LOCKED, **FILES}.items()
    ]
    outs = [SimpleNamespace(hash_info=None if is_new else "0")]
    return SimpleNamespace(addressing="train_ner@lstm", cmd="python", cmd_changed=cmd_changed, deps=items, outs=outs)


def after(files: dict[str, str | None] | None = None, **params: dict[str, Any]) -> list[str]:
    named = {"yaml": "params.yaml", "json": "data/params.json"}
    return changes(stage(), {**FILES, **(files or {})}, {**LOCKED, **{named[name]: value for name, value in params.items()}})


def test_nothing_has_changed() -> None:
    assert after() == []


def test_a_parameter_with_both_values() -> None:
    changed = {"ner.runs.lstm": {"network": {"cell": "gru", "layers": 2}, "seed": 1}}
    told = after(yaml=changed, json={"ner.runs.lstm": "abd", "seed": 1})
    assert told == ["changed parameter: network.cell lstm → gru, network.layers – → 2"], "the sum of the same entry says no more"


def test_a_default_is_told_by_its_entry() -> None:
    assert after(json={"ner.runs.lstm": "abd", "seed": 2}) == ["changed parameter: ner.runs.lstm, seed"]


def test_code_and_inputs() -> None:
    assert after({"data/code/train_ner": "c1"}) == ["changed code: data/code/train_ner"]
    assert after({"data/encoded/x": "e1"}) == ["changed input: data/encoded/x"]
    assert after({"data/encoded/x": None}) == [], "nobody knows yet"


def test_a_stage_that_never_ran_and_one_of_another_command() -> None:
    assert changes(stage(is_new=True), FILES, LOCKED) == ["new"]
    assert changes(stage(cmd_changed=True), FILES, LOCKED) == ["changed command: python"]
