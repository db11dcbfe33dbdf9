"""The parameter reference: a page for each section of params.yaml, made of the classes of rnnpipe.params."""

from __future__ import annotations

import ast
import inspect
import re
import textwrap
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

import schemas
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

from rnnpipe.params import NO_RESULT, Params
from rnnpipe.params.base import Strict

FOLDER = "reference/parameters"
HEAD = ["| key | allowed | default | |", "|---|---|---|---|"]


class Key(NamedTuple):
    """A value that params.yaml may hold."""

    path: str
    """Such as `sentiment.runs.<name>.network.hidden`."""
    kind: str
    """Of the entry that it stands in, where there are several; else empty."""
    model: type[Strict]
    """The class whose field it is."""
    schema: schemas.Schema
    is_required: bool

    @property
    def name(self) -> str:
        """The last part of the path."""
        return self.path.rpartition(".")[2]

    @property
    def row(self) -> str:
        """Its row of a table."""
        default = "required" if self.is_required else f"`{schemas.plain(self.schema.get('default'))}`"
        anchor = re.sub("[<> ]", "", f"{self.path}.{self.kind}" if self.kind else self.path)
        cells = [f"`{self.name}`{{ #{anchor} }}", schemas.allowed(self.schema), default, remark(self.model, self.name)]
        return "| " + " | ".join(" ".join(cell.replace("|", "\\|").split()) for cell in cells) + " |"


def on_config(config: MkDocsConfig) -> None:
    """Put the pages where the contents name their folder."""
    pages = [f"{FOLDER}/index.md", *(f"{FOLDER}/{section}.md" for section in sections())]
    for group in config.nav or []:
        for title, entries in group.items() if isinstance(group, dict) else ():
            if FOLDER in entries:
                group[title] = [{"Parameters": pages} if entry == FOLDER else entry for entry in entries]


def on_files(files: Files, config: MkDocsConfig) -> None:
    """Add a page for each section, and one that lists them."""
    files.append(File.generated(config, f"{FOLDER}/index.md", content=index()))
    for section in sections():
        files.append(File.generated(config, f"{FOLDER}/{section}.md", content=page(section)))


def sections() -> list[str]:
    """Return the sections of params.yaml that hold groups of values, in alphabetical order."""
    return sorted(name for name in Params.model_fields if len(groups(name)) > 0)


@cache
def groups(section: str) -> dict[str, list[Key]]:
    """Return path of a group of values → its keys, of a section and all that it may hold."""
    whole = Params.model_json_schema()
    found: dict[str, list[Key]] = {}
    for path, schema in schemas.objects(section, whole["properties"][section], whole["$defs"]):
        model = _classes()[schema["title"].partition("[")[0]]
        found[path] = [
            Key(
                f"{path.partition(' ')[0]}.{name}",
                path.partition(": ")[2].rstrip(")"),
                model,
                value,
                name in schema.get("required", ()),
            )
            for name, value in schema["properties"].items()
            if not any(schemas.objects("", value, whole["$defs"]))
        ]
    return {path: keys for path, keys in found.items() if keys}


def index() -> str:
    """Return the page that lists the sections."""
    whole = Params.model_json_schema()
    plain = [
        Key(name, "", Params, whole["properties"][name], name in whole["required"])
        for name in Params.model_fields
        if name not in sections()
    ]
    listed = [f"* [`{name}`]({name}.md): {remark(Params, name)}" for name in sections()]
    return "\n".join(
        [
            "# Parameters",
            "",
            "`params.yaml` holds every parameter. It is read once, before any stage runs; a key that is unknown or a value that",
            "is not allowed is refused by its whole path. A section that nobody uses may be left out. In a section with `runs`",
            "the key `defaults` holds what they have in common: any key of a run may stand there, and a run overrides it.",
            "",
            *listed,
            "",
            "Three stand by themselves:",
            "",
            *_table(plain),
        ]
    )


def page(section: str) -> str:
    """Return the page of a section."""
    lines = [f"# {section}", "", remark(Params, section), ""]
    if any(path.startswith(f"{section}.runs") for path in groups(section)):
        lines += [f"`{section}.defaults` may hold every key of a run, for all runs that do not say otherwise.", ""]
    for path, keys in groups(section).items():
        title = path.removeprefix(f"{section}.").replace("<", "‹").replace(">", "›")
        lines += [f"## {title}", "", schemas.as_yaml(inspect.getdoc(keys[0].model) or ""), "", *_table(keys), ""]
    return "\n".join(lines)


@cache
def remarks(model: type[Strict]) -> dict[str, str]:
    """Return field → the text below it, of a class and those that it comes from."""
    found: dict[str, str] = {}
    for base in reversed(model.__mro__):
        if not issubclass(base, Strict) or base is Strict or "[" in base.__name__:
            continue
        body = ast.parse(textwrap.dedent(inspect.getsource(base))).body[0]
        assert isinstance(body, ast.ClassDef)
        for field, below in zip(body.body, body.body[1:], strict=False):
            is_text = isinstance(below, ast.Expr) and isinstance(below.value, ast.Constant)
            if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name) and is_text:
                found[field.target.id] = inspect.cleandoc(below.value.value)  # type: ignore[attr-defined]
    return found


def remark(model: type[Strict], name: str) -> str:
    """Return what stands below a field, and whether a result depends on it."""
    text = schemas.as_yaml(remarks(model).get(name, ""))
    return f"{text} *No result depends on it.*" if NO_RESULT in model.model_fields[name].metadata else text


def _table(keys: list[Key]) -> list[str]:
    return ['<div class="parameters" markdown>', "", *HEAD, *(key.row for key in keys), "", "</div>"]


@cache
def _classes() -> dict[str, type[Strict]]:
    """Return name → class of everything that params.yaml may hold, of the package's own (a test's may have the same names)."""

    def below(model: type[Strict]) -> Iterator[type[Strict]]:
        yield model
        for other in model.__subclasses__():
            yield from below(other)

    package = Strict.__module__.partition(".")[0]
    return {model.__name__: model for model in below(Strict) if model.__module__.partition(".")[0] == package}
