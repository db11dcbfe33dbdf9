"""One contract for all stages: declared once, under one name, with every input, and outputs that are whole or absent."""

import ast
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from imports import ROOT, all_modules, closure
from ruamel.yaml import YAML

from rnnpipe.params.document import Params

# Three stages share the section `corpora`; the others' section is the stage's name without its verb, or the one here.
SECTIONS = {
    "check_params": None,
    "fetch_corpus": "downloads",
    "generate_corpus": "grammars",
    "join_corpora": "joined",
    "tokenize": "corpora",
    "build_vocabulary": "corpora",
    "encode": "corpora",
    "merge_cooccurrence": "cooccurrence",
    "declare_embedding": "embeddings",
    "import_embedding": "imported",
    "evaluate_embeddings": "embedding_evaluation",
    "verify_equations": "seed",
}


def declared() -> dict[str, dict[str, Any]]:
    """Return stage name → declaration; of a foreach stage its template, with the mapping it runs over as `foreach`."""
    stages = YAML(typ="safe").load(ROOT / "dvc.yaml")["stages"]
    return {
        name: {**entry.get("do", entry), "foreach": entry.get("foreach") or entry.get("matrix", {}).get("corpus")}
        for name, entry in stages.items()
    }


STAGES = declared()
stage_names = pytest.mark.parametrize("name", sorted(STAGES))


def test_every_stage_file_is_declared() -> None:
    files = {path.stem for path in (ROOT / "src/rnnpipe/stages").glob("*.py")} - {"__init__"}
    assert files == set(STAGES)


@stage_names
def test_name_file_command_and_section_agree(name: str) -> None:
    stage = STAGES[name]
    assert stage["cmd"].startswith(f"python -m rnnpipe.stages.{name} ")
    section = SECTIONS[name] if name in SECTIONS else name.partition("_")[2]
    assert section is None or section in Params.model_fields
    if stage["foreach"]:
        assert stage["foreach"] in (f"${{{section}}}", f"${{{section}.runs}}")


@stage_names
def test_deps_name_every_module_that_is_imported(name: str) -> None:
    deps = [ROOT / dep for dep in STAGES[name]["deps"] if dep.startswith("src/")]
    modules = all_modules()
    for module in closure(f"rnnpipe.stages.{name}"):
        path = modules[module]
        if path.name == "__init__.py" and only_a_docstring(path):
            continue
        assert any(path == dep or dep in path.parents for dep in deps), f"{module} is missing in the deps of {name}"


@stage_names
def test_deps_name_nothing_that_is_not_imported(name: str) -> None:
    used = {all_modules()[module] for module in closure(f"rnnpipe.stages.{name}")}
    for dep in STAGES[name]["deps"]:
        path = ROOT / dep
        if dep.startswith("src/"):
            assert any(path == module or path in module.parents for module in used), f"{dep} is not used by {name}"


@stage_names
def test_threads_are_the_declared_ones(name: str) -> None:
    told = re.search(r"--threads (\d+)", STAGES[name]["cmd"])
    assert int(told[1] if told else 1) == (STAGES[name].get("meta") or {}).get("threads", 1)


@stage_names
def test_every_stage_says_what_it_is(name: str) -> None:
    assert STAGES[name]["desc"]
    tree = ast.parse(all_modules()[f"rnnpipe.stages.{name}"].read_text(encoding="utf-8"))
    assert (ast.get_docstring(tree) or "").startswith(f"Stage {name}: ")


@stage_names
def test_a_stage_without_arguments_says_what_it_wants(name: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", f"rnnpipe.stages.{name}"], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 2
    assert "required" in done.stderr
    assert "Traceback" not in done.stderr


def only_a_docstring(path: Path) -> bool:
    """Whether a module holds no code: then it cannot change what a stage does."""
    return all(isinstance(node, ast.Expr) for node in ast.parse(path.read_text(encoding="utf-8")).body)
