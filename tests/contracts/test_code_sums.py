"""Which stages a change in the package's own code makes stale: those that run it, and no other."""

import shutil
from pathlib import Path

import pytest
from imports import ROOT, all_modules, imported_names

import rnnpipe
from rnnpipe.common.fingerprint import Code, stage_sums

BEFORE = stage_sums(ROOT / "dvc.yaml", Code(ROOT / "src/rnnpipe"))
NETWORKS = ("train_", "evaluate_", "measure_clipping", "embed_context", "verify_")
"""How the names of stages begin that build networks; `evaluate_embeddings` builds none."""


@pytest.fixture
def package(tmp_path: Path) -> Path:
    return shutil.copytree(ROOT / "src/rnnpipe", tmp_path / "rnnpipe", ignore=shutil.ignore_patterns("__pycache__"))


def changed(package: Path) -> set[str]:
    after = stage_sums(ROOT / "dvc.yaml", Code(package))
    return {name for name in BEFORE if after[name] != BEFORE[name]}


def test_a_remark_anywhere_makes_nothing_stale(package: Path) -> None:
    for path in package.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        path.write_text(f'# Remark.\n{text}\n\n"""A text that nobody reads."""\n# Another.\n', encoding="utf-8")
    assert changed(package) == set()


@pytest.mark.parametrize("file", ["layers/cells/frame.py", "layers/cells/mogrifier.py", "layers/linear_recurrence.py"])
def test_a_change_in_the_cells_makes_those_stale_that_build_networks(file: str, package: Path) -> None:
    append(package / file, "GATES = 5")
    stale = changed(package) - {"check"}  # no stage depends on that sum
    assert stale >= {name for name in BEFORE if name.startswith("train_")}
    assert {name for name in stale if not name.startswith(NETWORKS)} == set()
    assert "evaluate_embeddings" not in stale


@pytest.mark.parametrize("suffix", [".py", ".css", ".yaml", ".jinja"])
def test_a_change_in_the_report_makes_the_report_stale(suffix: str, package: Path) -> None:
    append(sorted((package / "report").rglob(f"*{suffix}"))[-1], "x = 1")
    assert changed(package) == {"write_report"}


@pytest.mark.parametrize("room", ["params", "tracking", "cli", "runner"])
def test_what_no_result_depends_on_makes_nothing_stale(room: str, package: Path) -> None:
    for path in (package / room).rglob("*.py"):
        append(path, "x = 1")
    assert changed(package) <= {"check"}


def test_the_door_for_peoples_programs_is_in_no_sum_and_no_stage_goes_through_it(package: Path) -> None:
    append(package / "__init__.py", "from rnnpipe.layers import cells\nx = 1")
    append(package / "api.py", "x = 1")
    assert changed(package) == set()
    behind = {f"rnnpipe.{name}" for name in rnnpipe.__all__}
    assert [name for name in all_modules() if name != "rnnpipe" and imported_names(name) & behind] == []


@pytest.mark.parametrize("module", [name for name in all_modules() if not name.startswith("rnnpipe.params")])
def test_no_number_of_a_result_stands_in_the_parameters_code(module: str) -> None:
    """It would be neither a value that a stage depends on nor a part of its sum."""
    names = {name for name in imported_names(module) if name.startswith("rnnpipe.params.")}
    assert {name for name in names if name.rpartition(".")[2].isupper()} == set()


def append(path: Path, line: str) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.write(f"\n{line}\n")
