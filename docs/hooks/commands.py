"""The reference of the command `rnnpipe`, made of the command line itself."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from enum import Enum
from pathlib import Path
from types import NoneType
from typing import Annotated, Any, NamedTuple, get_args, get_origin

import typer
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

from rnnpipe.cli import app
from rnnpipe.cli.examples import KEPT

PAGE = "reference/commands.md"
NAMES = {str: "text", Path: "path", int: "integer", float: "number", bool: ""}
INTRODUCTION = """# Commands

`. .venv/bin/activate` puts `rnnpipe` on your path. Every command says what it takes with `--help`, as here; `rnnpipe --version`
says which version it is, and `rnnpipe --install-completion` teaches your shell to complete commands and options by the tab key.

| exit status | |
|---|---|
| 0 | done |
| 1 | a mistake, told in one line on standard error; a pipe that was closed; of `rnnpipe run` a stage that failed or was ended |
| 2 | a wrong command line |
| 130 | ended by Ctrl-C |
"""


def on_files(files: Files, config: MkDocsConfig) -> None:
    """Add the page."""
    files.append(File.generated(config, PAGE, content="\n".join([INTRODUCTION, *sections(app, "rnnpipe")])))


def sections(commands: typer.Typer, *above: str) -> Iterator[str]:
    """Yield the lines of all commands, those of groups last."""
    for command in commands.registered_commands:
        assert command.callback is not None
        name = " ".join([*above, command.name or command.callback.__name__])
        yield from section(name, command.callback, str(command.epilog or ""))
    for group in commands.registered_groups:
        assert group.typer_instance is not None
        yield from sections(group.typer_instance, *above, *filter(None, [group.name]))


def section(name: str, function: Callable[..., None], epilog: str) -> Iterator[str]:
    """Yield the lines of one command: its usage, a table of what it takes, its examples."""
    takes = [Taken.of(parameter) for parameter in inspect.signature(function, eval_str=True).parameters.values()]
    words = ["[OPTIONS]"] * any(one.is_option for one in takes) + [one.word for one in takes if not one.is_option]
    yield from (f"## {name}", "", inspect.getdoc(function) or "", "", "```text", " ".join([name, *words]), "```", "")
    if takes:
        rows = [f"| `{one.word}` | {one.allowed} | {one.default} | {one.help} |" for one in takes]
        yield from (
            '<div class="parameters" markdown>',
            "",
            "| | allowed | default | |",
            "|---|---|---|---|",
            *rows,
            "",
            "</div>",
            "",
        )
    if epilog:
        title, *examples = (line.strip() for line in epilog.removeprefix(KEPT).strip().splitlines())
        yield from (title, "", "```text", *examples, "```", "")


class Taken(NamedTuple):
    """An argument or an option."""

    word: str
    """As it is typed."""
    is_option: bool
    allowed: str
    default: str
    help: str

    @classmethod
    def of(cls, parameter: inspect.Parameter) -> Taken:
        """Read a parameter of a command's function; one without more is an argument."""
        kind, info = parameter.annotation, typer.models.ArgumentInfo()
        if get_origin(kind) is Annotated:
            kind, info = get_args(kind)
        is_option = isinstance(info, typer.models.OptionInfo)
        # In an annotation the first name stands where a default would.
        given = [name for name in (info.default, *(info.param_decls or ())) if isinstance(name, str) and name.startswith("--")]
        word = (given or [f"--{parameter.name.replace('_', '-')}"])[0] if is_option else parameter.name.upper()
        text, _, told = (info.help or "").partition("[default: ")
        kind = next((one for one in get_args(kind) if get_origin(one) is not None), kind)  # `list[str] | None`
        if get_origin(kind) is list:
            word, kind = f"{word}...", get_args(kind)[0]
        default = told.rstrip("]") or (_shown(parameter.default) if info.default_factory is None else "")
        if isinstance(info.show_default, str):
            default = info.show_default
        return cls(word, is_option, _allowed(kind, info), default, text.strip())


def _allowed(kind: Any, info: Any) -> str:
    if get_origin(kind) is tuple:
        return " ".join(NAMES[one] for one in get_args(kind))
    kinds = [one for one in get_args(kind) if one is not NoneType] or [kind]
    if issubclass(kinds[0], Enum):
        return ", ".join(f"`{member.value}`" for member in kinds[0])
    bounds = [f"{sign} {bound:g}" for sign, bound in (("≥", info.min), ("≤", info.max)) if bound is not None]
    return f"{NAMES[kinds[0]]} {', '.join(bounds)}".strip()


def _shown(default: Any) -> str:
    if default is inspect.Parameter.empty:
        return "required"
    if isinstance(default, bool):
        return "off"
    return "" if default in (None, "") else f"`{default.value if isinstance(default, Enum) else default}`"
