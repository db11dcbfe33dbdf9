"""The stages of dvc.yaml as rules for Snakemake: what DVC knows of them, and what makes them stale that no file's date tells."""

from __future__ import annotations

import os
from collections.abc import Collection
from dataclasses import dataclass
from graphlib import TopologicalSorter
from pathlib import Path
from shlex import quote
from typing import Any

from rnnpipe.common.files import sha256_of_tree
from rnnpipe.common.fingerprint import PACKAGE, Code, locked_libraries, stage_sums
from rnnpipe.params import Params, load_project
from rnnpipe.runner.project import dvc_repository, noted_seconds, parameter_values, read_document
from rnnpipe.runner.workspace import is_parameter

FIRST = 1_000_000
"""More seconds than a pipeline takes."""

LEAST = 4
"""Seconds of a stage of which nothing is known: what DVC and Python take to start one, measured."""


@dataclass(frozen=True)
class Rule:
    """A stage, in Snakemake's words."""

    name: str
    """As DVC names it, such as `train_sentiment@lstm`."""
    description: str
    """`desc` in dvc.yaml."""
    inputs: list[str]
    """Files and directories that it waits for; a folder that other stages fill stands for their outputs."""
    files: list[str]
    directories: list[str]
    """Outputs without a suffix."""
    done: list[str]
    """The file that says that a stage ran here, where no output can say so: they are in git, or the stage checks."""
    is_check: bool
    """Whether it writes what all others depend on besides data.

    It runs before all others, and no rule waits for its outputs: Snakemake asks no rule behind one that runs whether its own
    parameters have changed, and takes the outputs of a rule away while others may read them.
    """
    is_forgotten: bool
    """Whether its outputs are there and dvc.lock does not know them: DVC was killed while it wrote that file."""
    values: str
    """Whatever it depends on besides its inputs: parameters, sums of code."""
    threads: int
    priority: int
    """Of the jobs that could start, the highest does. See `_priorities`."""
    resources: dict[str, Any]
    """The rest of `meta`."""

    @property
    def outputs(self) -> list[str]:
        """All that it makes."""
        return [*self.files, *self.directories, *self.done]

    @property
    def command(self) -> str:
        """What a job of the rule runs; a stage that checks has run when the workflow started."""
        return "true" if self.is_check else f"python -m rnnpipe.runner.job {quote(self.name)}"


def done_file(stage: str) -> str:
    """Return the file that says that a stage ran here whose outputs cannot say so."""
    return f".snakemake/{stage}.done"


def report_place(path: str) -> dict[str, Any]:
    """Return where `snakemake --report` shows an output: category and labels; nothing for what is no result to look at."""
    folder, *parts = Path(path).parts
    if folder != "reports" or path.endswith("metrics.json"):
        return {}
    *above, file = parts
    category = above[0].replace("_", " ").capitalize() if above else "All runs"
    return {"category": category, "labels": {"run": above[-1] if above else "all", "file": file}}


def read_rules() -> list[Rule]:
    """Return the project's stages as rules.

    The stage that checks params.yaml writes parameters and sums of code, on which all others depend. What it would write is
    computed here: on a fresh clone the files are not there yet, and after a change they are those of before.

    Raises
    ------
    RnnpipeError
        params.yaml or dvc.yaml are wrong: one line names what and where.
    """
    project = load_project()
    entries, sums = checked_values(project)
    threads = {stage: run.trainer.threads for stage, run in project.trainings.items()}
    with dvc_repository() as repository:
        index = repository.index
        stages = [stage for stage in index.stages if stage.cmd]
        checks = [stage for stage in stages if "params.yaml" in _files(stage)]
        checked = {out.def_path for stage in checks for out in stage.outs}
        written = {path: entries if Path(path).suffix else sums for path in checked}
        documents = {**written, "params.yaml": read_document("params.yaml")}
        priorities = _priorities(index.graph, {out.def_path for stage in stages for out in stage.outs})
        rules = []
        for stage in stages:
            before = [] if stage in checks else [out.def_path for other in index.graph.successors(stage) for out in other.outs]
            values = _contents(stage) if stage in checks else [_value(dep, documents, sums) for dep in stage.deps]
            rules.append(_rule(stage, before, checked, values, priorities[stage], threads.get(stage.addressing, 1)))
        return rules


def checked_values(project: Params) -> tuple[dict[str, Any], dict[str, str]]:
    """Return what the stage that checks would write now: the sums of the parameters' entries, and of each stage's code."""
    code = Code(Path("src", PACKAGE.name), locked_libraries(Path("requirements.lock")))
    return project.entry_sums(), stage_sums(Path("dvc.yaml"), code)


def _priorities(graph: Any, made: Collection[str]) -> dict[Any, int]:
    """Return each stage's priority, given what stages make: the seconds of the longest chain of stages that begins with it.

    A stage's own seconds are what it last took, at least the `priority` that it declares; `LEAST` where nothing is known. A stage
    that reads what no stage makes, such as people's files, comes before all others: a fault in them is to show first.
    """
    chains: dict[Any, int] = {}
    for stage in TopologicalSorter({stage: list(graph.predecessors(stage)) for stage in graph}).static_order():
        own = max((stage.meta or {}).get("priority", 0), noted_seconds(stage.addressing) or LEAST)
        chains[stage] = own + max((chains[other] for other in graph.predecessors(stage)), default=0)
    return {stage: seconds + FIRST * (not _is_made(_files(stage), made)) for stage, seconds in chains.items()}


def _is_made(paths: list[str], made: Collection[str]) -> bool:
    """Tell whether each path is what a stage makes, lies in it, or holds it."""
    return all(path in made or _is_inside(path, made) or any(_is_inside(other, {path}) for other in made) for path in paths)


def _rule(stage: Any, before: list[str], checked: set[str], values: list[Any], priority: int, threads: int) -> Rule:
    """Return a stage's rule, given the outputs of the stages before it and the threads that its run asks for."""
    files, outs, meta = _files(stage), [out.def_path for out in stage.outs], stage.meta or {}
    filled = {path for path in files if any(_is_inside(out, {path}) for out in before)}
    inside = {path for path in files if _is_inside(path, checked)}
    kept = [path for path in outs if path not in checked]
    in_git = all(out.def_path in checked or not out.use_cache for out in stage.outs)
    return Rule(
        name=stage.addressing,
        description=stage.desc or "",
        inputs=sorted({*before, *files} - filled - inside - checked) if before else [],
        files=[path for path in kept if Path(path).suffix],
        directories=[path for path in kept if not Path(path).suffix],
        done=[done_file(stage.addressing)] if in_git else [],
        is_check=not kept,
        is_forgotten=not all(out.hash_info for out in stage.outs) and all(map(os.path.lexists, outs)),
        values=str(values).translate({ord("{"): "(", ord("}"): ")"}),  # Snakemake takes braces for wildcards
        threads=meta.get("threads", threads),
        priority=priority,
        resources={name: amount for name, amount in meta.items() if name not in ("threads", "priority")},
    )


def _files(stage: Any) -> list[str]:
    """Return what a stage reads, parameters apart."""
    return [dependency.def_path for dependency in stage.deps if not is_parameter(dependency)]


def _contents(stage: Any) -> list[str]:
    """Return checksums of what the checking stage reads: it runs when a content changes, not when a date does."""
    return [sha256_of_tree(Path(path)) for path in _files(stage)]


def _value(dependency: Any, documents: dict[str, Any], sums: dict[str, str]) -> Any:
    """Return the parameters or the sum of code that a stage depends on; None where a file's date tells whether it is stale."""
    path, names = dependency.def_path, getattr(dependency, "params", None)
    if _is_inside(path, documents.keys()):
        return sums[Path(path).name]
    if names:
        return list(parameter_values(documents[path], names).values())
    return documents.get(path)


def _is_inside(path: str, folders: Collection[str]) -> bool:
    return any(str(above) in folders for above in Path(path).parents)
