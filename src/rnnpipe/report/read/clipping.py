"""The same trainings with and without clipping, as the report sees them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from rnnpipe.report.blocks import MISSING
from rnnpipe.report.read.groups import Spread
from rnnpipe.report.read.measurements import Measured

Kind = Literal["clipped", "unclipped"]
KINDS: dict[Kind, str] = {"clipped": "with clipping", "unclipped": "without"}


@dataclass(frozen=True)
class Clipping:
    """One entry of the section `clipping`."""

    run: Measured

    @property
    def measured(self) -> bool:
        """Whether its stage has run."""
        return self.run.number("clipped.largest_norm") is not None

    @property
    def seeds(self) -> tuple[int, ...]:
        """Those that it was trained with."""
        return tuple(self.run.parameter("seeds"))

    def loss(self, kind: Kind, seed: int) -> float | None:
        """Return the loss that a training ended with, in nats a word; None where it diverged."""
        return self.run.number(f"{kind}.loss.{seed}")

    def told(self, kind: Kind) -> str:
        """Say what became of the trainings of a kind: norm, those that diverged, loss of the others."""
        largest, diverged = self.run.number(f"{kind}.largest_norm") or math.nan, self.run.number(f"{kind}.diverged") or 0
        ended = tuple(loss for seed in self.seeds if (loss := self.loss(kind, seed)) is not None)
        lost = f", {diverged:.0f} of {len(self.seeds)} diverged" if diverged else ""
        return f"norm up to {largest:.3g}{lost}, loss {Spread(ended).text(2) if ended else MISSING}"

    @cached_property
    def curves(self) -> dict[tuple[Kind, int], tuple[tuple[int, float, float], ...]]:
        """(Kind, seed) → (step, loss, norm) of each step."""
        curves: dict[tuple[Kind, int], list[tuple[int, float, float]]] = {}
        for row in self.run.rows("steps.csv"):
            kind: Kind = "clipped" if row["clip"] else "unclipped"
            curves.setdefault((kind, int(row["seed"])), []).append((int(row["step"]), float(row["loss"]), float(row["norm"])))
        return {name: tuple(points) for name, points in curves.items()}
