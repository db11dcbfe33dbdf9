import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnpipe.report.sections import softmax
from rnnpipe.report.verdicts import all_verdicts
from rnnpipe.report.verdicts.softmax import grows_like_log_v, grows_like_v, is_constant

SIZES = (1_000, 10_000, 100_000)
HEADER = "softmax,vocabulary,rows_per_pair,multiplications_per_pair"


def verdict(workspace, claim):
    return next(verdict for found, verdict in all_verdicts(workspace.measure()) if found.id == claim)


def costs(workspace, **layers):
    """Write other costs; a layer that is None is left out."""
    rows = {"full": SIZES, "hierarchical": (7.5, 9.6, 11.5), "negative": (5.86, 5.95, 5.98), **layers}
    lines = [(layer, size, row, 32 * row) for layer, found in rows.items() for size, row in zip(SIZES, found or (), strict=False)]
    workspace.table("reports/softmax/features/cost.csv", HEADER, lines)


def test_cost_names_each_softmax_with_its_rows(workspace):
    found = verdict(workspace, "softmax-cost")
    assert found.state == "holds"
    assert found.figure.split("\n") == [
        "features: rows for each pair at V = 1,000, 10,000, 100,000",
        "full softmax: 1,000 / 10,000 / 100,000",
        "hierarchical softmax: 7.5 / 9.6 / 11.5",
        "negative sampling: 5.9 / 6.0 / 6.0",
    ]


@pytest.mark.parametrize(
    ("layer", "rows"),
    [
        ("full", (1_000, 10_000, 90_000)),
        ("full", (7.5, 9.6, 11.5)),
        ("hierarchical", (7.5, 7.5, 7.5)),
        ("hierarchical", (32, 100, 316)),  # the square root
        ("hierarchical", SIZES),
        ("negative", (7.5, 9.6, 11.5)),
        ("negative", SIZES),
        ("negative", (math.nan, 6, 6)),
    ],
)
def test_cost_of_another_growth_does_not_hold(workspace, layer, rows):
    costs(workspace, **{layer: rows})
    assert verdict(workspace, "softmax-cost").state == "does not hold"


@pytest.mark.parametrize("layer", ["full", "hierarchical", "negative"])
@pytest.mark.parametrize("rows", [None, (6.0,)])
def test_cost_is_judged_only_with_all_three_on_the_same_vocabularies(workspace, layer, rows):
    costs(workspace, **{layer: rows})
    assert verdict(workspace, "softmax-cost").state == "not yet measured"


@given(st.floats(0.55, 0.95), st.floats(0.0, 0.9))
def test_any_growth_between_half_a_bit_and_a_bit_for_a_doubling_is_like_log_v(slope, redundancy):
    assert grows_like_log_v({size: slope * math.log2(size) + redundancy for size in SIZES})


@given(st.floats(0.3, 0.95))
def test_no_power_of_v_is_like_log_v_or_like_v_or_constant(power):
    cost = {size: 1 + size**power for size in SIZES}
    assert not (grows_like_log_v(cost) or grows_like_v(cost, 1.0) or is_constant(cost, 1.0))


@pytest.mark.parametrize(("p", "state"), [(0.43, "holds"), (0.0011, "holds"), (0.001, "does not hold"), (1e-9, "does not hold")])
def test_drawn_words_pass_where_the_difference_is_not_too_unlikely(workspace, p, state):
    workspace.change("softmax/features", "frequencies", {"p_value": p, "chi_square": 99.0, "degrees": 121})
    assert verdict(workspace, "negative-sampling").state == state


def test_bar_of_the_chi_square_test_is_that_of_the_parameters(workspace):
    workspace.params["report"]["claims"] = {"chi_square_p": 0.5}
    assert verdict(workspace, "negative-sampling").state == "does not hold"


def test_scores_are_listed_by_one_setting_at_a_time(workspace):
    lines = verdict(workspace, "negative-sampling").figure.split("\n")
    assert lines[0] == "features: χ² = 120.5 at 121 degrees of freedom, p = 0.43"
    assert lines[1] == "analogies by J (3 seeds): 1: 73.5 ± 1.0 %, 2: 74.5 ± 1.0 %, 5: 77.5 ± 1.0 %, 15: 87.5 ± 1.0 %"
    assert lines[2] == "by exponent (3 seeds): 0: 85.0 ± 1.0 %, 0.75: 77.5 ± 1.0 %, 1: 75.0 ± 1.0 %"


def test_scores_of_the_seeds_are_one_line_with_their_spread(workspace):
    rows = [(5, 0.75, seed, analogies, "") for seed, analogies in ((1, 64.0), (2, 99.0), (3, ""))]
    workspace.table("reports/softmax/features/scores.csv", "negative,exponent,seed,analogies,spearman", rows)
    table = softmax.section(workspace.measure()).tables[-1]
    assert table.rows == (("5", "0.75", "81.5 ± 24.7 (2)", "–"),)


def test_section_draws_cost_and_frequencies_and_lists_scores(workspace):
    section = softmax.section(workspace.measure())
    assert [block.title for block in section] == [
        "Cost of one training pair (features)",
        "Cost by size of the vocabulary (features)",
        "Negatives drawn (features)",
        "Vectors by J and by exponent (features)",
    ]
    assert section.blocks[0].rows[0][:5] == ("1,000", "10.0", "1,000", "7.5", "5.9")
    assert "p = 0.43" in section.blocks[2].caption


def test_frequencies_of_many_words_are_thinned_out(workspace):
    rows = [(f"w{rank}", 1000 / rank, 1000 / rank, 0.75) for rank in range(1, 5001)]
    workspace.table("reports/softmax/features/frequencies.csv", "word,drawn,expected,exponent", rows)
    svg = softmax.section(workspace.measure()).blocks[2].svg
    assert 100 < svg.count("<circle") <= 200


def test_nothing_is_shown_before_the_stage_ran(empty_workspace):
    assert softmax.section(empty_workspace.measure()).blocks == ()
