"""The card of one trained model, from its directory, its report and params.yaml: equal files give equal bytes."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from safetensors import safe_open

from rnnpipe.cards.data import licence, origin, splits
from rnnpipe.cards.figures import METHODS, Figure, figures
from rnnpipe.cards.intervals import Interval
from rnnpipe.cards.limits import limits
from rnnpipe.cards.tasks import listed, purpose_of
from rnnpipe.common.files import atomic_directory, read_json
from rnnpipe.common.tables import flatten
from rnnpipe.models.history import best_row, read_history
from rnnpipe.params import Params, Selection
from rnnpipe.params.registry import registered_name
from rnnpipe.params.tasks import LongTermSection, TaskSections
from rnnpipe.text.vocabulary import RESERVED, Vocabulary

EXAMPLE_WORDS = 8


def write_cards(params: Params, reports: Path, models: Path, target: Path) -> None:
    """Write `<task>/<run>.md` for each model of the runs in `params` that has been trained, and nothing else."""
    with atomic_directory(target) as folder:
        for task, run in _trainings(params):
            if (models / task / run / "config.json").is_file():
                path = folder / task / f"{run}.md"
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(model_card(params, task, run, models, reports), encoding="utf-8", newline="\n")


def model_card(params: Params, task: str, run: str, models: Path, reports: Path, evaluated: bool = True) -> str:
    """Return the card of a model in Markdown.

    Parameters
    ----------
    params : Params
        Says where the corpus comes from.
    task, run : str
        Of long term `<run>/<trial>`.
    models, reports : Path
        Holding `<task>/<run>/`; the report may be missing, then the card has no figures of it.
    evaluated : bool, default=True
        False: the report is not this model's.
    """
    directory, report = models / task / run, reports / task / run
    config = read_json(directory / "config.json")
    corpus = config["parameters"]["corpus"]
    coverage, words = _metrics(reports / "vocabulary" / corpus), _words(directory)
    found = figures(task, _metrics(report), report) if evaluated else []
    purpose = purpose_of(task)
    facts = {
        "task": task,
        "run": run,
        "corpus": corpus,
        "name": registered_name(task, corpus),
        "does": purpose.does(config),
        "network": _network(config),
        "weights": number_of_weights(directory / "model.safetensors"),
        "origin": origin(params, corpus),
        "licence": licence(params, corpus),
        "splits": splits(coverage),
        "documents": config["sizes"]["documents"],
        "words": len(words),
        "figures": found,
        "methods": _methods(found),
        "kept": _kept(directory / "history.csv", params.run(task, run).selected_by),
        "settings": _settings(config["parameters"]),
        "use": purpose.use,
        "limits": limits(params, task, config, coverage, len(words)),
        "command": purpose.command,
        "example": example_text(directory),
    }
    return _environment().get_template("card.md.jinja").render(facts)


def example_text(directory: Path) -> str:
    """Return some frequent words of a model directory's vocabulary: a text that the model has words for."""
    words = _words(directory)
    return " ".join([word for word in words if word.isalnum()][:EXAMPLE_WORDS] or words[:1])


def number_of_weights(path: Path) -> int:
    """Return the numbers in a file of weights, of which only the head is read."""
    with safe_open(path, "np") as tensors:
        return sum(math.prod(tensors.get_slice(name).get_shape()) for name in tensors.keys())  # noqa: SIM118 - no mapping


def _trainings(params: Params) -> Iterator[tuple[str, str]]:
    """Yield (task, run) of all networks that are trained; of long term `<run>/<trial>`."""
    for task in TaskSections.model_fields:
        section = getattr(params, task)
        trials = section.trials if isinstance(section, LongTermSection) else {}
        for run in section.runs:
            yield from ((task, f"{run}/{trial}") for trial in trials) if trials else [(task, run)]


def _words(directory: Path) -> list[str]:
    return Vocabulary.from_file(directory / "vocabulary.tsv").tokens[len(RESERVED) :]


def _network(config: Mapping[str, Any]) -> str:
    """Return the kind of network: `LSTM of 2 layers that reads both ways`."""
    network = config["parameters"]["network"]
    layers = f"{network['layers']} layers" if network["layers"] > 1 else "one layer"
    return f"{network['cell']} of {layers}" + (" that reads both ways" if network["bidirectional"] else "")


def _kept(history: Path, selection: Selection) -> dict[str, Any] | None:
    """Return which epoch's weights were kept, and why; None without a history."""
    rows = read_history(history)
    row = best_row(rows, selection)
    score = row[selection.column] if row else None
    return {"epoch": row["epoch"], "of": len(rows), "metric": selection.metric, "score": score} if row else None


def _methods(found: Sequence[Figure]) -> dict[str, list[str]]:
    """Return how intervals were found → the figures whose are."""
    return {method: [*dict.fromkeys(figure.name for figure in found if figure.method == method)] for method in METHODS}


def _settings(parameters: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the parameters of a run by group; those that stand alone are the group `run`."""
    groups = {name: flatten(value) for name, value in parameters.items() if isinstance(value, Mapping)}
    return {"run": {name: value for name, value in parameters.items() if name not in groups}, **groups}


def _metrics(folder: Path) -> Mapping[str, Any]:
    path = folder / "metrics.json"
    return flatten(read_json(path)) if path.is_file() else {}


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("rnnpipe.cards", package_path=""),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    # Markdown and no HTML: a name is set as code, and other text of the user becomes one line, by these.
    filters: dict[str, Callable[..., str]] = {"code": lambda name: listed([name]), "plain": _plain, "interval": _interval}
    environment.filters |= filters
    return environment


def _plain(text: str) -> str:
    """Return a text as one line without what Markdown would read as a table or HTML."""
    return " ".join(text.split()).replace("|", "\\|").replace("<", "\\<")


def _interval(interval: Interval | None) -> str:
    return f"{interval.low:.2f} to {interval.high:.2f}" if interval else "–"
