"""What the stages measured, for just those runs that the parameters name; folders of former runs are skipped."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from rnnpipe.common.files import read_json
from rnnpipe.common.tables import Row, flatten, read_csv
from rnnpipe.models.history import read_history
from rnnpipe.params import LongTermRun, Params, Run
from rnnpipe.params.base import Strict
from rnnpipe.report.read.provenance import Provenance


@dataclass(frozen=True)
class Measured:
    """One entry of params.yaml: its parameters and what its stage measured (nothing, if the stage did not run yet)."""

    task: str
    section: str
    """Section of params.yaml that holds the entry: `sentiment`, `ngram`, `word2vec` … That of a network is its task."""
    name: str
    parameters: Strict
    metrics: Mapping[str, Any] = field(default_factory=dict)
    """metrics.json with nested keys joined by dots."""
    folder: Path = Path()
    history: tuple[Mapping[str, float], ...] = ()
    """Lines of history.csv: one for each epoch. A network's has `train_loss` and `validation_loss`, an embedding's `loss`."""

    def number(self, key: str) -> float | None:
        """Return a number of the metrics, `perplexity.ratio` say; None where there is none."""
        value = self.metrics.get(key)
        return float(value) if isinstance(value, int | float) else None

    def parameter(self, path: str) -> Any:
        """Return a parameter by its dotted path, `network.cell` say; None where runs of this section have no such parameter."""
        value: Any = self.parameters
        for name in path.split("."):
            value = getattr(value, name, None)
        return value

    def curve(self, column: str) -> tuple[tuple[float, float], ...]:
        """Return (epoch, value) of one column of the history, empty and infinite cells left out."""
        points = [(row["epoch"], row[column]) for row in self.history if column in row]
        return tuple((epoch, value) for epoch, value in points if math.isfinite(value))

    def rows(self, file: str) -> tuple[Row, ...]:
        """Return the rows of a CSV file beside the metrics; none if it is missing."""
        return tuple(read_csv(self.folder / file))

    def lines(self, file: str) -> tuple[str, ...]:
        """Return the lines of a text file beside the metrics; none if it is missing."""
        path = self.folder / file
        return tuple(path.read_text(encoding="utf-8").rstrip("\n").split("\n")) if path.is_file() else ()


LECTURE_FILES = frozenset(("aclImdb_v1.tar.gz", "wikitext-2-v1.zip", "conll2003.zip"))
"""Published corpora that the lecture's claims are measured on, by their publishers' files; the others come from grammars."""


@dataclass(frozen=True)
class Measurements:
    """Everything that the report shows and the claims are judged by."""

    params: Params
    runs: tuple[Measured, ...]
    embeddings: tuple[Measured, ...]
    vocabularies: tuple[Measured, ...]
    equations: Measured
    softmax: tuple[Measured, ...] = ()
    """Entries of the section `softmax`: cost of the softmax, drawn negatives, scores."""
    speed: Mapping[str, Any] = field(default_factory=dict)
    """What `make bench-language-model` found on some machine; empty where nobody ran it."""
    clipping: tuple[Measured, ...] = ()
    """Entries of the section `clipping`: the same trainings with and without."""
    provenance: Provenance | None = None

    @property
    def has_lecture(self) -> bool:
        """Whether any corpus is one that the lecture's claims are about: drawn from a grammar, or published."""
        params = self.params
        published = any(download.file in LECTURE_FILES for download in params.downloads.values())
        return published or params.report.imdb is not None or bool(params.grammars.keys() & params.corpora.keys())

    def of(self, *sections: str) -> tuple[Measured, ...]:
        """Return the runs of some sections of params.yaml, in the order of the file."""
        return tuple(run for run in self.runs if run.section in sections)

    def of_task(self, task: str) -> tuple[Measured, ...]:
        """Return the networks of a task, then the baselines that they are held against."""
        return tuple(run for run in self.runs if run.task == task)

    @cached_property
    def tasks(self) -> dict[str, type[Run]]:
        """Task → class of its runs, which names task and score; long-term grids are language models and no task of their own."""
        networks = ((run.section, type(run.parameters)) for run in self.runs)
        return {task: kind for task, kind in networks if issubclass(kind, Run) and not issubclass(kind, LongTermRun)}


def read_measurements(params: Params, reports: Path, models: Path, embeddings: Path) -> Measurements:
    """Read all reports of the runs in `params`.

    Parameters
    ----------
    params : Params
        Names the runs; nothing else is read.
    reports, models, embeddings : Path
        Holding `<task>/<run>/metrics.json` and CSVs, `<task>/<run>/history.csv`, and `<name>/config.json` and `history.csv`.
    """
    speed = reports / "benchmarks" / "language_model.json"
    equations = Measured("equations", "equations", "equations", params.report, _metrics(reports / "equations"))
    vocabularies = [_read("vocabulary", "corpora", name, entry, reports) for name, entry in params.corpora.items()]
    return Measurements(
        params=params,
        runs=tuple(_runs(params, reports, models)),
        embeddings=tuple(_embeddings(params, reports, embeddings)),
        vocabularies=tuple(vocabularies),
        equations=equations,
        softmax=tuple(_read("softmax", "softmax", name, entry, reports) for name, entry in params.softmax.items()),
        speed=read_json(speed) if speed.is_file() else {},
        clipping=tuple(_read("clipping", "clipping", name, entry, reports) for name, entry in params.clipping.items()),
    )


def _runs(params: Params, reports: Path, models: Path) -> Iterator[Measured]:
    """Yield what params.yaml trains for a task: its networks, and baselines, whose class says which task they report to."""
    for section in type(params).model_fields:
        runs: dict[str, Strict] = getattr(getattr(params, section), "runs", {})
        for name, run in runs.items():
            task = section if isinstance(run, Run) else getattr(run, "task", None)
            if task:
                history = read_history(models / task / name / "history.csv") if task == section else ()
                yield _read(task, section, name, run, reports, tuple(history))


def _embeddings(params: Params, reports: Path, embeddings: Path) -> Iterator[Measured]:
    """Yield each embedding with its history; what its own config.json says stands under `config` beside the metrics."""
    groups: dict[str, Mapping[str, Strict]] = {
        "embeddings": params.embeddings,
        "word2vec": params.word2vec.runs,
        "glove": params.glove.runs,
        "window": params.window.runs,
        "imported": params.imported,
    }
    for section, entries in groups.items():
        for name, entry in entries.items():
            config = embeddings / name / "config.json"
            extra = flatten({"config": read_json(config)}) if config.is_file() else {}
            folder = reports / "embeddings" / name
            metrics = _metrics(folder) if name in params.embedding_evaluation else {}
            history = tuple(read_history(embeddings / name / "history.csv"))
            yield Measured("embeddings", section, name, entry, {**metrics, **extra}, folder, history)


def _read(
    task: str, section: str, name: str, entry: Strict, reports: Path, history: tuple[Mapping[str, float], ...] = ()
) -> Measured:
    folder = reports / task / name
    return Measured(task, section, name, entry, _metrics(folder), folder, history)


def _metrics(folder: Path) -> Mapping[str, Any]:
    path = folder / "metrics.json"
    return flatten(read_json(path)) if path.is_file() else {}
