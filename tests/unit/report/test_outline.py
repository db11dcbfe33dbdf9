"""How the page is put together: numbers, links both ways, the story, and what a project without the lecture gets."""

import re

import pytest

from rnnpipe.report.blocks import Fold, Table
from rnnpipe.report.outline import STORY
from rnnpipe.report.page import render_html, render_markdown


def blocks_of(page):
    return [figure for _, figure in page.story] + [block for section in page.sections for block in section]


def own_project(workspace):
    """Leave the lecture's corpora out: the same runs, on corpora that somebody brought."""
    workspace.params["grammars"] = {}
    questions = {"corpus": "features", "truth": "published"}
    workspace.params["embedding_evaluation"] = dict.fromkeys(workspace.params["embedding_evaluation"], questions)
    return workspace


def test_figures_and_tables_are_numbered_in_the_order_of_the_page(workspace):
    blocks = blocks_of(workspace.page())
    for kind, labels in (
        ("Table", [block.label for block in blocks if isinstance(block, Table)]),
        ("Figure", [block.label for block in blocks if not isinstance(block, Table)]),
    ):
        assert labels == [f"{kind} {number}" for number in range(1, len(labels) + 1)]


@pytest.mark.parametrize("state", ["workspace", "empty_workspace"])
def test_every_link_leads_to_one_place(state, request):
    page = render_html(request.getfixturevalue(state).page())
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(ids)


def test_claims_and_what_they_rest_on_name_each_other(workspace):
    page = workspace.page()
    for judged in page.claims:
        assert all(judged in page.claims_of(block) for block in judged.evidence)
    linked = {judged.claim.id for block in blocks_of(page) for judged in page.claims_of(block)}
    assert linked == {judged.claim.id for judged in page.measured}, "each measured claim has its evidence"


def test_blocks_that_follow_each_other_are_one_link(workspace):
    features = next(judged for judged in workspace.page().claims if judged.claim.id == "features")
    names = [name for name, _ in features.links]
    assert names[0] == "Table 10"
    assert re.fullmatch(r"Figures \d+–\d+", names[1])
    assert len(names) == 2


def test_the_story_is_told_by_six_figures_that_stand_nowhere_else(workspace):
    page = workspace.page()
    assert tuple(judged.claim.id for judged, _ in page.story) == STORY
    assert [figure.title for _, figure in page.story] == [
        "Agreement by distance",
        "Gradient norm by steps back",
        "Accuracy on opinions",
        "Names that what follows decides (lstm, lstm-bidirectional)",
        "Map of word2vec-features",
        "Cost by size of the vocabulary (features)",
    ]
    told = {figure.anchor for _, figure in page.story}
    assert not told & {block.anchor for section in page.sections for block in section}


def test_the_story_leaves_out_what_was_not_measured(workspace):
    workspace.params["softmax"] = {}
    workspace.params["ner"]["runs"] = {}
    story = [judged.claim.id for judged, _ in workspace.page().story]
    assert story == [claim for claim in STORY if claim not in ("softmax-cost", "bidirectional")]


def test_every_block_says_what_to_see_and_no_two_say_the_same(workspace):
    captions = [(block.title, block.caption) for block in blocks_of(workspace.page())]
    assert [title for title, caption in captions if not caption] == []
    maps = [caption for title, caption in captions if title.startswith(("Map of", "Features in"))]
    assert len(maps) > 10


def test_one_figure_is_in_sight_and_those_like_it_are_folded(workspace):
    vectors = next(section for section in workspace.page().sections if section.anchor == "embeddings")
    folds = {fold.summary.partition(":")[0]: len(fold.blocks) for fold in vectors.blocks if isinstance(fold, Fold)}
    assert folds == {"Features of 7 others": 7, "Maps of 7 others": 7, "Neighbours of 7 others": 7}


def test_the_tally_is_told_in_words(workspace):
    workspace.metrics("equations", {"one_hot.largest_difference": 0.5, "bptt.largest_difference": 1e-15})
    assert [words for _, words in workspace.page().tally] == [
        "18 hold",
        "1 does not hold",
        "5 shown but not judged",
        "5 not yet measured",
    ]


def test_a_project_without_the_lecture_s_corpora_has_no_line_about_its_claims(workspace):
    page = own_project(workspace).page()
    assert (page.claims, page.story) == ((), ())
    assert page.sections[0].anchor == "runs"
    assert "lecture" not in {section.anchor for section in page.sections}
    html, markdown = render_html(page), render_markdown(page)
    text = html.partition("</style>")[2].partition("<script>")[0] + markdown
    assert not re.search(r"claim|verdict|does not hold|not yet measured", text, re.IGNORECASE)
    assert "Agreement by distance" in html, "the figures of its own runs are there"
    assert markdown.index("## Runs") < 100


DOWNLOAD = {"urls": [], "checksums": [f"sha256:{'0' * 64}"], "licence": "MIT", "extract": {"train.txt": "train.txt"}}


@pytest.mark.parametrize(("file", "shown"), [("aclImdb_v1.tar.gz", True), ("my-text.zip", False)])
def test_a_published_corpus_of_the_lecture_brings_its_claims(workspace, file, shown):
    own_project(workspace).params["downloads"] = {"features": {"file": file, **DOWNLOAD}}
    assert bool(workspace.page().claims) == shown


def test_a_corpus_that_is_said_to_hold_imdb_brings_the_claims(workspace):
    own_project(workspace).params["report"]["imdb"] = {"corpora": ["opinions"]}
    assert workspace.page().claims


def test_provenance_follows_the_values_and_nothing_else(workspace):
    def provenance():
        return next(section for section in workspace.page().sections if section.anchor == "provenance")

    first = provenance()
    assert [table.rows for table in first.tables] == [(("train_sentiment", "0123456789abcdef"),), (("torch", "2.13.0"),)]
    defaults = workspace.params["sentiment"]["defaults"]
    defaults["trainer"] = {**defaults["trainer"], "checkpoint_minutes": 9}
    assert provenance() == first
    defaults["trainer"] = {**defaults["trainer"], "epochs": 4}
    assert provenance().lead != first.lead
    assert "0123456789abcdef" not in render_markdown(workspace.page()), "the table in git would change with each commit"
