import json
from pathlib import Path

from rnnpipe.params import TaskSections
from rnnpipe.params.tasks import run_class
from rnnpipe.tracking.backfill import backfill
from rnnpipe.tracking.names import best_name, score_name
from rnnpipe.tracking.store import Store
from rnnpipe.tracking.ui import links
from rnnpipe.tracking.views import TAG, VIEWS


def test_each_task_is_compared_by_the_scores_that_it_is_judged_by() -> None:
    for section in TaskSections.model_fields:
        run, view = run_class(section), VIEWS[section]
        column = f"validation_{run.model_fields['selection'].default}"
        assert view.score in (score_name(run.score.key), best_name(column))
        assert f"metrics.{best_name(column)}" in (f"metrics.{view.score}", *view.columns)
        assert view.higher_is_better == (run.score.higher_is_better and view.score == score_name(run.score.key))


def test_an_experiment_has_its_views_and_a_link_to_them(project: Path, store: Store) -> None:
    backfill()
    number = store.experiments()["sentiment"]
    tags = store._client.get_experiment(number).tags
    table = json.loads(json.loads(tags[f"{TAG}table"])["state"])
    assert table["orderByKey"] == "metrics.`test/accuracy_percent`"
    assert table["searchFilter"] == "tags.stale != 'true'"
    assert "params.`network.cell`" in table["selectedColumns"]
    charts = json.loads(json.loads(tags[f"{TAG}charts"])["state"])
    assert [card["type"] for card in charts["compareRunCharts"]] == ["BAR", "LINE", "LINE", "LINE", "PARALLEL"]
    shown = links(store, "http://host:1")
    assert f"http://host:1/#/experiments/{number}/runs?workflowType=machine_learning&viewStateShareKey=table" in shown[0]
    assert len(shown) == 2
    assert "compare-runs" in shown[1]
