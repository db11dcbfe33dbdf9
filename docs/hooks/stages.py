"""The reference of the stages, made of dvc.yaml."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from ruamel.yaml import YAML

PAGE = "reference/stages.md"
INTRODUCTION = """# Stages

`dvc.yaml` declares them all. `dvc repro` runs them one after the other, `snakemake --cores N` side by side. A stage of a run
or of a corpus is named `stage@name`, such as `train_sentiment@lstm`. Beside what stands here each depends on the sum of its code,
`data/code/<stage>`, and on its entries of `data/params.json`, which `check` writes before all others.
"""


def on_files(files: Files, config: MkDocsConfig) -> None:
    """Add the page."""
    stages = YAML(typ="safe").load(Path(config.config_file_path).with_name("dvc.yaml"))["stages"]
    files.append(File.generated(config, PAGE, content="\n".join([INTRODUCTION, *sections(stages)])))


def sections(stages: dict[str, Any]) -> Iterator[str]:
    """Yield the lines of all stages."""
    for name, entry in stages.items():
        stage = entry.get("do", entry)
        yield from (f"## {name}", "", f"{entry.get('desc') or stage['desc']}.", "")
        reads = [path for path in stage.get("deps", ()) if not path.startswith("data/code/")]
        rows = {
            "one for each": _each(entry),
            "parameters": _listed(_parameters(stage.get("params", ()))),
            "reads": _listed(reads),
            "writes": _listed([*stage.get("outs", ()), *stage.get("metrics", ())]),
            "takes": ", ".join(f"{key}: {value}" for key, value in stage.get("meta", {}).items() if key != "priority"),
        }
        yield from [*(f"* **{what}** {told}" for what, told in rows.items() if told), ""]


def _each(entry: dict[str, Any]) -> str:
    over = [entry["foreach"]] if "foreach" in entry else list(entry.get("matrix", {}).values())
    return " × ".join(f"`{re.sub(r'[${}]', '', path)}`" for path in over)


def _parameters(declared: Any) -> list[str]:
    """Return the keys of params.yaml, of which each stands in data/params.json too, with its defaults."""
    names = [name for entry in declared for name in ([entry] if isinstance(entry, str) else entry["data/params.json"])]
    return list(dict.fromkeys(names))


def _listed(paths: list[Any]) -> str:
    names = [path if isinstance(path, str) else next(iter(path)) for path in paths]
    return ", ".join(f"`{re.sub(r'[$][{](?:item[.])?([^}]*)[}]', _named, name)}`" for name in names)


def _named(found: re.Match[str]) -> str:
    name = {"key": "name", "item": "corpus"}.get(found[1], found[1])
    return f"<{name.rpartition('.')[2]}>"
