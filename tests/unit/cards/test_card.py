import json
import re
from pathlib import Path
from typing import Any

import pytest
from small_runs import KINDS, TASKS, saved_model, small_run

from rnnpipe.cards import example_text, model_card, write_cards
from rnnpipe.params import Params

HISTORY = (
    {"epoch": 1, "validation_loss": 0.4, "validation_accuracy": 90.0, "validation_f1": 90.0, "validation_perplexity": 3.0},
    {"epoch": 2, "validation_loss": 0.5, "validation_accuracy": 80.0, "validation_f1": 80.0, "validation_perplexity": 4.0},
)
OPINIONS = {"kind": "opinion", "train": 1, "valid": 1, "test": 1}
DOWNLOAD = {
    "file": "a.zip",
    "urls": ["https://host/a.zip"],
    "checksums": [f"md5:{32 * '0'}"],
    "extract": {},
    "licence": "by agreement",
}


def params(runs: dict[str, dict[str, Any]], **sections: Any) -> Params:
    corpora = {kind: {"format": kind, "splits": {"train": "a", "valid": "b"}, "licence": "CC | BY"} for kind in KINDS.values()}
    common = {"seed": 1, "embeddings": {"random": {"kind": "random", "dimension": 6}}, "report": {"title": ""}}
    document = {**common, "corpora": corpora, **{task: {"runs": entries} for task, entries in runs.items()}, **sections}
    return Params.model_validate_json(json.dumps(document))


def run_of(task: str, **changes: Any) -> dict[str, Any]:
    entry: dict[str, Any] = json.loads(small_run(task, corpus=KINDS[task], **changes).model_dump_json())
    return entry


def card(folder: Path, task: str, metrics: dict[str, float] | None = None, sections: Any = None, **changes: Any) -> str:
    saved_model(folder / "models" / task / "gru", task, HISTORY, corpus=KINDS[task], **changes)
    if metrics:
        (folder / "reports" / task / "gru").mkdir(parents=True)
        (folder / "reports" / task / "gru/metrics.json").write_text(json.dumps(metrics))
    made = params({task: {"gru": run_of(task, **changes)}}, **(sections or {}))
    return model_card(made, task, "gru", folder / "models", folder / "reports")


@pytest.mark.parametrize("task", TASKS)
def test_the_card_of_every_task(task: str, tmp_path: Path) -> None:
    text = card(tmp_path, task)
    assert text.startswith(f"# gru: {task.replace('_', ' ')} on `{KINDS[task]}`\n")
    titles = re.findall(r"^## (.*)$", text, re.MULTILINE)
    assert titles == ["Data", "Figures", "Training", "Intended use", "Limits", "How to use it"]
    assert "Licence: CC \\| BY." in text
    assert "epoch 1 of 2" in text
    assert "12 words in the vocabulary" in text
    assert "files in `data/raw/" in text
    assert f"models:/{task}-{KINDS[task]}@champion" in text
    assert not re.search(r"None\.|\n\n\n| \n|Undefined", text)


def test_equal_files_give_equal_cards_wherever_they_lie(tmp_path: Path) -> None:
    assert card(tmp_path / "a", "ner") == card(tmp_path / "b", "ner")


def test_figures_have_intervals(tmp_path: Path) -> None:
    text = card(tmp_path, "sentiment", {"accuracy.test": 75.0, "documents.test": 8, "macro_f1.test": 70.0})
    assert "| test | accuracy | 75.00 % | 40.93 to 92.85 |" in text
    assert "| test | macro F1 | 70.00 % | – |" in text
    assert "* accuracy: Wilson's, from the counts" in text
    assert "* without an interval:" in text


def test_figures_of_another_model_are_left_out(tmp_path: Path) -> None:
    card(tmp_path, "sentiment", {"accuracy.test": 75.0, "documents.test": 8})
    made = params({"sentiment": {"gru": run_of("sentiment")}})
    text = model_card(made, "sentiment", "gru", tmp_path / "models", tmp_path / "reports", evaluated=False)
    assert "75.00" not in text


@pytest.mark.parametrize(
    ("sections", "told"),
    [
        ({"grammars": {"labelled": OPINIONS}}, "drawn from the grammar `opinion`"),
        ({"grammars": {"labelled": OPINIONS}}, "of no use on real text"),
        (
            {"downloads": {"labelled": DOWNLOAD}},
            "`a.zip`, from <https://host/a.zip>. Licence: CC \\| BY (of the download: by agreement)",
        ),
        ({"downloads": {"labelled": {**DOWNLOAD, "urls": []}}}, "gives it out by licence only"),
        ({"grammars": {"text": OPINIONS}, "shared": {"labelled": "text"}}, "drawn from the grammar `opinion`"),
        (
            {"joined": {"labelled": {"first": "text", "second": "columns", "splits": {"text": [], "columns": []}}}},
            "`text` and `columns`",
        ),
    ],
)
def test_the_origin_of_the_data_is_told(sections: dict[str, Any], told: str, tmp_path: Path) -> None:
    assert told in card(tmp_path, "sentiment", sections=sections)


def test_limits_of_the_regime_are_told(tmp_path: Path) -> None:
    assert "the last 5 words" in card(tmp_path / "a", "sentiment", max_length=5)
    assert "depends on those before it" in card(tmp_path / "b", "language_model", batching="stream")


def test_sizes_of_the_splits_are_told(tmp_path: Path) -> None:
    folder = tmp_path / "reports/vocabulary/text"
    folder.mkdir(parents=True)
    splits = {name: {"tokens": 240, "oov_rate": 1.5, "coverage": 98.5} for name in ("test", "train", "more", "validation")}
    (folder / "metrics.json").write_text(json.dumps({"size": 15, "splits": splits}))
    text = card(tmp_path, "language_model")
    assert re.findall(r"^\| (\w+) \| 240 \| 1.50 % \|$", text, re.MULTILINE) == ["train", "validation", "test", "more"]
    assert "training texts have 10 words on average" in text


def test_each_training_in_the_parameters_gets_a_card_and_nothing_else(tmp_path: Path) -> None:
    for path, task in (("sentiment/gru", "sentiment"), ("long_term/gru/one", "long_term"), ("ner/former", "ner")):
        saved_model(tmp_path / "models" / path, task, HISTORY, corpus=KINDS.get(task, "text"))
    long = {"corpus": "text", "embedding": "random", "trials": {"one": {"learning_rate": 0.1, "seed": 1}}}
    long["runs"] = {"gru": {"network": {"cell": "gru", "hidden": 6}}}
    made = params({"sentiment": {"gru": run_of("sentiment"), "waits": run_of("sentiment")}}, long_term=long)
    target = tmp_path / "cards"
    target.mkdir()
    (target / "old.md").touch()
    write_cards(made, tmp_path / "reports", tmp_path / "models", target)
    found = sorted(path.relative_to(target).as_posix() for path in target.rglob("*") if path.is_file())
    assert found == ["long_term/gru/one.md", "sentiment/gru.md"]


def test_the_example_is_of_words_that_shell_and_json_pass_on(tmp_path: Path) -> None:
    (tmp_path / "vocabulary.tsv").write_text('<pad>\t0\n<unk>\t0\n<eos>\t0\n"\t9\nthe\t8\n$x\t7\ncat\t6\n')
    assert example_text(tmp_path) == "the cat"
    (tmp_path / "vocabulary.tsv").write_text("<pad>\t0\n<unk>\t0\n<eos>\t0\n.\t9\n,\t8\n")
    assert example_text(tmp_path) == "."
