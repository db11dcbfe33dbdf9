"""The report in a real browser: nothing is asked for, tables sort, words are found, a phone shows verdict and figure."""

import re
from pathlib import Path

import pytest
from report_files import full_workspace

from rnnpipe.report.page import render_html

PHONE = 390


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Write the report of the hand-written measurements; return its address."""
    folder = tmp_path_factory.mktemp("report")
    page = folder / "index.html"
    page.write_text(render_html(full_workspace(folder).page()), encoding="utf-8")
    return page.as_uri()


@pytest.mark.parametrize("width", [1400, PHONE])
def test_a_project_of_one_s_own_begins_with_its_runs(tab, tmp_path: Path, width):
    workspace = full_workspace(tmp_path)
    workspace.params["grammars"] = {}
    questions = {"corpus": "features", "truth": "published"}
    workspace.params["embedding_evaluation"] = dict.fromkeys(workspace.params["embedding_evaluation"], questions)
    page = tmp_path / "index.html"
    page.write_text(render_html(workspace.page()), encoding="utf-8")
    opened = tab(page.as_uri(), width)
    assert opened.said == []
    assert opened.page.locator("#table-chosen").bounding_box()["y"] < 900
    assert opened.page.get_by_text("claim").count() == 0


def column(table, number):
    return [row.strip() for row in table.locator(f"tbody td:nth-child({number})").all_inner_texts()]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1400, PHONE])
def test_page_asks_for_nothing_says_nothing_and_fits(tab, report, width, scheme):
    opened = tab(report, width, scheme)
    opened.page.evaluate("document.querySelectorAll('details').forEach(fold => fold.open = true)")
    opened.page.mouse.wheel(0, 20_000)
    assert opened.said == []
    assert opened.requests == [report]
    assert opened.page.evaluate("document.documentElement.scrollWidth") == width


def test_letters_stand_out_from_the_paper_in_both_schemes(tab, report):
    for scheme in ("light", "dark"):
        page = tab(report, scheme=scheme).page
        ink, paper = (
            page.evaluate(f"getComputedStyle(document.body).{name}").removeprefix("rgb(").removesuffix(")").split(", ")
            for name in ("color", "backgroundColor")
        )
        assert abs(sum(map(int, ink)) - sum(map(int, paper))) > 450


def test_a_table_sorts_by_the_column_that_is_clicked(tab, report):
    page = tab(report).page
    table = page.locator("figure#table-sentiment table")
    accuracy = 1 + [heading.strip() for heading in table.locator("th").all_inner_texts()].index("test accuracy %")
    as_written = column(table, 1)
    table.get_by_role("button", name="test accuracy %").click()
    assert [float(cell) for cell in column(table, accuracy)] == [95.5, 95.0, 94.0, 88.0, 80.0, 75.0]
    assert table.locator("th[aria-sort=descending]").count() == 1
    table.get_by_role("button", name="test accuracy %").click()
    assert [float(cell) for cell in column(table, accuracy)] == [75.0, 80.0, 88.0, 94.0, 95.0, 95.5]
    table.get_by_role("button", name="kept epoch").click()
    assert column(table, 1) != as_written
    table.get_by_role("button", name="run", exact=True).click()
    assert column(table, 1) == sorted(as_written)


def test_a_missing_figure_comes_last_whichever_way_is_sorted(tab, report):
    page = tab(report).page
    table = page.locator("figure#table-language-models table")
    button = table.get_by_role("button", name="minimal pairs %")
    parameters = [heading.strip() for heading in table.locator("th").all_inner_texts()].index("minimal pairs %") + 1
    for _ in range(2):
        button.click()
        cells = column(table, parameters)
        assert "–" not in cells[:-1]


def test_a_table_is_filtered_by_all_words_that_are_typed(tab, report):
    figure = tab(report).page.locator("figure#table-sentiment")
    figure.get_by_label("Filter").fill("LSTM 95.5")
    assert figure.locator("tbody tr:visible").count() == 1
    assert figure.locator("output").inner_text() == "1 of 6"
    figure.get_by_label("Filter").fill("")
    assert figure.locator("tbody tr:visible").count() == 6


def test_the_search_finds_a_word_in_the_maps_and_among_neighbours(tab, report):
    page = tab(report).page
    vectors = page.locator("#embeddings")
    vectors.get_by_label("Find a word").fill("queen")
    assert vectors.locator("> .find output").inner_text() == "in 8 maps, in 24 lines of neighbours"
    assert page.locator("#story .hit").count() == 1, "the map of the story too"
    assert vectors.locator("#figure-map-of-glove-features .hit").is_visible(), "what was folded has opened"
    assert not vectors.locator("#table-neighbours-in-glove-features").get_by_text("dog", exact=True).is_visible()
    vectors.get_by_label("Find a word").fill("")
    assert page.locator(".hit").count() == 0


def test_a_permalink_opens_what_was_folded(tab, report):
    from playwright.sync_api import expect

    page = tab(f"{report}#claim-exploding").page
    expect(page.locator("#claim-exploding .state")).to_be_in_viewport()


def test_the_tally_shows_the_claims_of_a_state(tab, report):
    page = tab(report).page
    page.locator(".tally a", has_text="shown").click()
    states = {text.strip() for text in page.locator("#claims > table tr:visible .state").all_inner_texts()}
    assert states == {"shown"}


def test_the_contents_stay_in_sight_and_say_where_one_is(tab, report):
    for width in (1400, PHONE):
        page = tab(report, width).page
        page.locator("nav").get_by_text("Vocabulary coverage").click()
        page.locator("nav a[aria-current]", has_text="Vocabulary coverage").wait_for()
        assert page.locator("nav").bounding_box()["y"] == 0
        heading = page.locator("#vocabulary h2").bounding_box()
        assert 0 < heading["y"] < 300


def test_a_phone_shows_verdict_and_figure_of_each_claim(tab, report):
    page = tab(report, PHONE).page
    page.locator("#unmeasured summary").click()
    claims = page.locator("tr[id^=claim-]")
    assert claims.count() == 29
    places = [page.locator(f"tr[id^=claim-] {part}") for part in (".state", ".found", ".bar")]
    stories = [page.locator(f"#story {part}") for part in (".state", "h3", "svg", "dd", "figcaption")]
    for place in (*places, *stories):
        for box in place.evaluate_all("all => all.map(one => one.getBoundingClientRect().toJSON())"):
            assert box["width"] > 0 and box["height"] > 0
            assert box["left"] >= 0 and box["right"] <= PHONE


def test_everything_is_readable_without_scripts(tab, report):
    page = tab(report, javascript=False).page
    assert page.locator("#claims > table tbody tr").count() == 24
    assert page.locator("input, button").count() == 0
    page.locator("#unmeasured summary").click()
    assert page.locator("#claim-exploding").is_visible()


def test_paper_has_no_fields_and_no_contents_and_what_was_folded(tab, report, tmp_path: Path):
    page = tab(report).page
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert not page.locator("nav").is_visible()
    assert page.locator(".find:visible").count() == 0
    assert page.locator("#claim-exploding").is_visible()
    assert re.search(rb"/Type\s*/Page\b", page.pdf(path=tmp_path / "report.pdf"))
