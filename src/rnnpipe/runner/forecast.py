"""What the next run will do, told before it: which stages Snakemake will start, and what DVC will make of each."""

from __future__ import annotations

import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.params import load_project
from rnnpipe.runner.changes import changes
from rnnpipe.runner.future import FutureFiles
from rnnpipe.runner.project import dvc_repository
from rnnpipe.runner.rules import checked_values, done_file
from rnnpipe.runner.run_cache import RunCache

JOB = re.compile(r"^Job \d+: (\S+)$", re.MULTILINE)


class Fate(StrEnum):
    """What will happen to a stage."""

    CURRENT = "up to date"
    RESTORED = "restored"
    """From DVC's cache: nothing is computed."""
    RUN = "to run"
    OPEN = "may run"
    """It is restored if its inputs, which the run makes, turn out to be those of a former run."""


@dataclass(frozen=True)
class Forecast:
    """One stage in the next run."""

    stage: str
    fate: Fate
    why: tuple[str, ...] = ()
    """Nothing for what is up to date."""


def forecast() -> list[Forecast]:
    """Return what the next run will do with each stage, each after those that it depends on.

    Raises
    ------
    RnnpipeError
        params.yaml or dvc.yaml are wrong.
    """
    entries, code = checked_values(load_project())  # the user's mistakes show here
    with ThreadPoolExecutor() as side, dvc_repository() as repository:
        asked = side.submit(planned_jobs)
        graph, cache = repository.index.graph, RunCache(repository)
        files = FutureFiles(graph, entries, code)
        jobs = asked.result()
        order = TopologicalSorter({stage: list(graph.successors(stage)) for stage in graph}).static_order()
        return [_fate(stage, stage.addressing in jobs, files, cache) for stage in order if stage.cmd]


def planned_jobs() -> set[str]:
    """Return the stages that Snakemake would start now."""
    command = [sys.executable, "-P", "-m", "snakemake", "--dry-run", "--cores", "1", "--nocolor", "--quiet", "host", "reason"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    said = done.stdout + done.stderr
    if done.returncode:
        raise RnnpipeError(f"{' '.join(command[3:6])}: {(said.strip().splitlines() or ['failed'])[-1].strip()}")
    return set(JOB.findall(said))


def _fate(stage: Any, is_job: bool, files: FutureFiles, cache: RunCache) -> Forecast:
    """Return what happens to a stage, and note what its outputs will be."""
    before = {out.def_path: out.hash_info.value for out in stage.outs}
    if not is_job:
        files.stay(stage)
        return Forecast(stage.addressing, Fate.CURRENT)
    inputs, params = files.inputs(stage), files.params(stage)
    waits = files.makers(path for path, md5 in inputs.items() if md5 is None)
    changed = changes(stage, inputs, params)
    if files.is_check(stage) and not changed and not any(out.status() for out in stage.outs):
        return Forecast(stage.addressing, Fate.CURRENT)  # Snakemake has not seen it run here, but DVC has its outputs
    kept = None
    may_be_kept = not any(out.persist for out in stage.outs) and (cache.knows(before) or cache.holds(before.values()))
    if may_be_kept and not waits:
        same = before if not changed else cache.made(stage.cmd, inputs, params, before)
        kept = same if same and cache.holds(same.values()) else None
    files.become(stage, kept)
    fate = Fate.RESTORED if kept else Fate.OPEN if waits and may_be_kept else Fate.RUN
    before_it = waits or ([] if changed else files.makers(inputs))
    why = changed + ([f"depends on: {', '.join(before_it)}"] if before_it else [])
    return Forecast(stage.addressing, fate, tuple(why or _missing(stage)))


def _missing(stage: Any) -> list[str]:
    """Say which output is not there; where all are, what else makes Snakemake start a stage."""
    missing = [out.def_path for out in stage.outs if not out.exists]
    if missing:
        return [f"missing output: {', '.join(missing)}"]
    if not any(out.use_cache for out in stage.outs) and not Path(done_file(stage.addressing)).exists():
        return ["did not run here yet"]
    return ["an input is of a later date than an output"]
