"""Tables of runs, and what two runs differ in."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from typing import Any

import typer

from rnnpipe.cli.columns import show_table
from rnnpipe.cli.compared import Compared, find_run, read_runs, score_of
from rnnpipe.common.errors import RnnpipeError
from rnnpipe.params import Score
from rnnpipe.report.blocks import MISSING
from rnnpipe.report.read.groups import format_number
from rnnpipe.runner.seconds import in_words

STALE = "* trained with other parameters than params.yaml has now; `make run` trains it again"


def show_runs(task: str | None, sort: str | None, as_json: bool) -> None:
    """Print a table for each task, or for one, sorted by its score or by a column."""
    tasks = {name: ordered(runs, sort) for name, runs in read_runs(task).items()}
    if sort and not any(_has(run, sort) for runs in tasks.values() for run in runs):
        raise RnnpipeError(f"--sort {sort}: no run has such a column, figure or parameter; `rnnpipe runs --json` shows all")
    if as_json:
        typer.echo(json.dumps([run.plain() for runs in tasks.values() for run in runs], indent=2, ensure_ascii=False))
        return
    if not tasks:
        raise RnnpipeError("no run has results; `make run` makes those of params.yaml")
    for name, runs in tasks.items():
        _show_task(name, runs, sort)
        typer.echo("")
    if any(run.is_stale for runs in tasks.values() for run in runs):
        typer.echo(STALE)


def show_difference(first: str, second: str, task: str | None, as_json: bool) -> None:
    """Print the parameters and the figures in which two runs differ."""
    tasks = read_runs(task)
    one, other = find_run(tasks, first), find_run(tasks, second)
    parameters = _differing(one.parameters, other.parameters)
    figures = _differing(one.metrics, other.metrics)
    if as_json:
        told = {"runs": [one.name, other.name], "parameters": parameters, "metrics": figures}
        typer.echo(json.dumps(told, indent=2, ensure_ascii=False))
        return
    for what, found in (("parameter", parameters), ("figure", figures)):
        if found:
            rows = [(key, *map(_written, values)) for key, values in found.items()]
            show_table((what, one.name, other.name), rows, numbers=(one.name, other.name))
            typer.echo("")
    if not parameters and not figures:
        typer.echo("they do not differ")


def ordered(runs: Sequence[Compared], sort: str | None) -> list[Compared]:
    """Return runs by their score, the best first, or by a column, the least first; what has no value stands last."""
    score = score_of(runs)
    key, turned = (sort.lstrip("-"), sort.startswith("-")) if sort else (score.key, False)
    key = {"test": score.key, "validation": _validation(score)}.get(key, key)
    if key in (score.key, _validation(score)):
        turned ^= score.higher_is_better
    known, others = [run for run in runs if _is_known(run.value(key))], [run for run in runs if not _is_known(run.value(key))]
    try:
        known.sort(key=lambda run: run.value(key), reverse=turned)
    except TypeError:  # numbers and words in one column
        known.sort(key=lambda run: str(run.value(key)), reverse=turned)
    return known + others


def _show_task(name: str, runs: Sequence[Compared], sort: str | None) -> None:
    score = score_of(runs)
    figures = [(score.label, score.key)]
    if score.key.endswith(".test"):
        figures = [("validation", _validation(score)), ("test", score.key)]
    if name == "embeddings":
        figures.append(("probe", "probe.accuracy"))
    columns = [("run", "run"), ("model", "model"), ("corpus", "corpus"), *figures, ("epoch", "epoch"), ("time", "time")]
    extra = (sort or "").lstrip("-")
    if extra and not any(extra in column for column in columns) and any(_has(run, extra) for run in runs):
        columns[1] = extra, extra  # in the place of the model: a line has 80 columns
    columns = [column for column in columns if any(_is_known(run.value(column[1])) for run in runs)]
    rows = [[_cell(run, key, score) for _, key in columns] for run in runs]
    numbers = {heading for heading, key in columns if all(not isinstance(run.value(key), str) for run in runs)}
    show_table([heading for heading, _ in columns], rows, numbers, title=f"{name}: {score.label}{score.unit}")


def _cell(run: Compared, key: str, score: Score) -> str:
    value = run.value(key)
    if key == "run" and run.is_stale:
        return f"{value}*"
    if key == "time" and value is not None:
        return in_words(value)
    same_kind = key in (score.key, _validation(score), "probe.accuracy")
    return format_number(value, score.digits) if same_kind and _is_known(value) else _written(value)


def _validation(score: Score) -> str:
    return f"{score.key.removesuffix('.test')}.validation"


def _differing(one: dict[str, Any], other: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    keys = dict.fromkeys((*one, *other))
    return {key: (one.get(key), other.get(key)) for key in keys if one.get(key) != other.get(key)}


def _has(run: Compared, key: str) -> bool:
    return key.lstrip("-") in ("test", "validation") or run.value(key.lstrip("-")) is not None


def _is_known(value: Any) -> bool:
    return value is not None and not (isinstance(value, float) and math.isnan(value))


def _written(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.6g}"
    return MISSING if value is None else str(value)
