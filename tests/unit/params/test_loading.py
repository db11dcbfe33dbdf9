"""Defaults reach into groups of fields, sections may be left out, and what a result does not depend on is told apart."""

from pathlib import Path
from typing import Annotated, Any

import pytest

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.params import NO_RESULT, find, load_params
from rnnpipe.params.base import Count, Strict
from rnnpipe.params.loading import _merged, _refuse_unknown

LEAST = "seed: 1\nreport: {title: small}\n"


class Network(Strict):
    cell: str
    hidden: Count = 8


class Trainer(Strict):
    epochs: Count = 5
    checkpoint_minutes: Annotated[Count, NO_RESULT] = 10


class Nested(Strict):
    network: Network
    trainer: Trainer = Trainer()
    rates: tuple[float, ...] = (0.1,)
    others: dict[str, Trainer] = {}


def read(folder: Path, text: str) -> Path:
    path = folder / "params.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_sections_that_are_not_used_may_be_left_out(tmp_path: Path) -> None:
    params = load_params(read(tmp_path, LEAST))
    assert params.corpora == params.sentiment.runs == {}


def test_defaults_and_runs_combine_in_groups_too() -> None:
    defaults = {"network": {"hidden": 64, "dropout": {"input": 0.1}}, "epochs": 3}
    run = {"network": {"cell": "lstm", "dropout": {"output": 0.2}}, "epochs": 4}
    assert _merged(defaults, run) == {
        "network": {"hidden": 64, "cell": "lstm", "dropout": {"input": 0.1, "output": 0.2}},
        "epochs": 4,
    }
    assert defaults["network"] == {"hidden": 64, "dropout": {"input": 0.1}}


@pytest.mark.parametrize(
    ("defaults", "told"),
    [
        ({"netwrok": {}}, "ner.defaults.netwrok: unknown key"),
        ({"network": {"hiden": 3}}, "ner.defaults.network.hiden: unknown key"),
    ],
)
def test_an_unknown_default_is_named_by_its_whole_path(defaults: dict[str, object], told: str) -> None:
    with pytest.raises(RnnpipeError, match=told):
        _refuse_unknown("ner.defaults", defaults, Nested)


@pytest.mark.parametrize(
    ("section", "told"),
    [
        ("sentiment: {defaults: 3}", "sentiment.defaults: must hold names"),
        ("sentiment: {runs: [a]}", "sentiment.runs: must hold names"),
        ("sentiment: {defaults: {epoch: 3}}", "sentiment.defaults.epoch: unknown key"),
        ("sentiment: {runs: {a: 3}}", "sentiment.runs.a"),
        ("sentiment: 3", "sentiment: must hold keys with their values, not 3"),
        ("sentiment: [a]", "sentiment: must hold keys with their values"),
        ("sentiment:", r"sentiment: nothing stands there; write `sentiment: \{\}`, or leave the section out"),
        ("joined:", r"joined: nothing stands there; write `joined: \{\}`"),
        ("counting_shards:", "counting_shards: Input should be"),
        ("sentiment: {runs: }", r"sentiment.runs: nothing stands there; write `runs: \{\}`, or leave it out"),
        ("sentiment: {runs: abc}", "sentiment.runs: must hold names with their values, not 'abc'"),
        ("corpora: {Big: {format: text, splits: {train: a}, licence: b}}", "a name has small letters, digits, - and _"),
        ("corpora: {small: {splits: {train: a}, licence: b}}", "corpora.small: 'format' is missing"),
        ("corpora: {%s: {format: text, splits: {train: a}, licence: b}}" % ("a" * 101), "at most 100 characters"),
        ('"a\\nb": 3', "a b: unknown key"),
        (
            "ner: {runs: {a: {corpus: c, embedding: e, network: {cell: rnn, hidden: [a]}}}}",
            "hidden.0: Input should be a valid integer",
        ),
        (
            "ner: {runs: {a: {corpus: c, embedding: e, network: {cell: rnn, hidden: 1000000000}}}}",
            "hidden: Input should be less than or equal to 100000, not 1000000000",
        ),
        ('sentiment: {defaults: {"a\\nb": 3}}', "sentiment.defaults.a b: unknown key"),
    ],
)
def test_a_section_of_another_form_is_refused_by_name(section: str, told: str, tmp_path: Path) -> None:
    with pytest.raises(RnnpipeError, match=told) as caught:
        load_params(read(tmp_path, LEAST + section))
    assert "\n" not in str(caught.value)


def test_resolved_values_have_the_defaults_and_not_what_is_no_part_of_a_result() -> None:
    value = Nested(network=Network(cell="lstm"), others={"a": Trainer(epochs=2, checkpoint_minutes=1)})
    assert value.resolved() == {
        "network": {"cell": "lstm", "hidden": 8},
        "trainer": {"epochs": 5},
        "rates": [0.1],
        "others": {"a": {"epochs": 2}},
    }


def test_an_entry_s_sum_follows_its_values_and_not_what_is_no_part_of_a_result() -> None:
    def sums(**trainer: Any) -> dict[str, Any]:
        return Nested(network=Network(cell="lstm"), others={"a": Trainer(**trainer), "b": Trainer()}).entry_sums()

    default = sums()
    assert default["rates"] == [0.1]
    assert default["network"] == {"cell": "lstm", "hidden": 8}, "a section's own fields stay readable"
    assert sums(epochs=5, checkpoint_minutes=1) == default
    assert sums(epochs=6)["others"]["b"] == default["others"]["b"]
    assert sums(epochs=6)["others"]["a"] != default["others"]["a"]


def test_an_unknown_name_is_one_line_with_those_that_there_are() -> None:
    assert find({"a": 1}, "glove.runs", "a") == 1
    with pytest.raises(RnnpipeError, match=r"^params.yaml: glove.runs.c: no such entry; there are: a, b$"):
        find({"a": 1, "b": 2}, "glove.runs", "c")
    with pytest.raises(RnnpipeError, match="there are: none"):
        find({}, "glove.runs", "c")


def test_an_alias_makes_entries_of_their_own(tmp_path: Path) -> None:
    corpora = "corpora: {a: &one {format: text, splits: {train: t.txt}, licence: MIT}, b: *one}\nshared: {b: a}\n"
    params = load_params(read(tmp_path, LEAST + corpora))
    assert (params.corpora["a"].raw, params.corpora["b"].raw) == (None, "a")
