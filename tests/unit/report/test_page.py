import re
from pathlib import Path

import pytest

from rnnpipe.report.claims import load_claims
from rnnpipe.report.page import render_html, render_markdown


def test_equal_measurements_are_equal_bytes(workspace):
    first = render_html(workspace.measure()), render_markdown(workspace.measure())
    assert first == (render_html(workspace.measure()), render_markdown(workspace.measure()))
    assert str(workspace.root) not in "".join(first)


def test_page_needs_nothing_from_outside(workspace):
    page = render_html(workspace.measure())
    assert not re.search(r"""(src|href)\s*=\s*["'](?!#)|@import|url\(|<script""", page)


@pytest.mark.parametrize("state", ["workspace", "empty_workspace"])
def test_first_line_with_an_id_is_the_line_of_its_claim(state, request):
    lines = render_markdown(request.getfixturevalue(state).measure()).splitlines()
    for claim in load_claims():
        word = re.compile(rf"(^|[^a-z-]){re.escape(claim.id)}([^a-z-]|$)")
        assert next(line for line in lines if word.search(line)).startswith(f"| {claim.id} | ")


def test_every_table_is_well_formed_markdown(workspace):
    for block in render_markdown(workspace.measure()).split("\n\n"):
        rows = [line for line in block.splitlines() if line.startswith("|")]
        assert len({len(re.findall(r"(?<!\\)\|", row)) for row in rows}) <= 1


def test_text_of_a_corpus_is_escaped(workspace):
    attack = "<script>alert(1)</script> {{ 7 * 7 }} | `code"
    workspace.text("reports/language_model/lstm/samples.txt", attack + "\n")
    workspace.table("reports/embeddings/glove-features/map.csv", "word,x,y", [("<script>x</script>", 1, 2), ("b", 2, 1)])
    rows = [("<script>a", 1, "|b|", 0.5), ("`<script>", 1, "`", 0.5), ("`", 1, "|<script>", 0.5)]
    workspace.table("reports/embeddings/glove-features/neighbours.csv", "word,rank,neighbour,cosine", rows)
    workspace.table("reports/sentiment/lstm/confusion.csv", "actual,predicted,count", [("<script>c", "<script>c", 1)])
    workspace.params["report"]["title"] = "<script>title</script>"
    page, markdown = render_html(workspace.measure()), render_markdown(workspace.measure())
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; {{ 7 * 7 }} | `code" in page
    assert not re.search(r"(?<!\\)<script", markdown)
    assert r"\|b\|" in markdown


def test_folders_of_former_runs_are_passed_over(workspace):
    workspace.metrics("sentiment/former", {"accuracy": 99.9})
    assert "former" not in render_html(workspace.measure())


def test_page_without_any_measurement_says_so(empty_workspace):
    markdown = render_markdown(empty_workspace.measure())
    assert f"{len(load_claims())} not yet measured" in markdown
    assert not re.search(r"\| (holds|does not hold|shown) \|", markdown)
    assert "<svg" not in render_html(empty_workspace.measure())


def test_claims_file_is_part_of_the_package():
    import rnnpipe.report

    names = {path.name for path in Path(rnnpipe.report.__file__).parent.iterdir()}
    assert {"claims.yaml", "style.css", "index.html.jinja", "results.md.jinja"} <= names
