import base64
import hashlib
import re
from pathlib import Path
from typing import ClassVar, Literal

import pytest

from rnnpipe.params import Network, Params, Run, Score
from rnnpipe.params.sections import Section
from rnnpipe.report.claims import load_claims
from rnnpipe.report.page import render_html, render_markdown
from rnnpipe.report.read.measurements import read_measurements
from rnnpipe.report.sections import report_sections


def test_equal_measurements_are_equal_bytes(workspace):
    first = render_html(workspace.page()), render_markdown(workspace.page())
    assert first == (render_html(workspace.page()), render_markdown(workspace.page()))
    assert str(workspace.root) not in "".join(first)


def test_page_needs_nothing_from_outside(workspace):
    page = render_html(workspace.page())
    assert not re.search(r"""(src|href)\s*=\s*["'](?!#|data:,)|@import|url\(|fetch|XMLHttp""", page)
    script = re.search(r"<script>(.*)</script>", page, re.DOTALL)[1]
    allowed = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'sha256-{allowed}'" in page
    assert len(page) < 5e6


@pytest.mark.parametrize("state", ["workspace", "empty_workspace"])
def test_first_line_with_an_id_is_the_line_of_its_claim(state, request):
    lines = render_markdown(request.getfixturevalue(state).page()).splitlines()
    for claim in load_claims():
        word = re.compile(rf"(^|[^a-z-]){re.escape(claim.id)}([^a-z-]|$)")
        assert next(line for line in lines if word.search(line)).startswith(f"| {claim.id} | ")


def test_every_table_is_well_formed_markdown(workspace):
    for block in render_markdown(workspace.page()).split("\n\n"):
        rows = [line for line in block.splitlines() if line.startswith("|")]
        assert len({len(re.findall(r"(?<!\\)\|", row)) for row in rows}) <= 1


def test_text_of_a_corpus_is_escaped(workspace):
    attack = "<script>alert(1)</script> {{ 7 * 7 }} | `code"
    workspace.text("reports/language_model/lstm/samples/sentences.txt", attack + "\n")
    workspace.table("reports/embeddings/glove-features/map.csv", "word,x,y", [("<script>x</script>", 1, 2), ("b", 2, 1)])
    rows = [("<script>a", 1, "|b|", 0.5), ("`<script>", 1, "`", 0.5), ("`", 1, "|<script>", 0.5)]
    workspace.table("reports/embeddings/glove-features/neighbours.csv", "word,rank,neighbour,cosine", rows)
    workspace.table("reports/sentiment/lstm/confusion.csv", "actual,predicted,count", [("<script>c", "<script>c", 1)])
    workspace.params["report"]["title"] = "<script>title</script>"
    page, markdown = render_html(workspace.page()), render_markdown(workspace.page())
    assert page.count("<script") == 1, "our own"
    assert "&lt;script&gt;alert(1)&lt;/script&gt; {{ 7 * 7 }} | `code" in page
    assert not re.search(r"(?<!\\)<script", markdown)
    assert r"\|b\|" in markdown


def table(workspace, title):
    """Return the rows of a table of the page, heading → text."""
    tables = (table for section in workspace.page().sections for table in section.tables)
    found = next(table for table in tables if table.title == title)
    return [dict(zip(found.headings, row, strict=True)) for row in found.rows]


def test_folders_of_former_runs_are_skipped(workspace):
    workspace.metrics("sentiment/of-yesterday", {"accuracy": 99.9})
    assert "of-yesterday" not in render_html(workspace.page())


class ChunkingRun(Run):
    """A task that the report has never heard of."""

    title: ClassVar[str] = "Chunking"
    score: ClassVar[Score] = Score("chunk_f1.test", "chunk F1", 1)
    directions: ClassVar[dict[str, bool]] = {"chunk_f1": True, "loss": False}

    selection: Literal["chunk_f1", "loss"] = "chunk_f1"


class MoreParams(Params):
    chunking: Section[ChunkingRun]


def test_a_new_task_has_its_table_its_curves_and_its_confusions(workspace):
    params = workspace.measure().params
    network = Network(cell="gru")
    runs = {"chunker": ChunkingRun(corpus="entities", embedding="random-32", network=network)}
    sections = {name: getattr(params, name) for name in type(params).model_fields}
    more = MoreParams(**sections, chunking=Section[ChunkingRun](runs=runs))
    workspace.metrics("chunking/chunker", {"chunk_f1": {"test": 87.65, "validation": 88.0}, "parameters": 4321})
    workspace.table("reports/chunking/chunker/confusion.csv", "actual,predicted,count", [("NP", "VP", 3)])
    header = "epoch,step,train_loss,validation_loss,train_chunk_f1,validation_chunk_f1"
    workspace.table("models/chunking/chunker/history.csv", header, [(1, 10, 2.0, 2.1, 70.0, 69.0), (2, 20, 1.0, 1.1, 90.0, 88.0)])
    measured = read_measurements(more, *(workspace.root / folder for folder in ("reports", "models", "embeddings")))
    sections = {section.anchor: section for section in report_sections(measured)}
    table = next(table for table in sections["runs"].tables if table.title == "Chunking")
    scores = ("validation chunk F1", "test chunk F1")
    assert table.headings == ("run", "model", "corpus", "embedding", "kept epoch", *scores, "parameters")
    assert table.rows == (("chunker", "gru 1 × 64", "entities", "random-32", "2 of 5", "88.0", "87.7", "4,321"),)
    assert {"Chunking: loss on entities", "Chunking: chunk F1 on entities"} <= {block.title for block in sections["learning"]}
    assert [block.caption for block in sections["chunking"]] == ["Most often mistaken: NP for VP, 3 times (100.0 % of all NP)."]


def test_a_figure_that_is_not_finite_is_no_number(workspace):
    workspace.metrics("sentiment/rnn", {"accuracy": {"test": None}, "parameters": 4321})
    rows = {row["run"]: row for row in table(workspace, "Sentiment")}
    assert (rows["rnn"]["test accuracy %"], rows["rnn"]["parameters"]) == ("–", "4,321")


def test_page_without_any_measurement_says_so(empty_workspace):
    markdown = render_markdown(empty_workspace.page())
    assert f"{len(load_claims())} not yet measured" in markdown
    assert not re.search(r"\| (holds|does not hold|shown) \|", markdown)
    assert "<svg" not in render_html(empty_workspace.page())


def test_claims_file_is_part_of_the_package():
    import rnnpipe.report

    names = {path.name for path in Path(rnnpipe.report.__file__).parent.iterdir()}
    assert {"claims.yaml", "style.css", "report.js", "index.html.jinja", "results.md.jinja"} <= names
