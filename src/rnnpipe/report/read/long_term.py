"""Agreement by distance and gradient norms over the grids of learning rates and seeds in section `long_term`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from rnnpipe.report.read.groups import Spread, families_but_for, group_runs, pairs_differing_in
from rnnpipe.report.read.measurements import Measured, Measurements


@dataclass(frozen=True)
class Point:
    """Accuracy in percent of one network at one distance; `chosen`: at the rate that did best on the valid split."""

    rate: float
    seed: int
    chosen: bool
    distance: int
    accuracy: float


@dataclass(frozen=True)
class Sweep:
    """One network at all learning rates and seeds."""

    run: Measured

    @property
    def cell(self) -> str:
        """Name of the cell."""
        return str(self.run.parameter("network.cell"))

    @property
    def label(self) -> str:
        """The cell, and its initialisation where that is not the default."""
        initialisation = self.run.parameter("network.initialisation")
        return self.cell if initialisation == "default" else f"{self.cell}, {initialisation}"

    @property
    def epochs(self) -> int:
        """How long each network was trained."""
        return int(self.run.parameter("trainer.epochs"))

    @cached_property
    def points(self) -> tuple[Point, ...]:
        """All rows of agreement.csv."""
        return tuple(
            Point(
                float(row["learning_rate"]),
                int(row["seed"]),
                row["chosen"].lower() in ("1", "true"),
                int(row["distance"]),
                float(row["accuracy"]),
            )
            for row in self.run.rows("agreement.csv")
        )

    @property
    def longest(self) -> int:
        """The longest distance in tokens; 0 before anything was measured."""
        return max(self.distances, default=0)

    @property
    def distances(self) -> tuple[int, ...]:
        """All distances in tokens, the shortest first."""
        return tuple(sorted({point.distance for point in self.points}))

    def chosen(self, shortest: int, longest: int | None = None) -> Spread | None:
        """Return, over the seeds at the chosen rate, the mean accuracy at the distances of a range; None without such."""
        seeds: dict[int, list[float]] = {}
        for point in self.points:
            if point.chosen and shortest <= point.distance <= (longest if longest is not None else point.distance):
                seeds.setdefault(point.seed, []).append(point.accuracy)
        return Spread(tuple(Spread(tuple(values)).mean for values in seeds.values())) if seeds else None

    def curve(self, rate: float, seed: int) -> tuple[tuple[float, float], ...]:
        """Return (distance, accuracy) of one network."""
        return tuple(sorted((p.distance, p.accuracy) for p in self.points if (p.rate, p.seed) == (rate, seed)))

    def mean_curve(self) -> tuple[tuple[float, float], ...]:
        """Return (distance, mean accuracy over the seeds) at the chosen rate."""
        spreads = ((distance, self.chosen(distance, distance)) for distance in self.distances)
        return tuple((distance, spread.mean) for distance, spread in spreads if spread)

    @cached_property
    def gradients(self) -> dict[int, float]:
        """Steps back k → norm of the gradient of the loss at a word with respect to the input k steps before, after training."""
        return {int(row["k"]): float(row["norm"]) for row in self.run.rows("gradients.csv")}

    @cached_property
    def untrained_gradients(self) -> dict[int, float]:
        """The same norms before training."""
        rows = self.run.rows("gradients.csv")
        return {int(row["k"]): float(row["norm_before_training"]) for row in rows}


def sweeps(measurements: Measurements) -> tuple[Sweep, ...]:
    """Return all sweeps in the order of params.yaml, of several that differ only in their epochs the shortest.

    That one is judged; the longer ones are shown beside it (`trainings`).
    """
    return tuple(family[0] for family in trainings(measurements))


def trainings(measurements: Measurements) -> tuple[tuple[Sweep, ...], ...]:
    """Return families of sweeps that differ only in how long they were trained, the shortest first; some have one member."""
    families = families_but_for(group_runs(measurements.of("long_term")), "trainer.epochs")
    return tuple(
        tuple(sorted(map(Sweep, (group.first for group in family)), key=lambda sweep: sweep.epochs)) for family in families
    )


def comparable_sweeps(measurements: Measurements) -> list[dict[str, Sweep]]:
    """Return families of sweeps that differ only in the cell, cell → sweep, at the default initialisation."""
    judged = {sweep.run.name for sweep in sweeps(measurements)}
    families = pairs_differing_in(group_runs(measurements.of("long_term")), "network.cell")
    default = [family for family in families if family[0].first.parameter("network.initialisation") == "default"]
    kept = ([Sweep(group.first) for group in family if group.first.name in judged] for family in default)
    return [{sweep.cell: sweep for sweep in family} for family in kept if family]
