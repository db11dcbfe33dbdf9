"""The shape of the house: imports go one way, files stay small, each heavy library has one door."""

import ast
import re
import subprocess
from pathlib import Path

import pytest
from imports import ROOT, all_modules, closure, imported_names, imports, third_party

from rnnpipe.params import load_params

# From what everything may use to what uses everything; a package imports from its own row and from rows above it.
FLOORS = [
    ["common"],
    ["params", "music"],
    ["corpora", "text", "runner"],
    ["batches", "metrics"],
    ["layers"],
    ["heads"],
    ["embeddings"],
    ["models", "verification"],
    ["tasks", "baselines", "report", "cards"],
    ["inference", "training"],
    ["evaluation", "serving"],
    ["tracking", "api"],
    ["stages", "cli"],
]


def floor(module: str) -> int:
    package = module.split(".")[1]
    return next(number for number, row in enumerate(FLOORS) if package in row)


def package_modules() -> list[str]:
    return [name for name in all_modules() if "." in name]


@pytest.mark.parametrize("module", package_modules())
def test_imports_go_one_way(module: str) -> None:
    for used in imports(module) - {"rnnpipe"}:
        own, other = module.split(".")[1], used.split(".")[1]
        assert own == other or floor(used) < floor(module), f"{module} imports {used}"


@pytest.mark.parametrize("module", package_modules())
def test_files_and_functions_stay_small(module: str) -> None:
    text = all_modules()[module].read_text(encoding="utf-8")
    assert text.count("\n") <= (60 if module.startswith("rnnpipe.stages.") else 200)
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef):
            assert node.end_lineno is not None
            assert node.end_lineno - node.lineno < 45, node.name


@pytest.mark.parametrize(
    ("library", "doors"),
    [
        ("mlflow", {"rnnpipe.tracking"}),
        ("gensim", {"rnnpipe.embeddings.word2vec"}),
        ("dvc", {"rnnpipe.runner", "rnnpipe.tracking", "rnnpipe.cli"}),
    ],
)
def test_a_heavy_library_has_one_door(library: str, doors: set[str]) -> None:
    users = {name for name in package_modules() if any(part.split(".")[0] == library for part in imported_names(name))}
    assert {name for name in users if not any(name == door or name.startswith(door + ".") for door in doors)} == set()


@pytest.mark.parametrize("module", [name for name in package_modules() if name.startswith("rnnpipe.stages.")])
def test_only_training_imports_lightning(module: str) -> None:
    stage = module.split(".")[2]
    assert ("pytorch_lightning" in third_party(module)) == (stage == "train")


def test_nothing_is_pickled() -> None:
    for name, path in all_modules().items():
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"pickle\.load|weights_only=False|joblib\.load|allow_pickle=True|\.load\(.*mmap=", text), name


@pytest.mark.parametrize("preset", sorted((ROOT / "presets").glob("*.yaml")), ids=lambda path: path.stem)
def test_presets_are_whole_parameter_files(preset: Path) -> None:
    load_params(preset)


def test_the_committed_params_are_the_sample() -> None:
    committed = subprocess.run(["git", "show", "HEAD:params.yaml"], cwd=ROOT, capture_output=True, check=True).stdout
    assert committed == (ROOT / "presets/sample.yaml").read_bytes()


def test_closure_follows_imports() -> None:
    assert {"rnnpipe.common.files", "rnnpipe.params.base"} <= closure("rnnpipe.stages.check")
