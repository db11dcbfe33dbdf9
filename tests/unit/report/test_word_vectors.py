import pytest

from rnnpipe.report.blocks import Figure
from rnnpipe.report.page import render_html, render_markdown
from rnnpipe.report.read.word_vectors import method
from rnnpipe.report.sections import word_vectors


def table(workspace, title):
    """Return the cells of one table of the section, embedding → heading → text."""
    found = next(block for block in word_vectors.section(workspace.measure()).tables if block.title.startswith(title))
    return {row[0]: dict(zip(found.headings, row, strict=True)) for row in found.rows}


def test_every_embedding_says_how_it_was_made(workspace):
    methods = {entry.name: method(entry) for entry in workspace.measure().embeddings}
    assert methods == {
        "random-32": "random",
        "one_hot": "one-hot",
        "word2vec-features": "Word2Vec skip-gram, window 5, 5 negatives",
        "cbow-features": "Word2Vec CBOW, window 5, hierarchical softmax",
        "glove-features": "GloVe, f = min(1, (x / 10)^0.75), (e + w) / 2",
        "glove-features-constant": "GloVe, f constant, (e + w) / 2",
        "previous-4-features": "window network, previous 4 words, 5 negatives",
        "previous-1-features": "window network, previous word, 5 negatives",
        "around-4-features": "window network, 4 words on both sides, 5 negatives",
        "nearby-1-features": "window network, 1 nearby word, 5 negatives",
    }
    assert {name: row["method"] for name, row in table(workspace, "How the vectors were made").items()} == methods


@pytest.mark.parametrize(("softmax", "shown"), [("full", "full softmax"), ("hierarchical", "hierarchical softmax")])
def test_window_networks_name_their_softmax(workspace, softmax, shown):
    workspace.params["window"]["runs"]["nearby-1-features"]["softmax"] = softmax
    made = table(workspace, "How the vectors were made")["nearby-1-features"]
    assert made["method"] == f"window network, 1 nearby word, {shown}"


def test_scores_stand_beside_what_they_rest_on(workspace):
    workspace.change(
        "embeddings/glove-features", "similarity", {"wordsim353": {"spearman": 0.331, "pairs": 353, "covered": 95.4}}
    )
    workspace.change(
        "embeddings/glove-features",
        "analogies",
        {"accuracy": 18.05, "three_cos_mul": 19.2, "word": 15.0, "context": 14.0, "questions": 200, "covered": 140},
    )
    known = table(workspace, "Similarity")
    shown = known["glove-features"]
    assert (shown["wordsim353 ρ"], shown["3CosMul %"], shown["e alone %"], shown["covered %"]) == (
        "0.331 (95 %)",
        "19.2",
        "15.0",
        "70.0",
    )
    assert known["word2vec-features"]["e alone %"] == "–"
    assert known["word2vec-features"]["wordsim353 ρ"] == "–"


def test_probe_stands_beside_guessing(workspace):
    row = table(workspace, "Features in the vectors")["word2vec-features"]
    assert (row["features found %"], row["guessing finds %"], row["cos(apple, orange)"]) == ("97.0", "64.5", "0.90")


def test_categories_show_both_methods_over_the_covered_questions(workspace):
    header = "category,questions,covered,correct,correct_mul"
    workspace.table(
        "reports/embeddings/glove-features/analogies.csv", header, [("royalty", 48, 24, 18, 12), ("capitals", 5, 0, 0, 0)]
    )
    shown = table(workspace, "Analogies by category")
    assert shown["royalty"]["glove-features"] == "75 / 50"
    assert shown["capitals"]["glove-features"] == "–"
    assert shown["royalty"]["covered %"] == "50 to 75"
    assert shown["capitals"]["word2vec-features"] == "–"


def test_losses_of_different_kinds_are_drawn_apart(workspace):
    titles = [block.title for block in word_vectors.section(workspace.measure()) if isinstance(block, Figure)]
    assert [title for title in titles if title.startswith("Loss")] == [
        "Loss of Word2Vec skip-gram, 5 negatives",
        "Loss of Word2Vec CBOW, hierarchical softmax",
        "Loss of GloVe",
        "Loss of the window network, 5 negatives",
    ]


def test_an_embedding_that_is_not_evaluated_is_shown_with_its_loss(workspace):
    del workspace.params["embedding_evaluation"]["cbow-features"]
    assert table(workspace, "How the vectors were made")["cbow-features"]["last loss"] == "0.0400"
    assert "cbow-features" not in table(workspace, "Similarity")


def test_only_what_learned_from_text_has_drawings(workspace):
    titles = {block.title for block in word_vectors.section(workspace.measure()) if isinstance(block, Figure)}
    assert "Features in nearby-1-features" in titles
    assert "Features in random-32" not in titles


def test_words_of_all_tables_are_escaped(workspace):
    folder = "reports/embeddings/glove-features"
    attack = "<script>x</script>"
    workspace.table(f"{folder}/features.csv", "word,feature,known,predicted", [(attack, "<script>f", 1, 0.5)])
    header = "category,questions,covered,correct,correct_mul"
    workspace.table(f"{folder}/analogies.csv", header, [("<script>|c|", 4, 4, 4, 4)])
    page, markdown = render_html(workspace.page()), render_markdown(workspace.page())
    assert page.count("<script") == 1, "our own"
    assert "&lt;script&gt;f" in page
    assert r"\<script>\|c\|" in markdown
