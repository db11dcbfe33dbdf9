# Runs the stages of dvc.yaml side by side: `snakemake --cores N`. Nothing is declared here. Each stage becomes one rule
# with DVC's own inputs, outputs, parameters and resources; DVC decides whether it is stale and keeps its outputs.
from pathlib import Path

from dvc.dependency import ParamsDependency
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

files = {stage: [dep.def_path for dep in stage.deps if not isinstance(dep, ParamsDependency)] for stage in stages}
values = {stage: [dep.read_params() for dep in stage.deps if isinstance(dep, ParamsDependency)] for stage in stages}
# A stage that checks params.yaml for all others would make each of them look stale, so it is no rule: it runs before the rules do.
checks = [stage for stage in stages if "params.yaml" in files[stage] and any(index.graph.predecessors(stage))]
checked = {out.def_path for stage in checks for out in stage.outs}
staged = [stage for stage in stages if stage not in checks]


def inputs(stage):
    """Return what a stage waits for; a folder that other stages fill stands for their outputs."""
    made = [out.def_path for before in index.graph.successors(stage) for out in before.outs]
    folders = [path for path in files[stage] if any(Path(path) in Path(out).parents for out in made)]
    return sorted({*made, *files[stage]} - {*folders} - checked)


onstart:
    for stage in checks:
        shell(f"dvc --wait-for-lock repro --quiet --single-item {stage.addressing}")


rule all:
    default_target: True
    input:
        [out.def_path for stage in staged for out in stage.outs],


for stage in staged:
    meta = stage.meta or {}

    rule:
        name:
            stage.addressing
        input:
            inputs(stage),
        output:
            # a path without a suffix is a directory
            [out.def_path if Path(out.def_path).suffix else directory(out.def_path) for out in stage.outs],
        log:
            f"logs/{stage.addressing}.log",
        threads: meta.get("threads", 1)
        resources:
            **{name: amount for name, amount in meta.items() if name != "threads"},
        params:
            stage=stage.addressing,
            values=str(values[stage]).translate({ord("{"): "(", ord("}"): ")"}),  # braces would be wildcards
        message:
            stage.addressing
        shell:
            "dvc --wait-for-lock repro --single-item {params.stage} > {log} 2>&1 || (tail -n 5 {log}; exit 1)"
