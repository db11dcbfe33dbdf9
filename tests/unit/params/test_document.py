"""A wrong parameter file is refused in one line that names file, key and what is allowed."""

import re
from pathlib import Path

import pytest

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.params import load_params

ROOT = Path(__file__).parent.parent.parent.parent


SHARED = "shared:  # corpus: the one whose raw files it takes, to cut them into words in another way\n  opinions-bare: opinions"


@pytest.fixture
def text() -> str:
    return (ROOT / "presets/sample.yaml").read_text(encoding="utf-8")


def refuse(tmp_path: Path, text: str) -> str:
    path = tmp_path / "params.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(RnnpipeError) as caught:
        load_params(path)
    message = str(caught.value)
    assert "\n" not in message
    assert message.startswith(str(path))
    return message


def test_the_sample_is_read(text: str, tmp_path: Path) -> None:
    path = tmp_path / "params.yaml"
    path.write_text(text, encoding="utf-8")
    assert load_params(path).sentiment.runs


def test_unknown_section(text: str, tmp_path: Path) -> None:
    assert "unheard_of_key: unknown key" in refuse(tmp_path, text + "\nunheard_of_key: 3\n")


def test_unknown_default(text: str, tmp_path: Path) -> None:
    wrong = text.replace("sentiment:\n  defaults:\n", "sentiment:\n  defaults:\n    hiden: 3\n")
    assert "sentiment.defaults.hiden" in refuse(tmp_path, wrong)


def test_wrong_type(text: str, tmp_path: Path) -> None:
    message = refuse(tmp_path, re.sub(r"learning_rate: *[0-9.e-]+", "learning_rate: fast", text, count=1))
    assert "learning_rate" in message
    assert "'fast'" in message


@pytest.mark.parametrize("rate", [".nan", "-0.1", "0.0", '"1e-3"'])
def test_learning_rate_out_of_range(rate: str, text: str, tmp_path: Path) -> None:
    assert "learning_rate" in refuse(tmp_path, re.sub(r"learning_rate: *[0-9.e-]+", f"learning_rate: {rate}", text, count=1))


def test_unknown_corpus_of_a_run(text: str, tmp_path: Path) -> None:
    message = refuse(tmp_path, re.sub(r"(lstm: \{corpus: )\w+", r"\1nowhere", text, count=1))
    assert "'nowhere' is not one of" in message


def test_duplicate_key_names_its_line(text: str, tmp_path: Path) -> None:
    assert re.search(r"params.yaml:\d+: ", refuse(tmp_path, text + "\nseed: 2\n"))


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(RnnpipeError, match="rnnpipe preset sample"):
        load_params(tmp_path / "params.yaml")


@pytest.mark.parametrize("shards", ["[]", "[2]", "[1, 3]", "[0, 1]", "[1, 1]"])
def test_counting_shards_count_from_one(shards: str, text: str, tmp_path: Path) -> None:
    assert "counting_shards" in refuse(tmp_path, text.replace("counting_shards: [1]", f"counting_shards: {shards}"))


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        (
            "{first: features, second: opinions, splits: {features: [train]}}",
            "splits: must name the splits of first and of second",
        ),
        ("{first: features, second: features, splits: {features: [train]}}", "two different corpora"),
        ("{first: features, second: nowhere, splits: {features: [train], nowhere: [train]}}", "'nowhere' is not one of"),
    ],
)
def test_a_joined_corpus_names_two_corpora_and_their_splits(entry: str, told: str, text: str, tmp_path: Path) -> None:
    assert told in refuse(tmp_path, text.replace("joined: {}", f"joined: {{both: {entry}}}"))


def test_a_joined_corpus_has_one_source(text: str, tmp_path: Path) -> None:
    entry = "{first: memory, second: opinions, splits: {memory: [train], opinions: [train]}}"
    message = refuse(tmp_path, text.replace("joined: {}", f"joined: {{features: {entry}}}"))
    assert "'features' stands in two of downloads, grammars, joined and shared" in message


@pytest.mark.parametrize("window", ["0", "-1", "1.5"])
def test_a_window_holds_at_least_one_word(window: str, text: str, tmp_path: Path) -> None:
    assert "cooccurrence.features.window" in refuse(
        tmp_path, text.replace("features: {window: 5}", f"features: {{window: {window}}}")
    )


def test_a_corpus_takes_the_raw_files_of_another(text: str, tmp_path: Path) -> None:
    path = tmp_path / "params.yaml"
    entry = "  small: {format: text, splits: {train: train.txt}, lowercase: true, licence: MIT}\n"
    path.write_text(text.replace("\ncorpora:\n", f"\ncorpora:\n{entry}").replace(SHARED, "shared: {small: features}"))
    corpora = load_params(path).corpora
    assert (corpora["small"].raw, corpora["features"].raw) == ("features", None)


@pytest.mark.parametrize(
    ("shared", "told"),
    [
        ("{nowhere: features}", "shared: 'nowhere' is not one of"),
        ("{features: opinions}", "'features' stands in two of"),
        ("{small: small}", "shared.small: 'small' has no raw files of its own"),
        ("{small: other, other: features}", "shared.small: 'other' has no raw files of its own"),
    ],
)
def test_shared_files_belong_to_somebody(shared: str, told: str, text: str, tmp_path: Path) -> None:
    entry = "{format: text, splits: {train: train.txt}, licence: MIT}"
    more = f"\ncorpora:\n  small: {entry}\n  other: {entry}\n"
    assert told in refuse(tmp_path, text.replace("\ncorpora:\n", more).replace(SHARED, f"shared: {shared}"))


def test_an_entry_does_not_say_raw_itself(text: str, tmp_path: Path) -> None:
    entry = "  small: {format: text, raw: features, splits: {train: train.txt}, licence: MIT}\n"
    message = refuse(tmp_path, text.replace("\ncorpora:\n", f"\ncorpora:\n{entry}"))
    assert "corpora.small.raw: stands in the section shared: write `shared: {small: features}`" in message


@pytest.mark.parametrize("bad", ["unit: file", "hold_out: {test: 0.1}"])
def test_kept_blank_lines_are_documents_of_their_own_split(bad: str, text: str, tmp_path: Path) -> None:
    entry = f"  small: {{format: text, blank_lines: keep, {bad}, splits: {{train: train.txt}}, licence: MIT}}\n"
    assert "blank_lines: keep is for" in refuse(tmp_path, text.replace("\ncorpora:\n", f"\ncorpora:\n{entry}"))
