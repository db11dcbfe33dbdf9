"""One contract for all stages: declared once, under one name, with the code and the parameters that they read."""

import ast
import os
import re
import subprocess
import sys
from collections import ChainMap
from pathlib import Path
from typing import Any

import pytest
from imports import ROOT, all_modules
from ruamel.yaml import YAML

from rnnpipe.common.fingerprint import Code
from rnnpipe.params.document import Params

CODE = Code(ROOT / "src/rnnpipe")
# Three stages share the section `corpora`; the others' section is the stage's name without its verb, or the one here.
SECTIONS = {
    "check": None,
    "fetch_corpus": "downloads",
    "generate_corpus": "grammars",
    "join_corpora": "joined",
    "share_corpus": "shared",
    "tokenize": "corpora",
    "build_vocabulary": "corpora",
    "encode": "corpora",
    "merge_cooccurrence": "cooccurrence",
    "declare_embedding": "embeddings",
    "import_embedding": "imported",
    "embed_context": "contextual",
    "evaluate_embeddings": "embedding_evaluation",
    "verify_equations": "seed",
}


SHARED = {"train", "evaluate"}
"""Files of the stages `train_<task>` and `evaluate_<task>`, whose commands name the task's module."""


def declared() -> dict[str, dict[str, Any]]:
    """Return stage name → declaration; of a foreach stage its template, with the mapping it runs over as `foreach`."""
    stages = YAML(typ="safe").load(ROOT / "dvc.yaml")["stages"]
    return {
        name: {**entry.get("do", entry), "foreach": entry.get("foreach") or next(iter(entry.get("matrix", {}).values()), None)}
        for name, entry in stages.items()
    }


STAGES = declared()
stage_names = pytest.mark.parametrize("name", sorted(STAGES))


def file_of(name: str) -> str:
    """Return the stage's file, by its command."""
    found = re.match(r"python -m rnnpipe\.stages\.(\w+) ", STAGES[name]["cmd"])
    assert found
    return found[1]


def test_every_stage_file_is_declared() -> None:
    files = {path.stem for path in (ROOT / "src/rnnpipe/stages").glob("*.py")} - {"__init__"}
    assert files == {file_of(name) for name in STAGES}


@stage_names
def test_name_file_command_and_section_agree(name: str) -> None:
    stage = STAGES[name]
    section = SECTIONS[name] if name in SECTIONS else name.partition("_")[2]
    if file_of(name) in SHARED:
        rooms = {"train": "tasks", "evaluate": "evaluation"}
        assert name == f"{file_of(name)}_{section}"
        assert f" --task rnnpipe.{rooms[file_of(name)]}.{section} " in stage["cmd"]
    else:
        assert name == file_of(name)
    assert section is None or section in Params.model_fields
    if stage["foreach"]:
        assert stage["foreach"] in (f"${{{section}}}", f"${{{section}.runs}}")


@stage_names
def test_code_is_declared_by_its_sum(name: str) -> None:
    stage = STAGES[name]
    assert f"rnnpipe.stages.{file_of(name)}" in CODE.named(stage["cmd"])
    inside = [dep for dep in stage["deps"] if dep.startswith(("src", "data/code"))]
    whole = {"check": "src/rnnpipe", "write_report": "data/code"}
    assert inside == [whole.get(name, f"data/code/{name}")]


@stage_names
def test_parameters_are_declared_where_they_are_read_and_nowhere_else(name: str) -> None:
    resolved, raw = declared_params(STAGES[name])
    assert {key.split(".")[0] for key in resolved} == sections_read_by(name)
    own = {key for key in resolved if "${" in key or key in ("counting_shards", "long_term.trials")}
    assert set(raw) == own, "its own entry stands in both files"


def declared_params(stage: dict[str, Any]) -> tuple[list[str], list[str]]:
    """Return the keys of data/params.json and those of params.yaml that a stage declares."""
    listed = stage.get("params", [])
    resolved = [key for entry in listed if isinstance(entry, dict) for key in entry["data/params.json"]]
    return resolved, [key for entry in listed if isinstance(entry, str) for key in [entry]]


def sections_read_by(name: str) -> set[str]:
    """Return the sections of params.yaml that a stage's file takes from `load_params()`."""
    nodes = list(ast.walk(ast.parse(all_modules()[f"rnnpipe.stages.{file_of(name)}"].read_text(encoding="utf-8"))))
    read = {node.attr for node in nodes if isinstance(node, ast.Attribute) and is_params(node.value)}
    runs = [node for node in nodes if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)]
    asked = [node.args[0] for node in runs if node.func.attr == "run" and is_params(node.func.value)]
    named = {node.value if isinstance(node, ast.Constant) else name.partition("_")[2] for node in asked}
    return (read | named) & Params.model_fields.keys()


def is_params(node: ast.expr) -> bool:
    if isinstance(node, ast.Call):
        return isinstance(node.func, ast.Name) and node.func.id == "load_params"
    return isinstance(node, ast.Name) and node.id == "params"


@stage_names
def test_threads_are_the_declared_ones(name: str) -> None:
    told = re.search(r"--threads (\d+)", STAGES[name]["cmd"])
    assert int(told[1] if told else 1) == (STAGES[name].get("meta") or {}).get("threads", 1)


@stage_names
def test_gpus_are_the_declared_ones(name: str) -> None:
    told = re.search(r"--gpus (\d+)", STAGES[name]["cmd"])
    if file_of(name) != "train":  # asks for as many as its run has devices
        assert int(told[1] if told else 0) == (STAGES[name].get("meta") or {}).get("gpu", 0)


def test_trainings_start_before_the_rest() -> None:
    priorities = {name: (stage.get("meta") or {}).get("priority", 0) for name, stage in STAGES.items()}
    assert all(priority > 0 for name, priority in priorities.items() if name.startswith("train_"))


def test_declaration_and_snakefile_stay_small() -> None:
    assert len((ROOT / "dvc.yaml").read_text(encoding="utf-8").splitlines()) <= 420
    assert len((ROOT / "Snakefile").read_text(encoding="utf-8").splitlines()) <= 70
    assert (ROOT / "stages.yaml").resolve() == ROOT / "dvc.yaml"


def test_sections_that_may_be_left_out_are_filled_in() -> None:
    filled = dict(ChainMap(*YAML(typ="safe").load(ROOT.joinpath("dvc.yaml"))["vars"]))
    looped = {stage["foreach"].strip("${}").split(".")[0] for stage in STAGES.values() if stage["foreach"]}
    assert looped == set(filled)
    optional = {name for name, field in Params.model_fields.items() if not field.is_required()}
    assert set(filled) == optional - {"counting_shards", "registry"}, "of these two dvc.yaml needs a list, and nothing"


@stage_names
def test_every_stage_says_what_it_is(name: str) -> None:
    assert STAGES[name]["desc"]
    tree = ast.parse(all_modules()[f"rnnpipe.stages.{file_of(name)}"].read_text(encoding="utf-8"))
    assert (ast.get_docstring(tree) or "").startswith(f"Stage {file_of(name)}: ")


# Run by Python at its start: it says at the end how many threads each library took that the stage had imported.
ASK_THREADS = """
import atexit, sys
def tell():
    torch = sys.modules.get("torch")
    from threadpoolctl import threadpool_info
    print([pool["num_threads"] for pool in threadpool_info()] + ([torch.get_num_threads()] if torch else []))
atexit.register(tell)
"""


@pytest.mark.parametrize("name", sorted({file_of(name) for name in STAGES}))
def test_a_stage_without_arguments_says_what_it_wants_and_takes_its_threads_alone(name: str, tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(ASK_THREADS, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": f"{tmp_path}:{ROOT / 'src'}", "OMP_NUM_THREADS": "2", "OPENBLAS_NUM_THREADS": "2"}
    done = subprocess.run(
        [sys.executable, "-m", f"rnnpipe.stages.{name}"],
        capture_output=True, text=True, timeout=120, check=False, env=environment,
    )  # fmt: skip
    assert done.returncode == 2
    assert "required" in done.stderr
    assert "Traceback" not in done.stderr
    assert set(ast.literal_eval(done.stdout)) <= {1}
