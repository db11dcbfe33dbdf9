"""Entries that are in order each and of which DVC cannot make stages all together: two with one output, or circles."""

from __future__ import annotations

from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from itertools import product
from typing import TYPE_CHECKING

from rnnpipe.params.sections import Section

if TYPE_CHECKING:
    from rnnpipe.params.document import Params


def clashes(params: Params) -> Iterator[str]:
    """Yield a line for each clash: its key, what is wrong, and what would be in order."""
    yield from _same_report(params)
    yield from _same_trial(params)
    yield from _circle(params)


def _same_report(params: Params) -> Iterator[str]:
    """Yield runs of a task and of its baselines that have one name, and so one folder of reports."""
    taken: dict[tuple[str, str], str] = {}
    for section in type(params).model_fields:
        value = getattr(params, section)
        if isinstance(value, Section):
            for name, run in value.runs.items():
                first = taken.setdefault((getattr(run, "task", section), name), section)
                if first != section:
                    yield f"{section}.runs.{name}: {first} has a run of this name, and both report to one folder; rename one"


def _same_trial(params: Params) -> Iterator[str]:
    """Yield trainings of the long-term grid that DVC gives one name: it joins run and trial by a hyphen."""
    taken: dict[str, tuple[str, str]] = {}
    for run, trial in product(params.long_term.runs, params.long_term.trials):
        first = taken.setdefault(f"{run}-{trial}", (run, trial))
        if first != (run, trial):
            yield f"long_term: run {first[0]!r} with trial {first[1]!r} and run {run!r} with {trial!r} are one stage; rename one"


def _circle(params: Params) -> Iterator[str]:
    """Yield corpora that are made of each other."""
    before = {name: [entry.first, entry.second] for name, entry in params.joined.items()}
    before |= {name: [source] for name, source in params.shared.items()}
    try:
        TopologicalSorter(before).prepare()
    except CycleError as error:
        yield f"joined: {' is made of '.join(reversed(error.args[1]))}, a circle; take one of them out"
