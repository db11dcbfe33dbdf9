from rnnpipe.report.read.state_tracking import problems
from rnnpipe.report.sections import state_tracking
from rnnpipe.report.verdicts import all_verdicts


def verdict(workspace):
    return next(verdict for claim, verdict in all_verdicts(workspace.measure()) if claim.id == "state-tracking")


def test_figures_stand_beside_guessing_and_the_length(workspace):
    found = verdict(workspace)
    assert found.state == "holds"
    assert found.figure == "parity, 80 symbols: gru 99.5 ± 0.4 (2), mingru 61.5 %; guessing: 50.0 %"


def test_cells_of_one_kind_alone_are_not_judged(workspace):
    del workspace.params["ner"]["runs"]["parity-mingru"]
    assert verdict(workspace).state == "not yet measured"
    assert len(state_tracking.section(workspace.measure()).blocks) == 2


def test_other_cells_are_shown_and_not_judged(workspace):
    workspace.params["ner"]["runs"]["parity-mogrifier"] = {"corpus": "parity", "network": {"cell": "mogrifier"}}
    workspace.metrics("ner/parity-mogrifier", {"accuracy.test_longer": 50.0})
    assert verdict(workspace).state == "holds"
    assert "mogrifier 50.0" in verdict(workspace).figure


def test_runs_of_one_cell_go_by_their_names(workspace):
    workspace.params["ner"]["runs"]["parity-wide"] = {"corpus": "parity", "network": {"cell": "gru", "hidden": 99}}
    workspace.metrics("ner/parity-wide", {"accuracy.test_longer": 97.0})
    (problem,) = problems(workspace.measure())
    assert [tracker.label for tracker in problem.trackers] == ["parity-gru, …", "mingru", "parity-wide"]


def test_the_section_is_a_figure_and_a_table(workspace):
    section = state_tracking.section(workspace.measure())
    figure, table = section
    assert "80 symbols; rings: of up to 20" in figure.caption
    assert table.rows[1] == ("parity", "mingru", "80.0", "61.5", "4,321")
    assert (0, 3) in table.best and (1, 3) not in table.best


def test_other_corpora_of_tags_are_no_state_tracking(workspace):
    workspace.change("ner/lstm", "accuracy.test_longer", 99.0)
    assert [problem.corpus for problem in problems(workspace.measure())] == ["parity"]


def test_without_such_a_corpus_there_is_no_section(empty_workspace):
    assert state_tracking.section(empty_workspace.measure()).blocks == ()
