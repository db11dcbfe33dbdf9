"""From sections to files: one self-contained HTML page, and Markdown for GitHub."""

from __future__ import annotations

from collections import Counter
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from rnnpipe.report.blocks import Figure, Matrix, Quotes, Table
from rnnpipe.report.claims import State
from rnnpipe.report.read.measurements import Measurements
from rnnpipe.report.sections import report_sections
from rnnpipe.report.verdicts import all_verdicts

STATES: tuple[State, ...] = ("holds", "shown", "does not hold", "not yet measured")


def render_html(measurements: Measurements) -> str:
    """Return the page. All text is escaped: a corpus may hold anything."""
    environment = _environment(autoescape=True)
    environment.filters["kind"] = _kind
    environment.filters["code"] = _code
    style = Markup(files("rnnpipe.report").joinpath("style.css").read_text(encoding="utf-8"))  # noqa: S704 - our own file
    return _render(environment, "index.html.jinja", measurements, style=style, Markup=Markup)


def render_markdown(measurements: Measurements) -> str:
    """Return the tables in Markdown as GitHub reads it, the claims first."""
    environment = _environment(autoescape=False)
    environment.filters["cell"] = _cell
    environment.filters["row"] = _row
    environment.filters["rule"] = _rule
    return _render(environment, "results.md.jinja", measurements)


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


def _render(environment: Environment, template: str, measurements: Measurements, **extra: object) -> str:
    counts = Counter(verdict.state for _, verdict in all_verdicts(measurements))
    summary = [(state, counts[state]) for state in STATES if counts[state]]
    sections = report_sections(measurements)
    title = measurements.params.report.title
    return environment.get_template(template).render(title=title, sections=sections, summary=summary, **extra)


def _kind(block: Table | Figure | Matrix | Quotes) -> str:
    return type(block).__name__


def _code(text: str) -> Markup:
    """Escape a text, and set what stands between backticks as code."""
    parts = text.split("`")
    if len(parts) % 2 == 0:
        return Markup("{}").format(text)
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


def _row(cells: tuple[str, ...]) -> str:
    return "| " + " | ".join(_cell(cell) for cell in cells) + " |"


def _rule(table: Table) -> str:
    return "|" + "|".join("---:" if index in table.numbers else "---" for index in range(len(table.headings))) + "|"
