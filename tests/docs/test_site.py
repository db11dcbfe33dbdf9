"""The site as `make docs` builds it: whole, strict, and nothing of it lies elsewhere."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from pages import ROOT
from ruamel.yaml import YAML
from typer.main import get_command

from rnnpipe.cli import app
from rnnpipe.params import Params
from rnnpipe.params.network import CELLS

sys.path.insert(0, str(ROOT / "docs/hooks"))
import parameters
import schemas
from sources import source_of


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "NO_MKDOCS_2_WARNING": "1"}
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(folder)]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout + done.stderr) == (0, ""), "`make docs` says this"
    return folder


def html(site: Path) -> dict[str, str]:
    return {path.relative_to(site).as_posix(): path.read_text(encoding="utf-8") for path in site.rglob("*.html")}


def test_nothing_is_loaded_from_elsewhere(site: Path) -> None:
    for name, text in html(site).items():
        assert re.findall(r'<(?:script|link|img|iframe)[^>]*(?:src|href)="?(?:https?:)?//[^ >"]*', text) == [], name


def test_the_contents_name_every_page(site: Path) -> None:
    home = html(site)["index.html"]
    assert "None" not in re.findall(r'<span class="md-ellipsis">\s*(.*?)\s*</span>', home)
    for name in html(site):
        assert name in ("404.html", "index.html") or f'href="{name}"' in home, name


def test_every_parameter_command_and_stage_is_in_the_reference(site: Path) -> None:
    pages = html(site)
    for section in Params.model_fields:
        page = pages.get(f"reference/parameters/{section}.html", pages["reference/parameters/index.html"])
        for keys in parameters.groups(section).values():
            assert [key.path for key in keys if f">{key.name}</code>" not in page] == []
    commands = get_command(app).commands  # type: ignore[attr-defined]
    for name in [*commands, *(f"vectors {name}" for name in commands["vectors"].commands)]:
        assert name == "vectors" or f">rnnpipe {name}<" in pages["reference/commands.html"], name
    for option in {option for one in commands.values() for taken in one.params for option in taken.opts} - {"--help"}:
        assert not option.startswith("--") or f"<code>{option}</code>" in pages["reference/commands.html"], option
    for stage in YAML(typ="safe").load(ROOT / "dvc.yaml")["stages"]:
        assert f'id="{stage}"' in pages["reference/stages.html"]


@pytest.mark.parametrize("section", Params.model_fields)
def test_every_parameter_has_a_remark(section: str) -> None:
    assert parameters.remark(Params, section)
    for keys in parameters.groups(section).values():
        assert [key.path for key in keys if not parameters.remark(key.model, key.name)] == []


@pytest.mark.parametrize(
    ("section", "path", "allowed", "default"),
    [
        ("sentiment", "sentiment.runs.<name>.network.dropout", "number ≥ 0, < 1", "`0.0`"),
        (
            "sentiment",
            "sentiment.runs.<name>.network.cell",
            ", ".join(f"`{cell}`" for cell in CELLS),
            "required",
        ),
        ("sentiment", "sentiment.runs.<name>.trainer.devices", "integer ≥ 1 or `auto`", "`auto`"),
        ("sentiment", "sentiment.runs.<name>.trainer.precision", "`32`, `bf16-mixed`", '`"32"`'),
        ("corpora", "corpora.<name>.splits", "name → text", "required"),
        ("long_term", "long_term.trials.<name>.seed", "integer", "required"),
        ("report", "report.claims.seeds", "integer ≥ 2", "`3`"),
    ],
)
def test_a_parameter_is_told_with_its_range_and_default(section: str, path: str, allowed: str, default: str) -> None:
    key = next(key for keys in parameters.groups(section).values() for key in keys if key.path == path)
    assert schemas.allowed(key.schema) == allowed
    assert f"| {default} |" in key.row


def test_formulas_are_drawn_by_the_browser_itself(site: Path) -> None:
    page = html(site)["equations.html"]
    assert page.count("<math ") > 15
    assert not re.search(r"\\[(\[]|arithmatex|<p>\[layers", page)


def test_code_in_a_page_is_that_of_the_file(site: Path) -> None:
    text = "X = 1\n\n\nclass A:\n    @property\n    def f(self) -> int:\n        return 2\n\n    y: int = 3\n"
    assert source_of(text, "A.f") == "@property\ndef f(self) -> int:\n    return 2"
    assert (source_of(text, "X"), source_of(text, "A.y")) == ("X = 1", "y: int = 3")
    with pytest.raises(KeyError):
        source_of(text, "A.g")
    plain = re.sub(r"<[^>]+>", "", html(site)["equations.html"])
    assert "torch.addmm(projected, state[0], weights[0]).tanh()" in plain
