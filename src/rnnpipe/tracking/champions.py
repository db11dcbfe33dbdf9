"""Which model of a task and corpus is its champion. Only validation scores are looked at, never the test split."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rnnpipe.models.history import best_row, read_history
from rnnpipe.params import Gate, Params, Selection
from rnnpipe.params.tasks import run_class
from rnnpipe.tracking.pipeline import TrainedStage

PLACES = 6
"""Decimals of a gain that count: written in binary, 90.1 - 89.5 is a little less than 0.6."""


@dataclass(frozen=True)
class Candidate:
    """A trained model of the workspace."""

    stage: TrainedStage
    corpus: str
    score: float
    """Validation score of the kept weights, by the gate's metric."""

    @property
    def key(self) -> str:
        """Key of the stage that trained it."""
        return self.stage.identity.key


@dataclass(frozen=True)
class Champion:
    """The model that has the alias today."""

    run: str
    score: float
    """By the gate's metric."""


@dataclass(frozen=True)
class Decision:
    """Who is to be champion, and a line that says why."""

    champion: Candidate | None
    """None: nothing changes."""
    reason: str


def candidates(stages: Iterable[TrainedStage], params: Params) -> dict[tuple[str, str], list[Candidate]]:
    """Return (task, corpus) → the models that may be its champion, the best first, of all tasks that are registered.

    Left out is a model whose history lacks the gate's metric. Of equal models the first by name is the better one.
    """
    found: dict[tuple[str, str], list[Candidate]] = {}
    for stage in stages:
        if stage.section not in params.registry.tasks:
            continue
        run = params.run(stage.section, stage.run)
        row = best_row(read_history(stage.output / "history.csv"), run.selected_by)
        score = row.get(selection(stage.section, params).column, math.nan) if row else math.nan
        if math.isfinite(score):
            found.setdefault((stage.section, run.corpus), []).append(Candidate(stage, run.corpus, score))
    for (task, _), group in found.items():
        sign = -1 if selection(task, params).higher_is_better else 1
        group.sort(key=lambda candidate: (sign * candidate.score, candidate.stage.run))
    return found


def selection(task: str, params: Params) -> Selection:
    """Return the validation score that champions of a task are chosen by."""
    kind = run_class(task)
    metric = params.registry.gate(task).metric or kind.model_fields["selection"].default
    return Selection(metric, kind.directions[metric])


def decide(group: Sequence[Candidate], champion: Champion | None, gate: Gate, by: Selection) -> Decision:
    """Say who is to be champion.

    Parameters
    ----------
    group : sequence of Candidate
        Models of one task and corpus, the best first; at least one.
    champion : Champion, optional
        None where there is none, or where its result is no longer the workspace's: then the gate alone is held against the best.
    gate : Gate
    by : Selection
        Metric of all scores.
    """
    best = group[0]
    what, sign = f"validation {by.metric}", 1 if by.higher_is_better else -1
    if gate.required is not None and sign * (best.score - gate.required) < 0:
        return Decision(None, f"none is good enough: {best.stage.run} has {what} {best.score:g}, required is {gate.required:g}")
    if champion is None:
        return Decision(best, f"{best.stage.run}, {what} {best.score:g}")
    gain = round(sign * (best.score - champion.score), PLACES)
    if gain <= 0:
        return Decision(None, f"{champion.run} stays, {what} {champion.score:g}")
    if gain < gate.margin:
        better = f"{best.stage.run} has {best.score:g}, not better by {gate.margin:g}"
        return Decision(None, f"{champion.run} stays, {what} {champion.score:g}; {better}")
    return Decision(best, f"{best.stage.run}, {what} {best.score:g}, takes the place of {champion.run} with {champion.score:g}")
