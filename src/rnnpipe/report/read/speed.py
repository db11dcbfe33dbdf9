"""The figures of `make bench-language-model`: times of one machine, kept in git."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from rnnpipe.report.read.measurements import Measurements

THREADS = "threads-"
SIZE = "small"
"""The layer whose cells are compared: of the lecture's size."""


@dataclass(frozen=True)
class Speeds:
    """What was timed with one number of threads."""

    threads: int
    figures: dict[str, Any]

    @property
    def title(self) -> str:
        """`1 thread`, `2 threads`."""
        return f"{self.threads} thread{'s' if self.threads > 1 else ''}"

    @property
    def training(self) -> dict[str, float]:
        """Whole steps of language models, tokens/s: `example` is PyTorch's, the others are heads of ours."""
        return dict(self.figures["training"])

    @property
    def speedup(self) -> dict[str, float]:
        """How many times as fast each head's step is as the example's."""
        return dict(self.figures["speedup"])

    @property
    def ratios(self) -> dict[str, float]:
        """Tokens/s of one cell over another's, in layers of the lecture's size."""
        return dict(self.figures["ratios"][SIZE])

    def cell(self, name: str, size: str, figure: str) -> float | None:
        """Return a figure of a cell, `tokens_per_second` or `share_of_peak`; None of a cell that was not timed."""
        return self.figures["cells"][size].get(name, {}).get(figure)  # type: ignore[no-any-return]


def speeds(measurements: Measurements) -> tuple[Speeds, ...]:
    """Return what was timed, by the number of threads; nothing where nobody ran the benchmark, or no claim is about it."""
    if not measurements.has_lecture:
        return ()
    keys = (key for key in measurements.speed if key.startswith(THREADS))
    found = (Speeds(int(key.removeprefix(THREADS)), measurements.speed[key]) for key in keys)
    return tuple(sorted(found, key=lambda timed: timed.threads))


def machine(measurements: Measurements) -> str:
    """Return what it was timed on, in words."""
    hardware, versions = measurements.speed["hardware"], measurements.speed["versions"]
    return f"{hardware['processor']}, {hardware['processors']} processors, torch {versions['torch']}"
