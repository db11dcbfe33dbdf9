"""Commands that run the pipeline, or look at what a run needs."""

import os
from typing import Annotated

import typer

from rnnpipe.cli.examples import examples
from rnnpipe.cli.project import require_project
from rnnpipe.common.errors import RnnpipeError

app = typer.Typer(rich_markup_mode=None)


@app.command(epilog=examples("rnnpipe preset sample", "rnnpipe preset lecture", "rnnpipe preset sample --force"))
def preset(
    name: Annotated[str, typer.Argument(help="Of a file in presets/, such as sample or lecture.")],
    force: Annotated[bool, typer.Option("--force", help="Overwrite changes of params.yaml.")] = False,
) -> None:
    """Put a preset in the place of params.yaml."""
    from rnnpipe.cli.presets import use_preset

    use_preset(name, force)
    typer.echo(f"params.yaml is presets/{name}.yaml; `make run` runs it")


@app.command(epilog=examples("rnnpipe plan", "rnnpipe plan --all", "rnnpipe plan --json > plan.json"))
def plan(
    every: Annotated[bool, typer.Option("--all", help="List each stage, also those that are up to date.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="All stages as JSON, for programs.")] = False,
) -> None:
    """Say before a run what it would do, why, and for how long.

    Of each stage: `up to date`; `restored` from DVC's cache; `to run`; or `may run`, where a former result is taken if its
    inputs, which the run makes first, turn out to be the same. It asks Snakemake and DVC, and changes nothing.
    """
    from rnnpipe.cli.plan import show_plan

    require_project()
    show_plan(every, as_json)


@app.command(
    epilog=examples("rnnpipe run", "rnnpipe run --cores 8", "rnnpipe run train_sentiment@lstm", "rnnpipe run -- --keep-going")
)
def run(
    more: Annotated[list[str] | None, typer.Argument(help="Stages, or after `--` options of snakemake.  [default: all]")] = None,
    cores: Annotated[int, typer.Option(min=1, help="[default: all]", show_default=False)] = os.cpu_count() or 1,
    gpus: Annotated[int | None, typer.Option(min=0, help="Stages that use one at the same time.  [default: all]")] = None,
) -> None:
    """Run the stages that are not up to date, and show how far.

    `snakemake` runs them, and its exit status is this command's. On a terminal there is a bar, in a file a line at least every
    ten seconds. A stage's log is `logs/<stage>.log`.
    """
    from rnnpipe.cli.running import run_stages

    require_project()
    run_stages(cores, gpus, more or [])


@app.command(epilog=examples("rnnpipe verify"))
def verify() -> None:
    """Check the models' checksums and all of DVC's cache.

    DVC itself trusts its objects unread. What is damaged is named with the command that restores it.
    """
    from rnnpipe.cli.verification import damages

    require_project()
    found = damages()
    for line in found:
        typer.echo(line)
    if found:
        raise RnnpipeError(f"{len(found)} files are damaged")
    typer.echo("all checksums hold")


@app.command(epilog=examples("rnnpipe doctor", "rnnpipe doctor && rnnpipe run"))
def doctor() -> None:
    """Look at what a run needs: versions, machine, MLflow, DVC, git.

    Each line says `ok`, `warn` or `error`, and below what is not well a cure. Exit status 1: nothing can run.
    """
    from rnnpipe.cli.doctor import findings, show

    if not show(findings()):
        raise typer.Exit(1)
