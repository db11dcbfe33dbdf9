"""Dates of outputs after a copy, a checkout or a clone: Snakemake goes by them, and DVC knows what is in the files."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator
from graphlib import TopologicalSorter
from pathlib import Path

from rnnpipe.runner.project import dvc_repository
from rnnpipe.runner.rules import Rule
from rnnpipe.runner.workspace import Workspace

TIMESTAMP = ".snakemake_timestamp"
"""The file in a directory whose date Snakemake takes for the directory's."""


def refresh_dates(rules: Iterable[Rule]) -> list[str]:
    """Give a new date to outputs that look older than their inputs and belong to them, as DVC says.

    While the stage that checks is stale, what all others depend on is that of before: nothing is done then.

    Returns
    -------
    list of str
        Names of the stages whose outputs were given one.
    """
    ordered = list(_in_order(rules))
    if not any(map(_looks_old, ordered)):
        return []
    refreshed, now, workspace = [], time.time(), Workspace()
    with dvc_repository() as repository:
        stages = {stage.addressing: stage for stage in repository.index.stages}
        if not all(workspace.is_up_to_date(stages[rule.name]) for rule in ordered if rule.is_check):
            return []
        for rule in ordered:
            if _looks_old(rule) and workspace.is_up_to_date(stages[rule.name]):
                for path in rule.outputs:
                    _give_date(path, now)
                refreshed.append(rule.name)
    return refreshed


def _in_order(rules: Iterable[Rule]) -> Iterator[Rule]:
    """Yield each rule after those whose outputs it waits for."""
    found = list(rules)
    makers = {path: rule.name for rule in found for path in rule.outputs}
    by_name = {rule.name: rule for rule in found}
    graph = {rule.name: {makers[path] for path in rule.inputs if path in makers} for rule in found}
    return (by_name[name] for name in TopologicalSorter(graph).static_order())


def _looks_old(rule: Rule) -> bool:
    """Say whether all is there and an input has a later date than an output."""
    if not rule.outputs or not all(map(os.path.lexists, (*rule.outputs, *rule.inputs))):
        return False
    return max(map(_date, rule.inputs), default=0.0) > min(map(_date, rule.outputs))


def _date(path: str) -> float:
    timestamp = Path(path) / TIMESTAMP
    return os.lstat(timestamp if timestamp.exists() else path).st_mtime


def _give_date(path: str, moment: float) -> None:
    """Set a file's date, or that of the timestamp in a directory."""
    carrier = Path(path)
    if carrier.is_dir():
        carrier = carrier / TIMESTAMP
        carrier.touch()
    os.utime(carrier, (moment, moment))
