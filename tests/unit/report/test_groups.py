import math

import pytest

from rnnpipe.report.read.groups import Spread, format_number, group_runs, pairs_differing_in


def test_runs_that_differ_only_in_the_seed_are_one_group(workspace):
    groups = group_runs(workspace.measure().of("language_model"))
    assert [[run.name for run in group.runs] for group in groups] == [["lstm", "lstm-2", "lstm-3"], ["gru"]]
    assert groups[0].text("perplexity.test", 2) == "12.10 ± 0.10 (3)"
    assert groups[1].text("perplexity.test", 2) == "12.30"
    assert groups[1].text("no.such.key") == "–"


def test_pairs_are_found_by_parameters_and_not_by_name(workspace):
    groups = group_runs(workspace.measure().of("sentiment"))
    assert [[group.name for group in family] for family in pairs_differing_in(groups, "network.layers")] == [
        ["lstm", "lstm-deep"]
    ]
    assert [[group.name for group in family] for family in pairs_differing_in(groups, "network.cell")] == [["rnn", "gru", "lstm"]]
    assert pairs_differing_in(groups, "network.hidden") == ()


def test_spread_is_that_of_a_sample():
    spread = Spread((1.0, 2.0, 3.0))
    assert (spread.mean, spread.deviation) == (2.0, 1.0)
    assert spread.error == pytest.approx(1 / math.sqrt(3))
    assert Spread((1.0,)).deviation == 0.0


@pytest.mark.parametrize(
    ("value", "text"), [(-1.25, "−1.2"), (-0.04, "0.0"), (math.nan, "NaN"), (math.inf, "∞"), (-math.inf, "−∞")]
)
def test_numbers_are_written_plainly(value, text):
    assert format_number(value, 1) == text
