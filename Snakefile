# Runs the stages of dvc.yaml side by side: `snakemake --cores N`. Nothing is declared here. Each stage becomes one rule
# with DVC's own inputs, outputs, parameters and resources; DVC decides whether it is stale and keeps its outputs.
from pathlib import Path

from dvc.exceptions import DvcException
from dvc.repo import Repo
from snakemake.exceptions import WorkflowError

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.params import load_params

try:
    load_params()
    index = Repo().index
    stages = [stage for stage in index.stages if stage.cmd]
except (RnnpipeError, DvcException) as error:
    raise WorkflowError(str(error)) from None


def marked(path):
    """Return an output as Snakemake wants it: a path without a suffix is a directory."""
    return path if Path(path).suffix else directory(path)


def inputs(stage):
    """Return the files a stage reads; a folder that other stages fill stands for their outputs."""
    paths = [dep.def_path for dep in stage.deps if type(dep).__name__ != "ParamsDependency"]
    made = [out.def_path for before in index.graph.successors(stage) for out in before.outs]
    folders = [path for path in paths if any(Path(path) in Path(out).parents for out in made)]
    return sorted({*made, *paths} - {*folders})


def values(stage):
    """Return the values of the parameters that a stage declares, so that Snakemake sees them change."""
    read = [dep.read_params() for dep in stage.deps if type(dep).__name__ == "ParamsDependency"]
    return lambda wildcards: str(read)  # braces in a plain text would be wildcards


rule all:
    default_target: True
    input:
        [out.def_path for stage in stages for out in stage.outs],


for stage in stages:
    meta = stage.meta or {}

    rule:
        name:
            stage.addressing
        input:
            inputs(stage),
        output:
            [marked(out.def_path) for out in stage.outs],
        log:
            f"logs/{stage.addressing}.log",
        threads: meta.get("threads", 1)
        resources:
            **{name: amount for name, amount in meta.items() if name != "threads"},
        params:
            stage=stage.addressing,
            values=values(stage),
        message:
            stage.addressing
        shell:
            "dvc --wait-for-lock repro --single-item {params.stage} > {log} 2>&1 || (tail -n 5 {log}; exit 1)"
