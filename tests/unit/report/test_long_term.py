import pytest

from rnnpipe.report.read.long_term import comparable_sweeps, sweeps, trainings
from rnnpipe.report.sections import long_term
from rnnpipe.report.verdicts import all_verdicts

DISTANCES = (0, 21, 99)


def add_training(workspace, cell, epochs, far):
    """Train a cell for more epochs; at distances from 21 on it agrees in `far` percent of the pairs with each seed."""
    run = f"{cell}-{epochs}"
    workspace.params["long_term"]["runs"][run] = {"network": {"cell": cell}, "trainer": {"epochs": epochs}}
    rows = [
        (cell, "default", rate, seed, int(rate == 0.004), distance, 100.0 if distance == 0 else far + seed)
        for rate in (0.001, 0.004)
        for seed in (-1, 0, 1)
        for distance in DISTANCES
    ]
    header = "cell,initialisation,learning_rate,seed,chosen,distance,accuracy"
    workspace.table(f"reports/long_term/{run}/agreement.csv", header, rows)
    workspace.metrics(f"long_term/{run}", {})


@pytest.fixture
def longer(workspace):
    """The plain RNN with 2 and 4 times the 5 epochs of the others: it comes near."""
    add_training(workspace, "rnn", 20, 98.0)
    add_training(workspace, "rnn", 10, 75.0)
    return workspace


def verdict(workspace):
    return next(verdict for claim, verdict in all_verdicts(workspace.measure()) if claim.id == "long-term")


def test_grids_that_differ_only_in_their_epochs_are_one_family_the_shortest_first(longer):
    families = [[sweep.run.name for sweep in family] for family in trainings(longer.measure())]
    assert families == [["rnn", "rnn-10", "rnn-20"], ["gru_simple"], ["gru"], ["lstm"], ["rnn-orthogonal"]]
    assert [sweep.run.name for sweep in sweeps(longer.measure())] == ["rnn", "gru_simple", "gru", "lstm", "rnn-orthogonal"]
    assert [sorted(family) for family in comparable_sweeps(longer.measure())] == [["gru", "gru_simple", "lstm", "rnn"]]


def test_claim_is_judged_at_the_shortest_training_and_shows_the_longer_ones(longer, workspace):
    found = verdict(longer)
    assert found.state == "holds"
    assert found.figure.split("\n")[-1] == "rnn at 99, by epochs of training: 5: 50.0 ± 0.0 %, 10: 75.0 ± 1.0 %, 20: 98.0 ± 1.0 %"


def test_cells_of_unequal_training_are_not_compared(workspace):
    del workspace.params["long_term"]["runs"]["rnn"]
    add_training(workspace, "rnn", 10, 75.0)
    assert verdict(workspace).state == "not yet measured"


def test_more_training_is_a_table_and_a_figure(longer):
    section = long_term.section(longer.measure())
    titles = [block.title for block in section]
    assert titles[3:5] == [
        "Agreement by training",
        "Agreement at 20 words and more, by training",
    ]
    table = section.tables[-1]
    assert table.headings == ("cell", "5 epochs", "10 epochs", "20 epochs")
    assert table.rows[0][0] == "rnn"
    assert table.rows[0][2:] == ("75.0 ± 1.0", "98.0 ± 1.0")
    assert [row[0] for row in section.tables[0].rows] == ["rnn", "gru_simple", "gru", "lstm", "rnn, orthogonal"]


def test_the_best_at_each_distance_is_bold(longer):
    table = long_term.section(longer.measure()).tables[0]
    longest = len(table.headings) - 1
    assert {table.rows[row][0] for row, column in table.best if column == longest} == {"gru", "lstm"}
    add_training(longer, "lstm", 10, 98.0)
    training = long_term.section(longer.measure()).tables[-1]
    assert {training.rows[row][0] for row, column in training.best if column == 2} == {"lstm"}


def test_without_longer_trainings_there_is_no_figure_of_them(workspace):
    assert not [block.title for block in long_term.section(workspace.measure()) if "by training" in block.title]
