"""The models of the workspace."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from rnnpipe.cli.texts.options import AsJson
from rnnpipe.cli.texts.shown import write_lines, write_objects
from rnnpipe.common.errors import RnnpipeError
from rnnpipe.common.escaping import escaped

if TYPE_CHECKING:
    from rnnpipe.cli.texts.choice import TrainedRun

HEADINGS = ("task", "run", "corpus", "validation", "weights", "")


def models(as_json: AsJson = False) -> None:
    """List the trained models, and which one a command takes.

    Of each its corpus, the score that chose the epoch, and the number of weights. `default` is what a command
    takes where none is named, `champion` what `rnnpipe track` registered.
    """
    from rnnpipe.cli.texts.choice import default_runs, every_run
    from rnnpipe.tracking.champion_files import champion_runs

    runs = list(every_run())
    if not runs:
        raise RnnpipeError("models: no trained model; `make run` trains those of params.yaml")
    defaults = {run.directory for run in default_runs()}
    try:
        champions = champion_runs()
    except RnnpipeError as error:  # a server that is down keeps nobody from seeing the models
        champions = set()
        typer.echo(f"warning: champions are not shown: {error}", err=True)
    listed = [_listed(run, run.directory in defaults, (run.task, run.corpus, run.name) in champions) for run in runs]
    if as_json:
        write_objects(listed)
    else:
        write_lines(_table([HEADINGS, *map(_cells, listed)]))


def _listed(run: "TrainedRun", is_default: bool, is_champion: bool) -> dict[str, Any]:
    return {
        "task": run.task,
        "run": run.name,
        "corpus": run.corpus,
        "selection": run.selection.metric,
        "score": run.score,
        "weights": _weights(run.directory / "model.safetensors"),
        "default": is_default,
        "champion": is_champion,
        "directory": str(run.directory),
    }


def _weights(path: Path) -> int | None:
    """Return the number of weights; None where the file is damaged or was not pulled."""
    from safetensors import SafetensorError

    from rnnpipe.cards import number_of_weights

    try:
        return number_of_weights(path)
    except (OSError, SafetensorError):
        return None


def _cells(one: dict[str, Any]) -> tuple[str, ...]:
    score = "–" if one["score"] is None else f"{one['score']:.4g}"
    weights = "–" if one["weights"] is None else f"{one['weights']:,}"
    marks = ", ".join(name for name in ("default", "champion") if one[name])
    return one["task"], one["run"], one["corpus"], f"{one['selection']} {score}", weights, marks


def _table(rows: list[tuple[str, ...]]) -> list[str]:
    cells = [tuple(map(escaped, row)) for row in rows]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in cells]
