"""What all parameter classes share: strictness, the ranges of common fields, and the values that a result depends on."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from rnnpipe.common.errors import RnnpipeError

Share = Annotated[float, Field(ge=0.0, lt=1.0)]
Rate = Annotated[float, Field(gt=0.0, lt=1e3)]
Count = Annotated[int, Field(ge=1)]
Width = Annotated[int, Field(ge=1, le=100_000)]  # numbers in a vector; more is a slip of the finger
NAME = r"^[a-z0-9][a-z0-9_-]*$"
Name = Annotated[str, Field(pattern=NAME, max_length=100)]  # a folder's, or part of one

E = TypeVar("E")


@dataclass(frozen=True)
class NoResult:
    """Marks a field that decides how a result is come by and not what it is: `minutes: Annotated[Count, NO_RESULT] = 10`.

    It is no part of `Strict.resolved`, so that a change of it in a section's defaults makes nothing stale.
    """


NO_RESULT = NoResult()


class Strict(BaseModel):
    """No unknown key, no conversion of types, no change after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    def resolved(self) -> dict[str, Any]:
        """Return the values that a result depends on as plain data, defaults filled in."""
        return {name: _plain(value) for name, value in self._deciding()}

    def entry_sums(self) -> dict[str, Any]:
        """Return `resolved` with the sum of its values in place of each named entry: what tells that an entry has changed.

        The values themselves would make a third of dvc.lock, which DVC reads twice and writes once for every stage.
        """
        return {name: _entry_sums(value) for name, value in self._deciding()}

    def _deciding(self) -> list[tuple[str, Any]]:
        left_out = {name for name, field in type(self).model_fields.items() if NO_RESULT in field.metadata}
        return [(name, value) for name, value in self if name not in left_out]  # options of a head are no fields


@dataclass(frozen=True)
class Score:
    """The figure that runs of a task are compared by."""

    key: str
    """In metrics.json."""
    label: str
    digits: int
    """Decimals shown."""
    unit: str = ""
    higher_is_better: bool = True


@dataclass(frozen=True)
class Selection:
    """The validation score by which the kept epoch, the end of a training and the best of several runs are chosen."""

    metric: str
    higher_is_better: bool

    @property
    def column(self) -> str:
        """Its column in history.csv."""
        return f"validation_{self.metric}"


def find(entries: Mapping[str, E], path: str, name: str) -> E:
    """Return an entry of a section.

    Parameters
    ----------
    entries : mapping of str
        The section's entries, such as `params.corpora`.
    path : str
        Where they stand in params.yaml, such as `corpora`.
    name : str

    Raises
    ------
    RnnpipeError
        There is no such entry; the message names those that there are.
    """
    if name not in entries:
        raise RnnpipeError(f"params.yaml: {path}.{name}: no such entry; there are: {', '.join(entries) or 'none'}")
    return entries[name]


def _entry_sums(value: Any) -> Any:
    """Return a section's field with the sum of each entry in its place."""
    if isinstance(value, Strict):
        return value.entry_sums()
    if isinstance(value, dict):
        return {name: _sum(_plain(entry)) for name, entry in value.items()}
    return _plain(value)


def _sum(plain: Any) -> str:
    return hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()[:16]


def _plain(value: Any) -> Any:
    """Return a field's value as JSON has it."""
    if isinstance(value, Strict):
        return value.resolved()
    if isinstance(value, dict):
        return {key: _plain(entry) for key, entry in value.items()}
    return [_plain(entry) for entry in value] if isinstance(value, tuple | list) else value
