"""What stands in the pages is true of the project: links lead somewhere, values are allowed, messages are those of the code."""

import ast
import re
from functools import cache, reduce
from pathlib import Path

import pytest
from pages import PAGES, ROOT, Block, blocks, prose, read
from ruamel.yaml import YAML
from workspace import merged

from rnnpipe.params import load_params
from rnnpipe.tasks.task import check_networks

LINK = re.compile(r"!?\[[^]]*\]\(([^) ]+)(?: \"[^\"]*\")?\)")
GENERATED = ("reference/", "contributing.md")
"""Pages that are made when the site is built; `mkdocs build --strict` follows the links to them."""
LANGUAGES = {"sh", "python", "yaml", "text"}


def links(page: str) -> list[str]:
    return [target for target in LINK.findall(re.sub(r"`[^`\n]*`", "", prose(page))) if "://" not in target]


def anchors(page: Path) -> set[str]:
    """Return the anchors of a page's headings, as both the site and a Git server make them."""
    headings = re.findall(r"^#+ (.*)$", re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL), re.MULTILINE)
    return {re.sub(r"\s", "-", re.sub(r"[^\w\s-]", "", heading).strip().lower()) for heading in headings}


@pytest.mark.parametrize("page", PAGES)
def test_links_and_pictures_lead_somewhere(page: str) -> None:
    for target in links(page):
        path, _, anchor = target.partition("#")
        if not path.startswith(GENERATED):
            file = (ROOT / page).parent / path if path else ROOT / page
            assert file.exists(), f"{page}: {target}"
            assert not anchor or anchor in anchors(file), f"{page}: {target}"


def test_every_picture_is_shown() -> None:
    shown = {(ROOT / page).parent / target for page in PAGES for target in links(page)}
    assert set((ROOT / "docs").glob("*.png")) <= shown


WHOLE = "# params.yaml\n"
"""First line of a block that is a whole file."""


@pytest.mark.parametrize("page", PAGES)
def test_a_block_says_its_language(page: str) -> None:
    assert {block.where: block.language for block in blocks(page) if block.language not in LANGUAGES} == {}


@pytest.mark.parametrize(
    "block", [block for page in PAGES for block in blocks(page) if block.language == "yaml"], ids=lambda b: b.where
)
def test_parameters_are_allowed(block: Block, tmp_path: Path) -> None:
    """A block that is a whole file by its first line stands for itself; others are put into the sample, all of a page in turn."""
    yaml = YAML(typ="safe")
    params = yaml.load(block.text)
    if not block.text.startswith(WHOLE):
        parts = [one.text for one in blocks(block.page) if one.language == "yaml" and one.line <= block.line]
        parts = [text for text in parts if not text.startswith(WHOLE)]
        params = reduce(merged, map(yaml.load, parts), yaml.load(read("presets/sample.yaml")))
    with (tmp_path / "params.yaml").open("w", encoding="utf-8") as file:
        yaml.dump(params, file)
    params = load_params(tmp_path / "params.yaml")
    check_networks(params)
    params.entry_sums()


def test_paths_and_files_of_the_package_exist() -> None:
    """Tables name files below src/rnnpipe, or of the project."""
    for page in PAGES:
        for name in re.findall(r"`([a-z_]+(?:/[a-z_0-9]+)*/(?:[a-z_0-9]+\.py)?)`", prose(page)):
            own = name.startswith(("data/", "embeddings/", "models/", "reports/scored/", "site/", "mlartifacts/"))
            if not own and "my_" not in name:
                assert any((folder / name).exists() for folder in (ROOT, ROOT / "src/rnnpipe", ROOT / "tests", ROOT / "docs")), (
                    f"{page}: {name}"
                )


OF_STREAMS = {"perplexity.cache.test", "perplexity.dynamic.test"}
"""Metrics that the sample's models of sentences have not."""


def test_metrics_that_are_explained_are_measured() -> None:
    measured = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "reports").glob("*/*/metrics.json"))
    keys = re.findall(r"^[^:\n]*\(`([a-z_0-9.]+)`", prose("docs/results.md"), re.MULTILINE)
    assert len(keys) > 10
    for key in keys:
        if key in OF_STREAMS:
            continue
        assert all(f'"{part}"' in measured for part in key.split(".")) or f'"{key}"' in measured, key


# --- messages

OTHERS = {
    "make: rnnpipe: No such file or directory": "of make",
    "rnnpipe: command not found": "of the shell",
    "Parameters 'sentiment.runs.lstm-wide' are missing from 'data/params.json'.": "of DVC",
    "Key 'layers' is not in struct": "of OmegaConf, which DVC uses",
    "Unable to acquire lock": "of DVC",
    "Could not find 'item.embedding'": "of DVC",
    "Unsupported value of type 'date'": "of DVC",
}


@cache
def templates() -> list[re.Pattern[str]]:
    """Return every text of the package that has a message's length, as an expression; `{…}` of an f-string fits anything."""
    found = []
    for path in (ROOT / "src").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            parts = node.values if isinstance(node, ast.JoinedStr) else [node]
            texts = [part.value if isinstance(part, ast.Constant) and isinstance(part.value, str) else None for part in parts]
            if sum(len(text or "") for text in texts) >= 12:
                found.append("".join(".+?" if text is None else re.sub("%[sd]", ".+?", re.escape(text)) for text in texts))
    return [re.compile(text) for text in found]


def quoted() -> list[str]:
    terms = re.findall(r"^(`.*`)\n:   ", read("docs/troubleshooting.md"), re.MULTILINE)
    return [message for term in terms for message in re.findall(r"``(.*?) ?``", term) or re.findall(r"`([^`]+)`", term)]


@pytest.mark.parametrize("message", [one for one in quoted() if one not in OTHERS])
def test_messages_that_are_explained_are_those_of_the_code(message: str) -> None:
    fits = max((len(match[0]) for template in templates() if (match := template.search(message))), default=0)
    fits = max(fits, len(message) * (message in read("Makefile")))
    assert fits >= 0.6 * len(message), "the package has no such message"


def test_messages_of_others_are_still_explained() -> None:
    assert set(OTHERS) <= set(quoted())
