"""What DVC's own commands show of the runs: a small file of scores for each run, and one table for each plot.

`dvc metrics show` makes a column of every name in every file, so the files hold what runs are compared by and nothing else.
Vega-Lite, which draws `dvc plots`, tells lines apart by a column: the tables have all runs below one another.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from rnnpipe.common.files import atomic_directory, write_json
from rnnpipe.common.tables import rounded, write_csv
from rnnpipe.params import LongTermRun
from rnnpipe.report.read.long_term import sweeps
from rnnpipe.report.read.measurements import Measured, Measurements

EMBEDDING_SCORES = ("analogies.accuracy", "probe.accuracy")


def write_scores(measurements: Measurements, folder: Path) -> None:
    """Write `<task>/<run>.json` for each run that was measured: its task's score, and that of the validation split."""
    with atomic_directory(folder) as target:
        for run, keys in _scored(measurements):
            scores = {key: rounded(value) for key in keys if (value := run.number(key)) is not None}
            if scores:
                (target / run.task).mkdir(exist_ok=True)
                write_json(target / run.task / f"{run.name}.json", scores)


def write_plot_tables(measurements: Measurements, folder: Path) -> None:
    """Write the tables that the section `plots` of dvc.yaml draws; one without rows has its header alone."""
    with atomic_directory(folder) as target:
        for task in ("sentiment", "ner", "language_model"):
            runs = measurements.of_task(task)
            columns = list(dict.fromkeys(name for run in runs for row in run.history for name in row if name != "step"))
            history = ([run.name, *(row.get(name, "") for name in columns)] for run in runs for row in run.history)
            write_csv(target / f"{task}_history.csv", ["run", *(columns or ["epoch"])], history)
        for task in ("sentiment", "ner"):
            header = ("run", "actual", "predicted", "count")
            write_csv(target / f"{task}_confusion.csv", header, _stacked(measurements.of_task(task), "confusion.csv", header[1:]))
        agreement = ("distance", "accuracy")
        language_models = _stacked(measurements.of_task("language_model"), "agreement.csv", agreement)
        write_csv(target / "language_model_agreement.csv", ("run", *agreement), language_models)
        grids = [(sweep.run.name, *point) for sweep in sweeps(measurements) for point in sweep.mean_curve()]
        write_csv(target / "long_term_agreement.csv", ("run", *agreement), grids)
        norms = ([sweep.run.name, *norm] for sweep in sweeps(measurements) for norm in sweep.gradients.items())
        write_csv(target / "long_term_gradients.csv", ("run", "k", "norm"), norms)


def _scored(measurements: Measurements) -> Iterator[tuple[Measured, tuple[str, ...]]]:
    """Yield each run with the dotted names of its scores in metrics.json."""
    for task, kind in measurements.tasks.items():
        key = kind.score.key
        for run in measurements.of_task(task):
            yield run, (key.replace("test", "validation"), key)
    for run in measurements.of("long_term"):
        yield run, (LongTermRun.score.key,)
    for run in measurements.embeddings:
        yield run, EMBEDDING_SCORES


def _stacked(runs: Iterable[Measured], file: str, columns: Sequence[str]) -> Iterable[Sequence[object]]:
    """Yield the rows of a table beside the metrics of each run, the run's name in front."""
    return ([run.name, *(row[column] for column in columns)] for run in runs for row in run.rows(file))
