"""A sum follows the code and nothing else: not its comments, not its layout, not the Python that reads it."""

import ast
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.common.fingerprint import Code, canonical, locked_libraries, stage_sums

ROOT = Path(__file__).parent.parent.parent.parent

PINNED = "c37dec0f3c4bde0104a00304adf26b9b847a72a1cc2c21ed016e81fae8ed73ce"
"""Sum of `stages.train` of the package below: equal under every Python and on every machine, or everybody trains again."""

FILES = {
    "__init__.py": '"""The package."""\n',
    "stages/__init__.py": "",
    "stages/train.py": '''"""Train."""
import numpy as np
from toy.params import load
from toy.layers import cells

def main(run: str, *, out: "str | None" = None, **more: int) -> None:
    """Train a run."""
    from ..tracking import live
    from toy.common.fingerprint import Code
    with live(f"{run!r:>{10}} in {out}" f" and {more=}" "…", b"\\x00", 1_000, 1e-3, None, ...) as tracker:
        cells.step(load(run)[1:, ::2])
''',
    "stages/report.py": "from toy.report import page\n",
    "layers/__init__.py": "from . import dropout\n",
    "layers/dropout.py": "SHARE = 0.5\n",
    "layers/cells.py": '''from dataclasses import dataclass

@dataclass(frozen=True)
class Cell:
    """A cell."""

    gates: int = 4
    """How many."""

async def step(x, /, y=lambda *a: (yield)):
    match x:
        case {"gate": [1, *rest], **others} if (n := len(rest)) > 2:
            return {**others, **{k: v async for k, v in rest if not k}}
        case Cell(gates=4) | None:
            raise ValueError("nö") from None
''',
    "params/__init__.py": "def load(run): ...\n",
    "tracking.py": "def live(*args): ...\n",
    "common/__init__.py": "",
    "common/fingerprint.py": "class Code: ...\n",
    "report/__init__.py": "",
    "report/page.py": "import jinja2\n",
    "report/style.css": "body {color: black}\n",
    "report/py.typed": "",
}  # fmt: skip


@pytest.fixture
def package(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        path = tmp_path / "toy" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path / "toy"


def sums(package: Path) -> tuple[str, str]:
    """The sums of both stages."""
    code = Code(package, {"numpy": ("numpy==2.4.6",), "jinja2": ("jinja2==3.1.6",)})
    return code.sum(["toy.stages.train"]), code.sum(["toy.stages.report"])


def test_the_sum_is_pinned(package: Path) -> None:
    assert sums(package)[0] == PINNED


@pytest.mark.parametrize("version", ["3.12", "3.13", "3.14"])
def test_another_python_takes_the_same_sum(version: str, package: Path) -> None:
    python = shutil.which(f"python{version}")
    if python is None or subprocess.run([python, "--version"], capture_output=True, check=False).returncode:
        pytest.skip(f"there is no Python {version}")
    ask = (
        "import pathlib; from rnnpipe.common.fingerprint import Code;"
        f"print(Code(pathlib.Path({str(package)!r}), {{'numpy': ('numpy==2.4.6',)}}).sum(['toy.stages.train']));"
        "print(Code().sum(['rnnpipe.stages.write_report', 'rnnpipe.cli']))"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    done = subprocess.run([python, "-c", ask], capture_output=True, text=True, check=True, env=environment)
    assert done.stdout.split() == [PINNED, Code(ROOT / "src/rnnpipe").sum(["rnnpipe.stages.write_report", "rnnpipe.cli"])]


def test_a_stage_is_its_imports_the_packages_around_them_included(package: Path) -> None:
    code = Code(package)
    assert code.closure(["toy.stages.train"]) == {
        "toy", "toy.stages", "toy.stages.train", "toy.layers", "toy.layers.cells", "toy.layers.dropout", "toy.common"
    }  # fmt: skip
    assert code.named("python -m toy.stages.train --task toy.layers.cells --out data/toy") == [
        "toy.layers.cells",
        "toy.stages.train",
    ]
    with pytest.raises(RnnpipeError, match=r"toy.stages.trian: no such module"):
        code.named("python -m toy.stages.trian")


def test_a_package_that_looks_through_its_folder_is_all_that_lies_there(package: Path) -> None:
    (package / "layers/__init__.py").write_text("from pkgutil import iter_modules\nfound = list(iter_modules(__path__))\n")
    assert {"toy.layers.dropout", "toy.layers.cells"} <= Code(package).closure(["toy.layers"])


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("stages/train.py", '"""Train a run."""', "# a remark\n    "),
        ("stages/train.py", "def main(run: str,", "def main(\n    run: str,  # which\n   "),
        ("stages/train.py", '"…"', '\'…\''),
        ("layers/cells.py", '    """How many."""\n', ""),
        ("layers/cells.py", "2:\n", "(2) :  # two\n\n"),
        ("layers/dropout.py", "0.5", "0.50"),
        ("params/__init__.py", "...", "return run"),
        ("tracking.py", "...", "return 1"),
        ("common/fingerprint.py", "...", "x = 1"),
        ("report/py.typed", "", "x"),
    ],
)  # fmt: skip
def test_what_changes_nothing_changes_no_sum(file: str, old: str, new: str, package: Path) -> None:
    before = sums(package)
    change(package / file, old, new)
    assert sums(package) == before


@pytest.mark.parametrize(
    ("file", "old", "new", "changed"),
    [
        ("layers/cells.py", "gates: int = 4", "gates: int = 3", (True, False)),
        ("layers/cells.py", "> 2", ">= 2", (True, False)),
        ("layers/dropout.py", "0.5", "0.4", (True, False)),
        ("layers/__init__.py", "dropout", "cells", (True, False)),
        ("stages/train.py", "{10}", "{11}", (True, False)),
        ("stages/train.py", "None, ...", "..., None", (True, False)),
        ("stages/__init__.py", "", "x = 1", (True, True)),
        ("report/page.py", "jinja2", "numpy", (False, True)),
        ("report/style.css", "black", "white", (False, True)),
    ],
)
def test_a_change_of_code_changes_the_stages_that_run_it(
    file: str, old: str, new: str, changed: tuple[bool, bool], package: Path
) -> None:
    before = sums(package)
    change(package / file, old, new)
    assert tuple(new != old for old, new in zip(before, sums(package), strict=True)) == changed


def test_another_version_of_a_library_is_another_sum(package: Path) -> None:
    old, new = (Code(package, {"numpy": (f"numpy=={version}",)}) for version in ("2.4.6", "2.4.7"))
    assert old.sum(["toy.stages.train"]) != new.sum(["toy.stages.train"])
    assert old.sum(["toy.stages.report"]) == new.sum(["toy.stages.report"])


def test_libraries_have_the_versions_of_the_lock(tmp_path: Path) -> None:
    (tmp_path / "lock").write_text(
        "# packages\ntorch==2.13.0+cpu\nscikit_learn==1.9.1 ; python_version > '3'\nPyYAML==6.0.3 \\\n"
    )
    libraries = locked_libraries(tmp_path / "lock")
    assert libraries["torch"] == ("torch==2.13.0",)
    assert libraries["sklearn"] == ("scikit-learn==1.9.1",)
    assert libraries["yaml"] == ("pyyaml==6.0.3",)
    assert libraries["numpy"] == ()


def test_sums_of_a_declaration(package: Path, tmp_path: Path) -> None:
    (tmp_path / "dvc.yaml").write_text(
        "stages:\n  one: {cmd: python -m toy.stages.train}\n  many: {foreach: [a], do: {cmd: python -m toy.stages.report}}\n"
        "  both: {cmd: [python -m toy.stages.train, python -m toy.stages.report]}\n  other: {cmd: echo}\n"
    )
    found = stage_sums(tmp_path / "dvc.yaml", Code(package))
    assert list(found) == ["one", "many", "both"]
    assert len(set(found.values())) == 3


def test_texts_of_an_f_string_are_cut_in_one_way() -> None:
    halves = ast.JoinedStr([ast.Constant("a"), ast.Constant(""), ast.Constant("b")])
    assert canonical(halves) == canonical(ast.JoinedStr([ast.Constant("ab")]))
    assert canonical(ast.parse('f"{x:}"')) == canonical(ast.parse('f"{x}"'))


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1) if old else new, encoding="utf-8")
