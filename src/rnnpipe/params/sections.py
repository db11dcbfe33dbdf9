"""A section of params.yaml that holds runs."""

from __future__ import annotations

from typing import Generic, TypeVar

from rnnpipe.params.base import Name, Strict

R = TypeVar("R", bound=Strict)


class Section(Strict, Generic[R]):
    """`defaults` for all runs of a section and `runs`, name → what differs. Each run is kept with its defaults filled in."""

    runs: dict[Name, R] = {}

    def find(self, name: str) -> R:
        """Return a run by its name; a `KeyError` says that there is none."""
        return self.runs[name]
