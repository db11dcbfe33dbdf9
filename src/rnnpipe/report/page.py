"""From the outline to files: one self-contained HTML page, and Markdown for GitHub and the terminal."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Iterator
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from rnnpipe.report.blocks import Table
from rnnpipe.report.outline import Outline


def render_html(page: Outline) -> str:
    """Return the page. All text is escaped: a corpus may hold anything; and no script runs but our own, known by its sum."""
    environment = _environment(autoescape=True)
    environment.filters |= {"kind": lambda block: type(block).__name__, "code": _code, "markup": Markup}
    environment.globals["page"] = page  # macros see globals alone
    style, script = _own("style.css"), _own("report.js")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return environment.get_template("index.html.jinja").render(style=style, script=script, script_sum=f"sha256-{digest}")


def render_markdown(page: Outline) -> str:
    """Return the tables in Markdown as GitHub reads it, the claims first."""
    environment = _environment(autoescape=False)
    environment.filters |= {"cell": _cell, "row": _row, "headings": _headings, "rule": _rule, "cells": _cells}
    return environment.get_template("results.md.jinja").render(page=page)


def _environment(autoescape: bool) -> Environment:
    loader = PackageLoader("rnnpipe.report", package_path="")
    return Environment(
        loader=loader,
        autoescape=autoescape,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def _own(name: str) -> Markup:
    """Return a file of this package, which needs no escaping."""
    return Markup(files("rnnpipe.report").joinpath(name).read_text(encoding="utf-8"))  # noqa: S704


def _code(text: str) -> Markup:
    """Escape a text, set what stands between backticks as code, and keep percent signs with their numbers."""
    parts = text.replace(" %", "\N{NO-BREAK SPACE}%").split("`")
    if len(parts) % 2 == 0:
        return Markup("{}").format("`".join(parts))
    return Markup("").join(Markup("<code>{}</code>").format(part) if index % 2 else part for index, part in enumerate(parts))


def _cell(text: str) -> str:
    """Escape what Markdown or HTML would read as markup; pairs of backticks stay, they set code, and lines stay lines."""
    parts = text.replace("\\", "\\\\").split("`")
    if len(parts) % 2 == 0:
        parts = ["\\`".join(parts)]
    for mark in "<*_[]~":
        parts = [part if index % 2 else part.replace(mark, f"\\{mark}") for index, part in enumerate(parts)]
    escaped = "`".join(parts).replace("|", "\\|")
    return "<br>".join(" ".join(line.split()) for line in escaped.strip().split("\n"))


def _columns(table: Table) -> list[int]:
    return [column for column in range(len(table.headings)) if column not in table.page_only]


def _headings(table: Table) -> list[str]:
    return [_cell(table.headings[column]) for column in _columns(table)]


def _cells(table: Table) -> Iterator[list[str]]:
    """Yield the rows, escaped, with the best values in bold."""
    for index, row in enumerate(table.rows):
        cells = ((column, _cell(row[column])) for column in _columns(table))
        yield [f"**{cell}**" if (index, column) in table.best else cell for column, cell in cells]


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _rule(table: Table) -> str:
    return "|" + "|".join("---:" if column in table.numbers else "---" for column in _columns(table)) + "|"
