"""Saved views of each task's runs in MLflow's UI: the table with its score first, and charts.

MLflow (3.15 and newer) keeps a view that a user saves as a tag of the experiment. It is no documented interface: a version that
cannot read it shows its own table.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from rnnpipe.params.tasks import run_class
from rnnpipe.tracking.names import best_name, curve_name, score_name
from rnnpipe.tracking.store import Store

TAG = "mlflow.sharedViewState."
WIDTH = 190
"""Of a column, in pixels; MLflow's own is too narrow for a name with its split."""
HIDE_STALE = "tags.stale != 'true'"


@dataclass(frozen=True)
class View:
    """What a task's runs are compared by."""

    score: str
    """Metric that the table is sorted by."""
    higher_is_better: bool
    columns: Sequence[str]
    """Shown after the score, as MLflow names them: `metrics.x`, `params.x`, `tags.x`."""
    curves: Sequence[str]
    axes: Sequence[str]
    """Parameters of the parallel coordinates, before the score."""


_NETWORK = ("params.network.cell", "params.embedding", "params.corpus", "params.seed")
_AXES = ("network.cell", "network.hidden", "network.layers", "optimizer.learning_rate", "embedding", "seed")


def _of_task(section: str, *, is_scored: bool = True, settings: Sequence[str] = ()) -> View:
    """Return the view of a task: its test score (where single runs have one), and the validation score that chooses."""
    run = run_class(section)
    selection = run.model_fields["selection"].default
    column = f"validation_{selection}"
    best, loss = best_name(column), best_name("validation_loss")
    return View(
        score_name(run.score.key) if is_scored else best,
        run.score.higher_is_better if is_scored else run.directions[selection],
        [f"metrics.{name}" for name in ([best] if is_scored else []) + [loss, "best_epoch"]] + [*settings, *_NETWORK],
        [curve_name(name) for name in ("train_loss", "validation_loss", column)],
        _AXES,
    )


VIEWS = {
    "sentiment": _of_task("sentiment"),
    "ner": _of_task("ner"),
    "language_model": _of_task("language_model"),
    "long_term": _of_task("long_term", is_scored=False, settings=["params.optimizer.learning_rate"]),
    "embeddings": View(
        "analogies/accuracy_percent",
        True,
        ("metrics.probe/accuracy_percent", "params.corpus", "params.dimension", "params.epochs", "params.seed"),
        ("train/glove_loss", "train/skip_gram_loss", "train/cbow_loss", "train/window_loss"),
        ("dimension", "window", "epochs", "learning_rate", "seed"),
    ),
}
"""Experiment → how its runs are compared."""


def ship_views(store: Store, experiment: str) -> None:
    """Put the views of a task's runs into its experiment, where they are not there yet."""
    view = VIEWS.get(experiment)
    if view:
        store.tag_experiment(experiment, f"{TAG}table", _saved("Table", _table(view)))
        store.tag_experiment(experiment, f"{TAG}charts", _saved("Charts", {**_table(view), **_charts(view)}))


def view_link(address: str, experiment: str) -> str:
    """Return the link to the table of an experiment, given by its id, in MLflow's training mode; its menu has the charts."""
    return f"{address}/#/experiments/{experiment}/runs?workflowType=machine_learning&viewStateShareKey=table"


def comparison_link(address: str, experiment: str, runs: Sequence[str]) -> str:
    """Return the link to a comparison of runs, given by their ids."""
    listed = quote(json.dumps(list(runs), separators=(",", ":")))
    return f"{address}/#/compare-runs?runs={listed}&experiments={quote(json.dumps([experiment]))}&workflowType=machine_learning"


def _saved(name: str, state: dict[str, Any]) -> str:
    moment = 0  # of making: the same tag from every run
    return json.dumps({"name": name, "createdAt": moment, "updatedAt": moment, "state": json.dumps(state)})


def _table(view: View) -> dict[str, Any]:
    columns = [_quoted(column) for column in (f"metrics.{view.score}", *view.columns)]
    return {
        "searchFilter": HIDE_STALE,
        "orderByKey": f"metrics.`{view.score}`",
        "orderByAsc": not view.higher_is_better,
        "startTime": "ALL",
        "lifecycleFilter": "Active",
        "datasetsFilter": [],
        "modelVersionFilter": "All Runs",
        "selectedColumns": columns,
        "columnOrder": columns,
        "columnWidths": dict.fromkeys(columns, WIDTH),
        "runsHiddenMode": "SHOWALL",
        "viewMaximized": False,
        "runListHidden": False,
        "isAccordionReordered": False,
        "useGroupedValuesInCharts": True,
        "hideEmptyCharts": True,
        "groupBy": None,
        "groupsExpanded": {},
        "globalLineChartConfig": {"xAxisKey": "step", "lineSmoothness": 0, "selectedXAxisMetricKey": ""},
    }


def _charts(view: View) -> dict[str, Any]:
    """Return the cards of the charts: the score as bars, a line for each curve, parallel coordinates."""
    section = "rnnpipe"
    common = {"metricSectionId": section, "deleted": False, "isGenerated": False, "displayName": ""}
    bars = {"type": "BAR", "uuid": "score", "metricKey": view.score, "runsCountToCompare": 20, **common}
    lines = [
        {
            "type": "LINE",
            "uuid": f"curve-{index}",
            "metricKey": curve,
            "selectedMetricKeys": [curve],
            "scaleType": "linear",
            "xAxisKey": "step",
            "xAxisScaleType": "linear",
            "selectedXAxisMetricKey": "",
            "yAxisKey": "metric",
            "selectedYAxisMetricKey": "",
            "yAxisExpressions": [],
            "lineSmoothness": 0,
            "range": {},
            "runsCountToCompare": 20,
            "ignoreOutliers": False,
            "useGlobalLineSmoothing": True,
            "useGlobalXaxisKey": True,
            **common,
        }
        for index, curve in enumerate(view.curves)
    ]
    parallel = {
        "type": "PARALLEL",
        "uuid": "parallel",
        "selectedParams": list(view.axes),
        "selectedMetrics": [view.score],
        "runsCountToCompare": 100,
        "showAllRuns": True,
        **common,
    }
    return {
        "compareRunCharts": [bars, *lines, parallel],
        "compareRunSections": [{"uuid": section, "name": "Scores and curves", "display": True, "isReordered": False}],
        "isAccordionReordered": True,  # else MLflow sorts the sections by name, its own before ours
    }


def _quoted(column: str) -> str:
    kind, _, name = column.partition(".")
    return f"{kind}.`{name}`"
