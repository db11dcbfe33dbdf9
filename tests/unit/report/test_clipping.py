import json

import pytest

from rnnpipe.report.sections.clipping import clipping_figures
from rnnpipe.report.verdicts import all_verdicts


def verdict(workspace):
    return next(verdict for claim, verdict in all_verdicts(workspace.measure()) if claim.id == "exploding")


def losses(workspace, kind, **found):
    path = workspace.root / "reports/clipping/high-rate/metrics.json"
    metrics = json.loads(path.read_text(encoding="utf-8"))
    metrics[kind]["loss"] = found
    path.write_text(json.dumps(metrics), encoding="utf-8")


def test_the_figure_tells_norm_those_that_diverged_and_the_loss_of_the_others(workspace):
    found = verdict(workspace)
    assert found.state == "holds"
    assert found.figure.split("\n") == [
        "high-rate, with clipping: norm up to 64, loss 2.20 ± 0.10 (3)",
        "high-rate, without: norm up to 64, 1 of 3 diverged, loss 5.15 ± 0.07 (2)",
    ]


@pytest.mark.parametrize(
    ("kind", "found", "state"),
    [
        ("clipped", {"1": 2.0, "2": 2.0}, "does not hold"),  # one diverged although it was clipped
        ("unclipped", {"1": 5.0, "2": 2.25}, "does not hold"),  # one came out as good without
        ("unclipped", {"1": 2.21, "2": 2.31}, "holds"),  # by just the bar
        ("unclipped", {}, "holds"),  # all diverged
    ],
)
def test_every_seed_is_judged(workspace, kind, found, state):
    losses(workspace, kind, **found)
    assert verdict(workspace).state == state


def test_two_figures_show_loss_and_norm_step_by_step(workspace):
    loss, norm = clipping_figures(workspace.measure())
    assert (loss.title, norm.title) == ("Clipping: loss by step (high-rate)", "Clipping: norm by step (high-rate)")
    assert loss.svg.count("<polyline") == norm.svg.count("<polyline") == 6
    assert "seed 3" in loss.svg and "NaN" not in loss.svg
    assert "clipped to" in norm.svg
    assert "learning rate of 9" in norm.caption


def test_nothing_is_shown_before_the_stage_ran(empty_workspace):
    assert clipping_figures(empty_workspace.measure()) == []
