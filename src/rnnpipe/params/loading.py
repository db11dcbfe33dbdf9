"""Reading `params.yaml`: defaults filled into runs, and errors in one line with the key's whole path."""

from __future__ import annotations

import json
import reprlib
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.params.base import NAME
from rnnpipe.params.document import Params
from rnnpipe.params.sections import Section
from rnnpipe.params.shared import fill_raw
from rnnpipe.params.yaml_file import read_yaml

MOST_TOLD = 5
"""Mistakes that are told at once."""


def load_params(path: Path = Path("params.yaml")) -> Params:
    """Read and check a parameter file.

    Raises
    ------
    RnnpipeError
        The file is missing, no YAML, or holds an unknown key or a value that its key does not allow: one line names
        file, key and what is allowed.
    """
    document = read_yaml(path)
    if not isinstance(document, dict):
        raise RnnpipeError(f"{path}: holds no sections; `rnnpipe preset sample` writes a full file")
    document = json.loads(json.dumps(document))  # what an alias stands for is one value in YAML, and here an entry of its own
    for name, section in document.items():
        if section is None and name in Params.model_fields and _may_be_empty(Params.model_fields[name].default):
            raise RnnpipeError(f"{path}: {name}: nothing stands there; write `{name}: {{}}`, or leave the section out")
        if isinstance(section, dict):
            document[name] = _fill_defaults(path, name, section)
    fill_raw(path, document)
    try:
        return Params.model_validate_json(json.dumps(document))
    except ValidationError as error:
        raise RnnpipeError(f"{path}: {_all_told(error.errors(), document)}") from None


def _may_be_empty(default: Any) -> bool:
    return isinstance(default, dict | BaseModel)


def _fill_defaults(path: Path, name: str, section: dict[str, Any]) -> dict[str, Any]:
    """Return the section with `defaults` filled into each of its runs; an unknown default is refused even without runs."""
    annotation = Params.model_fields[name].annotation if name in Params.model_fields else None
    if not (isinstance(annotation, type) and issubclass(annotation, Section)):
        return section
    defaults, runs = section.get("defaults") or {}, section.get("runs", {})
    if runs is None:
        raise RnnpipeError(f"{path}: {name}.runs: nothing stands there; write `runs: {{}}`, or leave it out")
    for key, given in (("defaults", defaults), ("runs", runs)):
        if not isinstance(given, dict):
            raise RnnpipeError(f"{path}: {name}.{key}: must hold names with their values, not {reprlib.repr(given)}")
    run_class = annotation.model_fields["runs"].annotation.__args__[1]  # type: ignore[union-attr]
    _refuse_unknown(f"{path}: {name}.defaults", defaults, run_class)
    merged = {key: _merged(defaults, run) if isinstance(run, dict) else run for key, run in runs.items()}
    return {**{key: value for key, value in section.items() if key != "defaults"}, "runs": merged}


def _refuse_unknown(where: str, given: dict[str, Any], model: type[BaseModel]) -> None:
    """Refuse a default that is no field of `model`, or of the group of fields that it stands in."""
    for key, value in given.items():
        if key not in model.model_fields:
            raise RnnpipeError(f"{where}.{key}: unknown key; allowed are {', '.join(model.model_fields)}")
        group = model.model_fields[key].annotation
        if isinstance(value, dict) and isinstance(group, type) and issubclass(group, BaseModel) and _is_closed(group):
            _refuse_unknown(f"{where}.{key}", value, group)


def _is_closed(group: type[BaseModel]) -> bool:
    """Tell whether a group of fields allows no others; a head takes what its kind takes."""
    return group.model_config.get("extra") == "forbid"


def _merged(defaults: dict[str, Any], run: dict[str, Any]) -> dict[str, Any]:
    """Return a run with what it leaves out taken from the defaults, in groups of fields too."""
    result = {**defaults, **run}
    for key in defaults.keys() & run.keys():
        if isinstance(defaults[key], dict) and isinstance(run[key], dict):
            result[key] = _merged(defaults[key], run[key])
    return result


def _all_told(details: list[ErrorDetails], document: dict[str, Any]) -> str:
    """Say what is wrong with the first few values."""
    told = list(dict.fromkeys(_one_line(detail, document) for detail in details))
    more = [f"and {len(told) - MOST_TOLD} more"] if len(told) > MOST_TOLD else []
    return "; ".join([*told[:MOST_TOLD], *more])


def _one_line(detail: ErrorDetails, document: dict[str, Any]) -> str:
    """Say what is wrong with one value: path, what is allowed, what stands there."""
    where = ".".join(_path(detail["loc"], document))
    if detail["type"] == "extra_forbidden":
        return f"{where}: unknown key"
    message, value = _message(detail), detail["input"]
    shown = f", not {reprlib.repr(value)}" if isinstance(value, str | int | float | bool) else ""
    return f"{where}: {message}{shown}" if where else message


def _message(detail: ErrorDetails) -> str:
    """Return what pydantic says, in words of our own where a reader of YAML may not know its own."""
    known = detail.get("ctx", {})
    if known.get("pattern") == NAME:
        return "a name has small letters, digits, - and _, the first a letter or digit"
    if detail["type"] in ("model_type", "dict_type"):
        return "must hold keys with their values"
    if detail["type"] == "union_tag_not_found":
        return f"{known['discriminator']} is missing"
    return detail["msg"].removeprefix("Value error, ")


def _path(location: tuple[str | int, ...], document: Any) -> list[str]:
    """Return the keys that lead to a value; pydantic puts the kind of an entry between them, which no user wrote."""
    path = []
    for number, key in enumerate(location):
        last = number == len(location) - 1
        inside = key in document if isinstance(document, dict) else isinstance(document, list) and isinstance(key, int)
        if inside or (last and isinstance(document, dict)):
            path.append(str(key))
        if inside:
            document = document[key]
    return path
