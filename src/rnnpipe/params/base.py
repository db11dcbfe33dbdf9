"""What all parameter classes share: strictness, and the ranges of common fields."""

from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

Share = Annotated[float, Field(ge=0.0, lt=1.0)]
Rate = Annotated[float, Field(gt=0.0, lt=1e3)]
Count = Annotated[int, Field(ge=1)]
Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]*$")]


class Strict(BaseModel):
    """No unknown key, no conversion of types, no change after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    def resolved(self) -> dict[str, Any]:
        """Return all values that a result depends on as plain data, defaults filled in; `NO_RESULT` fields are left out."""
        values = self.model_dump(mode="json", exclude=self._without_result())
        return values

    def _without_result(self) -> dict[str, Any]:
        """Return what `model_dump` is to leave out, in nested values too."""
        excluded: dict[str, Any] = {}
        for name, field in type(self).model_fields.items():
            value = getattr(self, name)
            if any(mark is NO_RESULT for mark in field.metadata):
                excluded[name] = True
            elif isinstance(value, Strict) and (inner := value._without_result()):
                excluded[name] = inner
            elif isinstance(value, dict):
                entries = {key: entry._without_result() for key, entry in value.items() if isinstance(entry, Strict)}
                if entries := {key: inner for key, inner in entries.items() if inner}:
                    excluded[name] = entries
        return excluded


@dataclass(frozen=True)
class NoResult:
    """Marks a field that changes how a result is made, and not the result."""


NO_RESULT = NoResult()


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
