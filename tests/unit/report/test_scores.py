"""The tables and figures of the runs."""

import json
import re

import pytest

from rnnpipe.params import MixedRun
from rnnpipe.report.blocks import Figure
from rnnpipe.report.page import render_html, render_markdown
from rnnpipe.report.read.groups import Group
from rnnpipe.report.read.measurements import Measured
from rnnpipe.report.read.settings import describe
from rnnpipe.report.sections import curves, scores
from rnnpipe.report.sections.columns import Column, measured
from rnnpipe.report.sections.scores import BESIDE_THE_SCORE


def block(workspace, title):
    return next(block for block in scores.section(workspace.measure()) if block.title == title)


def rows(workspace, title):
    """Return run → heading → text."""
    table = block(workspace, title)
    return {row[0]: dict(zip(table.headings, row, strict=True)) for row in table.rows}


def best(workspace, title):
    """Return the cells in bold as (run, heading)."""
    table = block(workspace, title)
    return {(table.rows[row][0], table.headings[column]) for row, column in table.best}


def test_validation_stands_beside_test(workspace):
    headings = block(workspace, "Sentiment").headings
    first = headings.index("validation accuracy %")
    assert headings[first : first + 3] == ("validation accuracy %", "test accuracy %", "test_longer accuracy %")
    assert rows(workspace, "Sentiment")["lstm"]["validation accuracy %"] == "94.0"


def test_what_is_odd_about_a_corpus_stands_before_its_scores(workspace):
    assert "Remarks on the corpora" not in [block.title for block in scores.section(workspace.measure())]
    path = workspace.root / "reports" / "vocabulary/opinions/metrics.json"
    remark = "every text of the split test has the label 'good'"
    path.write_text(json.dumps({**json.loads(path.read_text()), "remarks": [remark, "another"]}))
    first = scores.section(workspace.measure()).blocks[0]
    assert (first.title, first.rows) == ("Remarks on the corpora", (("opinions", remark), ("opinions", "another")))


def test_settings_that_differ_have_a_column_and_the_others_a_word(workspace):
    assert "dropout" not in block(workspace, "Sentiment").headings
    assert "learning rate 0.001, at most 3 epochs, batches of 64" in block(workspace, "Sentiment").caption
    run = {"network": {"cell": "gru", "dropout": 0.25}, "optimizer": {"learning_rate": 0.5}}
    workspace.params["sentiment"]["runs"]["gru"] = run
    table = rows(workspace, "Sentiment")
    assert (table["gru"]["dropout"], table["gru"]["learning rate"], table["lstm"]["dropout"]) == ("0.25", "0.5", "0.0")
    assert table["bag-of-words"]["dropout"] == "–"
    assert "All networks: at most 3 epochs" in block(workspace, "Sentiment").caption


def test_the_best_of_a_corpus_is_bold_and_of_a_perplexity_the_lowest(workspace):
    assert {run for run, heading in best(workspace, "Sentiment") if heading == "test accuracy %"} == {"lstm-deep"}
    assert {run for run, heading in best(workspace, "Language models") if heading == "test perplexity"} == {"lstm, …"}
    assert not {heading for _, heading in best(workspace, "Sentiment")} & {"parameters", "<unk> %"}


def test_equals_are_all_best_and_where_all_are_equal_none_is(workspace):
    workspace.change("sentiment/gru", "accuracy", {"test": 95.52, "test_longer": 1.0})
    assert {run for run, heading in best(workspace, "Sentiment") if heading == "test accuracy %"} == {"gru", "lstm-deep"}
    assert not any("precision" in heading for _, heading in best(workspace, "Language models"))
    for name in ("lstm", *(name for name in workspace.params["ner"]["runs"] if name.startswith("parity"))):
        workspace.params["ner"]["runs"].pop(name)
    assert best(workspace, "Named entities") == set()


def test_runs_on_different_corpora_are_not_compared(workspace):
    workspace.params["corpora"]["reviews"] = workspace.params["corpora"]["opinions"]
    workspace.params["sentiment"]["runs"]["far"] = {"corpus": "reviews", "network": {"cell": "rnn"}}
    workspace.metrics("sentiment/far", {"accuracy": {"test": 99.9}})
    assert {run for run, heading in best(workspace, "Sentiment") if heading == "test accuracy %"} == {"lstm-deep"}


def test_best_values_are_bold_in_both_files(workspace):
    page = workspace.page()
    assert '<td class="number best">95.5</td>' in render_html(page)
    assert "| **95.5** |" in render_markdown(page)


def test_settings_and_epochs_are_left_to_the_page_that_is_wide_enough(workspace):
    workspace.params["sentiment"]["runs"]["gru"]["network"]["dropout"] = 0.25
    page = workspace.page()
    assert ">dropout</th>" in render_html(page)
    line = next(line for line in render_markdown(page).splitlines() if "test\\_longer accuracy" in line)
    assert "dropout" not in line
    assert "kept epoch" not in line


def test_the_kept_epoch_and_its_score_are_told(workspace):
    assert rows(workspace, "Sentiment")["lstm"]["kept epoch"] == "6 of 3"  # six hand-written epochs
    workspace.params["sentiment"]["runs"]["lstm"]["selection"] = "loss"
    assert rows(workspace, "Sentiment")["lstm"]["kept epoch"] == "6 of 3, by loss"
    assert "validation accuracy" in block(workspace, "Sentiment").caption


def test_the_choice_of_each_task_is_told_with_its_score(workspace):
    table = block(workspace, "Chosen")
    assert table.rows[1] == (
        "Sentiment",
        "opinions",
        "lstm-deep",
        "lstm 2 × 64",
        "validation accuracy, best of 4",
        "accuracy %",
        "94.5",
        "95.5",
    )


def test_scores_are_dots_with_what_is_possible_and_one_run_is_no_comparison(workspace):
    figure = block(workspace, "Accuracy on opinions")
    assert figure.caption.startswith("From bag-of-words with 75.0 % to lstm-deep with 95.5 %.")
    assert len(re.findall(r'class="dot', figure.svg)) == len(re.findall(r'class="ring', figure.svg)) == 6
    assert "best possible without order" in figure.svg
    workspace.params["ner"]["runs"].pop("lstm")
    assert not any(block.title.endswith("on entities") for block in scores.section(workspace.measure()))


def test_of_many_runs_the_best_and_the_last_are_drawn(workspace):
    runs = {f"run-{index:02}": {"network": {"cell": "gru", "hidden": 8 + index}} for index in range(30)}
    workspace.params["sentiment"]["runs"] = runs
    for index, run in enumerate(runs):
        workspace.metrics(f"sentiment/{run}", {"accuracy": {"test": 60.0 + index}})
    figure = block(workspace, "Accuracy on opinions")
    names = re.findall(r">(run-\d+|mlp|bag-of-words)</text>", figure.svg)
    assert len(names) == scores.MOST_DOTS
    assert (names[0], names[-1]) == ("run-29", "run-00")
    assert figure.caption.endswith("Of 32 runs the best and the last.")


def test_curves_mark_the_epoch_that_was_kept(workspace):
    figures = {block.title: block for block in curves.section(workspace.measure()) if isinstance(block, Figure)}
    figure = figures["Sentiment: accuracy on opinions"]
    assert figure.svg.count('class="ring') == 4
    assert figure.caption.startswith("Highest where it was kept: lstm-deep, ")
    assert figures["Sentiment: loss on opinions"].caption.startswith("Lowest where it was kept: lstm-deep, ")


@pytest.mark.parametrize(("runs", "named"), [(5, 9 - 4), (12, 8)])
def test_of_many_curves_the_best_have_names_and_the_others_are_grey(workspace, runs, named):
    section = workspace.params["sentiment"]
    section["runs"] = {f"run-{index}": {"network": {"cell": "gru", "hidden": 8 + index}} for index in range(runs)}
    for index in range(runs):
        header = "epoch,train_loss,validation_loss,validation_accuracy"
        workspace.table(f"models/sentiment/run-{index}/history.csv", header, [(1, 1, 1, 50 + index), (2, 1, 1, 40)])
    figure = next(block for block in curves.section(workspace.measure()) if block.title == "Sentiment: loss on opinions")
    assert figure.svg.count('<text class="end') == named
    assert f">run-{runs - 1}</text>" in figure.svg
    assert ("others are grey" in figure.caption) == (runs > named)


def test_forms_that_adapt_have_columns_of_their_own_and_a_mixture_names_its_models() -> None:
    mixture = MixedRun(corpus="texts", models=("lstm.cache", "kneser-ney-5"))
    run = Measured("language_model", "mixed", "both", mixture, {"perplexity.cache.test": 80.0})
    assert describe(run) == "lstm.cache + kneser-ney-5"
    shown = measured([Column("perplexity.test", "perplexity", 2), *BESIDE_THE_SCORE], [Group((run,))])
    assert [column.heading for column in shown] == ["with cache"]
