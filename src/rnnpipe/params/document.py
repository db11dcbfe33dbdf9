"""The whole of `params.yaml` as one strictly checked value."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pydantic import ValidationError, model_validator
from pydantic_core import ErrorDetails
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.params.base import Count, Name
from rnnpipe.params.baselines import BagOfWordsRun, MlpRun, NgramRun
from rnnpipe.params.contradictions import contradictions
from rnnpipe.params.corpora import Corpus, Download, Grammar, JoinedCorpus
from rnnpipe.params.embeddings import (
    CooccurrenceSettings,
    DeclaredEmbedding,
    EmbeddingEvaluation,
    GloVeRun,
    ImportedEmbedding,
    SoftmaxSettings,
    WindowRun,
    Word2VecRun,
)
from rnnpipe.params.report import Report
from rnnpipe.params.sections import Section
from rnnpipe.params.tasks import TaskSections


class Params(TaskSections):
    """The whole of `params.yaml`: one field for each section."""

    seed: int
    downloads: dict[Name, Download] = {}
    grammars: dict[Name, Grammar] = {}
    corpora: dict[Name, Corpus]
    joined: dict[Name, JoinedCorpus] = {}
    counting_shards: tuple[Count, ...] = (1,)
    """1, 2, … n: each corpus is counted in n parts, each a job of its own; the counts do not depend on n."""
    cooccurrence: dict[Name, CooccurrenceSettings] = {}
    embeddings: dict[Name, DeclaredEmbedding] = {}
    word2vec: Section[Word2VecRun] = Section()
    glove: Section[GloVeRun] = Section()
    window: Section[WindowRun] = Section()
    imported: dict[Name, ImportedEmbedding] = {}
    embedding_evaluation: dict[Name, EmbeddingEvaluation] = {}
    softmax: dict[Name, SoftmaxSettings] = {}
    ngram: Section[NgramRun] = Section()
    bag_of_words: Section[BagOfWordsRun] = Section()
    mlp: Section[MlpRun] = Section()
    report: Report

    @property
    def embedding_names(self) -> set[str]:
        """Names of all embeddings, whichever stage makes them."""
        return set(self._embedding_sources)

    @property
    def _embedding_sources(self) -> list[str]:
        return [*self.embeddings, *self.word2vec.runs, *self.glove.runs, *self.window.runs, *self.imported]

    @model_validator(mode="after")
    def _names_exist(self) -> Params:
        twice = _twice(self._embedding_sources)
        if twice:
            raise ValueError(f"two embeddings are named {twice!r}")
        both = _twice([*self.downloads, *self.grammars, *self.joined])
        if both:
            raise ValueError(f"{both!r} stands in two of downloads, grammars and joined")
        if self.counting_shards != tuple(range(1, len(self.counting_shards) + 1)) or not self.counting_shards:
            raise ValueError("counting_shards: must be 1, 2, … up to the number of parts")
        for path, name in self._references("corpus"):
            _known(path, name, self.corpora)
        for path, name in self._references("embedding"):
            _known(path, name, self.embedding_names)
        for key, entry in self.joined.items():
            for name in entry.splits:
                _known(f"joined.{key}", name, self.corpora)
        for name in self.cooccurrence:
            _known("cooccurrence", name, self.corpora)
        for name in self.embedding_evaluation:
            _known("embedding_evaluation", name, self.embedding_names)
        for contradiction in contradictions(self):
            raise ValueError(contradiction)
        return self

    def dimension_of(self, embedding: str) -> int | None:
        """Return the numbers in a vector of an embedding; None where the vocabulary or an imported file decides."""
        if embedding in self.glove.runs:
            run = self.glove.runs[embedding]
            return run.dimension * (2 if run.vectors == "concat" else 1)
        for entries in (self.embeddings, self.word2vec.runs, self.window.runs):
            if embedding in entries:
                found: int | None = entries[embedding].dimension
                return found
        return None

    def run(self, section: str, name: str) -> Any:
        """Return a run of a section; of the section `long_term` also one training of the grid, `<run>/<rate>-<seed>`.

        Raises
        ------
        RnnpipeError
            There is no such run.
        """
        runs: Section[Any] = getattr(self, section)
        try:
            return runs.find(name)
        except KeyError:
            known = ", ".join(runs.runs) or "none"
            raise RnnpipeError(f"params.yaml: {section}.runs.{name}: no such run; there are: {known}") from None

    def _references(self, field: str) -> list[tuple[str, str]]:
        """Return (path, name) of everything that names a corpus or an embedding."""
        found = []
        for section in type(self).model_fields:
            value = getattr(self, section)
            entries = value.runs if isinstance(value, Section) else value
            if isinstance(entries, dict):
                path = f"{section}.runs" if isinstance(value, Section) else section
                found += [(f"{path}.{key}.{field}", getattr(run, field)) for key, run in entries.items() if hasattr(run, field)]
        return found


def _twice(names: list[str]) -> str | None:
    """Return the first name, in the order of the alphabet, that stands there more than once."""
    return next((name for name in sorted(names) if names.count(name) > 1), None)


def _known(path: str, name: str, known: Any) -> None:
    if name not in known:
        raise ValueError(f"{path}: {name!r} is not one of {', '.join(sorted(known))}")


def load_params(path: Path = Path("params.yaml")) -> Params:
    """Read and check a parameter file.

    Raises
    ------
    RnnpipeError
        The file is missing, no YAML, or holds an unknown key or a value that its key does not allow: one line names
        file, key and what is allowed.
    """
    document = _read_yaml(path)
    sections = {name: value for name, value in document.items() if isinstance(value, dict) and "runs" in value}
    for name, section in sections.items():
        document[name] = _fill_defaults(path, name, section)
    try:
        return Params.model_validate_json(json.dumps(document))
    except ValidationError as error:
        raise RnnpipeError(f"{path}: {'; '.join(_one_line(detail, document) for detail in error.errors())}") from None


def _read_yaml(path: Path) -> dict[str, Any]:
    try:
        document = YAML(typ="safe", pure=True).load(path)
    except FileNotFoundError:
        raise RnnpipeError(f"{path}: no such file; `rnnpipe preset sample` writes one") from None
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise RnnpipeError(f"{path}:{line}: {error.problem}") from None
    if not isinstance(document, dict):
        raise RnnpipeError(f"{path}: holds no sections; `rnnpipe preset sample` writes a full file")
    return document


def _fill_defaults(path: Path, name: str, section: dict[str, Any]) -> dict[str, Any]:
    """Return the section with `defaults` merged into each of its runs; an unknown default is refused even without runs."""
    annotation = Params.model_fields[name].annotation if name in Params.model_fields else None
    if not (isinstance(annotation, type) and issubclass(annotation, Section)):
        return section
    defaults = section.get("defaults") or {}
    run_class = annotation.model_fields["runs"].annotation.__args__[1]  # type: ignore[union-attr]
    unknown = sorted(set(defaults) - set(run_class.model_fields))
    if unknown:
        allowed = ", ".join(run_class.model_fields)
        raise RnnpipeError(f"{path}: {name}.defaults.{unknown[0]}: unknown key; allowed are {allowed}")
    runs = {key: _merged(defaults, run) if isinstance(run, dict) else run for key, run in (section["runs"] or {}).items()}
    return {**{key: value for key, value in section.items() if key != "defaults"}, "runs": runs}


def _merged(below: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    """Return two nested mappings as one; where both have a value, `above` wins."""
    merged = {**below, **above}
    for key in below.keys() & above.keys():
        if isinstance(below[key], dict) and isinstance(above[key], dict):
            merged[key] = _merged(below[key], above[key])
    return merged


def _one_line(detail: ErrorDetails, document: dict[str, Any]) -> str:
    """Say what is wrong with one value: path, what is allowed, what stands there."""
    where = ".".join(_path(detail["loc"], document))
    if detail["type"] == "extra_forbidden":
        return f"{where}: unknown key"
    message = detail["msg"].removeprefix("Value error, ")
    value = detail["input"]
    shown = f", not {value!r}" if isinstance(value, str | int | float | bool) else ""
    return f"{where}: {message}{shown}" if where else message


def _path(location: tuple[str | int, ...], document: Any) -> list[str]:
    """Return the keys that lead to a value; pydantic puts the kind of an entry between them, which no user wrote."""
    path = []
    for number, key in enumerate(location):
        last = number == len(location) - 1
        inside = key in document if isinstance(document, dict) else isinstance(document, list)
        if inside or last:
            path.append(str(key))
        if inside:
            document = document[key]
    return path
