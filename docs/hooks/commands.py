"""The reference of the command `rnnpipe`, made of the command line itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from typer.main import get_command

from rnnpipe.cli import app

PAGE = "reference/commands.md"
INTRODUCTION = """# Commands

`. .venv/bin/activate` puts `rnnpipe` on your path. Every command says what it takes with `--help`, as here; a mistake is one
line and exit status 1.
"""


def on_files(files: Files, config: MkDocsConfig) -> None:
    """Add the page."""
    files.append(File.generated(config, PAGE, content="\n".join([INTRODUCTION, *sections(get_command(app), ("rnnpipe",))])))


def sections(command: Any, names: tuple[str, ...]) -> Iterator[str]:
    """Yield the lines of a command and of those below it."""
    if below := getattr(command, "commands", None):
        for name, other in below.items():
            yield from sections(other, (*names, name))
        return
    takes = [param for param in command.params if param.name != "help"]
    arguments = [param for param in takes if param.param_type_name == "argument"]
    words = ["[OPTIONS]"] * (len(arguments) < len(takes)) + [_word(argument) for argument in arguments]
    yield from (f"## {' '.join(names)}", "", command.help, "", "```text", " ".join([*names, *words]), "```", "")
    if takes:
        yield from ('<div class="parameters" markdown>', "", "| | allowed | default | |", "|---|---|---|---|")
        for param in takes:
            name = _word(param) if param in arguments else param.opts[0]
            yield f"| `{name}` | {_allowed(param.type)} | {_default(param)} | {(param.help or '').partition('  [')[0]} |"
        yield from ("", "</div>", "")


def _word(argument: Any) -> str:
    name = argument.name.upper()
    return f"{name}..." if argument.nargs == -1 else name


def _allowed(kind: Any) -> str:
    if choices := getattr(kind, "choices", None):
        return ", ".join(f"`{getattr(choice, 'value', choice)}`" for choice in choices)
    low, high = getattr(kind, "min", None), getattr(kind, "max", None)
    bounds = [f"≥ {low:g}"] * (low is not None) + [f"≤ {high:g}"] * (high is not None)
    return f"{kind.name.removesuffix(' range')} {', '.join(bounds)}".strip()


def _default(param: Any) -> str:
    """Return what is taken where nothing is said; where the help says it in words, these."""
    told = (param.help or "").partition("[default: ")[2].rstrip("]")
    if told or param.required:
        return told or "required"
    if param.is_flag:
        return "off"
    return f"`{getattr(param.default, 'value', param.default)}`" if param.default not in (None, "") else ""
