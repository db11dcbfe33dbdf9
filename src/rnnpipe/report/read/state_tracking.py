"""Runs on the corpora of the grammar `state`: who still knows the state on texts that are longer than those of training."""

from __future__ import annotations

from dataclasses import dataclass

from rnnpipe.params import StateGrammar
from rnnpipe.report.read.groups import Group, Spread, by_corpus, group_runs
from rnnpipe.report.read.measurements import Measurements

WITHIN, BEYOND, GUESSING = "accuracy.test", "accuracy.test_longer", "truth.guessing_accuracy"


@dataclass(frozen=True)
class Tracker:
    """One network, all its seeds; accuracies are percent of the tags."""

    group: Group
    label: str
    """Its cell, or the name of the run where several have that cell."""
    within: Spread | None
    """On texts as long as in training."""
    beyond: Spread
    """On longer texts."""

    @property
    def cell(self) -> str:
        """Name of the cell."""
        return str(self.group.first.parameter("network.cell"))


@dataclass(frozen=True)
class Problem:
    """One corpus with the networks that were asked, in the order of params.yaml."""

    corpus: str
    settings: StateGrammar
    guessing: float
    """Accuracy in percent of a reader that has lost the state."""
    trackers: tuple[Tracker, ...]


def problems(measurements: Measurements) -> tuple[Problem, ...]:
    """Return the corpora of the grammar with at least one network that was measured."""
    found = []
    for corpus, groups in by_corpus(group_runs(measurements.of("ner"))).items():
        settings = measurements.params.grammars.get(corpus)
        scored = [(group, spread) for group in groups if (spread := group.spread(BEYOND))]
        guessing = scored[0][0].spread(GUESSING) if scored else None
        if isinstance(settings, StateGrammar) and guessing:
            found.append(Problem(corpus, settings, guessing.mean, tuple(_trackers(scored))))
    return tuple(found)


def _trackers(scored: list[tuple[Group, Spread]]) -> list[Tracker]:
    cells = [group.first.parameter("network.cell") for group, _ in scored]
    labels = [str(cell) if cells.count(cell) == 1 else group.name for cell, (group, _) in zip(cells, scored, strict=True)]
    return [Tracker(group, label, group.spread(WITHIN), beyond) for label, (group, beyond) in zip(labels, scored, strict=True)]
