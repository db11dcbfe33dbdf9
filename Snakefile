# Runs the stages of dvc.yaml side by side: `snakemake --cores N`. Nothing is declared here. Each stage becomes one rule
# with DVC's own inputs, outputs, parameters and resources; DVC decides whether it is stale and keeps its outputs.
from snakemake.exceptions import WorkflowError

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.runner.dates import refresh_dates
from rnnpipe.runner.lock import release_dead_locks
from rnnpipe.runner.lock_file import mend_lock_file
from rnnpipe.runner.rules import read_rules, report_place

try:
    if workflow.is_main_process:
        release_dead_locks()
        mend_lock_file()
    stages = read_rules()
    if workflow.is_main_process:
        refresh_dates(stages)
except RnnpipeError as error:
    raise WorkflowError(str(error)) from None

if workflow.is_main_process and any(stage.is_forgotten for stage in stages):
    lost = " ".join(stage.name for stage in stages if stage.is_check or stage.is_forgotten)
    shell(f"dvc --wait-for-lock repro --quiet --single-item {lost}")


config["descriptions"] = {stage.name: stage.description for stage in stages}  # for the captions of `snakemake --report`


onstart:
    for stage in stages:
        if stage.is_check:
            shell(f"dvc --wait-for-lock repro --quiet --single-item {stage.name}")


rule all:
    default_target: True
    input:
        [path for stage in stages for path in stage.outputs],


for stage in stages:

    rule:
        name:
            stage.name
        input:
            stage.inputs,
        output:
            [
                report(path, caption="profiles/caption.rst", **place) if (place := report_place(path)) else path
                for path in stage.files
            ],
            [directory(path) for path in stage.directories],
            [touch(path) for path in stage.done],
        log:
            f"logs/{stage.name}.log",
        priority: stage.priority
        threads: stage.threads
        resources:
            **stage.resources,
        params:
            command=stage.command,
            values=stage.values,
        message:
            stage.name
        shell:
            "{params.command} > {log} 2>&1 || (tail -n 5 {log}; exit 1)"
