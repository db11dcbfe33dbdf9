"""The lecture's claims and their verdicts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib.resources import files
from typing import Literal

from ruamel.yaml import YAML

from rnnpipe.params import ClaimBars
from rnnpipe.params.base import Strict
from rnnpipe.report.blocks import MISSING
from rnnpipe.report.read.measurements import Measurements

State = Literal["holds", "does not hold", "shown", "not yet measured"]


class Claim(Strict):
    """One claim of the lecture."""

    id: str
    slide: str
    claim: str
    measured: str
    """What is measured, and how."""
    bar: str = ""
    """What the figure is held against; `{…}` stands for a field of `report.claims`. Empty: the figure is shown."""
    stages: list[str]
    """The stages that the figure comes from."""
    waits_for: str = ""
    """What has to exist before the claim can be measured; empty where it can."""

    def bar_of(self, bars: ClaimBars) -> str:
        """Return the bar with the values of the parameters; a dash where there is none."""
        return self.bar.format(**bars.model_dump()) or MISSING


@dataclass(frozen=True)
class Verdict:
    """What was found. `shown`: a figure without a bar to clear."""

    state: State
    figure: str = MISSING


NOT_MEASURED = Verdict("not yet measured")
Rule = Callable[[Measurements], Verdict]
"""Judges one claim from the measurements and from `report.claims` in the parameters, and from nothing else."""


def load_claims() -> tuple[Claim, ...]:
    """Return all claims, in the lecture's order."""
    text = files("rnnpipe.report").joinpath("claims.yaml").read_text(encoding="utf-8")
    return tuple(Claim.model_validate(entry) for entry in YAML(typ="safe", pure=True).load(text))


def verdict_if(holds: bool, figure: str) -> Verdict:
    """Return `holds` or `does not hold`."""
    return Verdict("holds" if holds else "does not hold", figure)


def join(figures: Iterable[str]) -> str:
    """Put figures below each other in one cell."""
    return "\n".join(figures)
