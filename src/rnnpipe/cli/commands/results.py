"""Commands that show and compare what was made."""

import logging
from typing import Annotated

import typer

from rnnpipe.cli.examples import examples
from rnnpipe.cli.project import require_project

app = typer.Typer(rich_markup_mode=None)


@app.command(epilog=examples("rnnpipe results"))
def results() -> None:
    """Print how many claims hold, and the best run of each task."""
    from rnnpipe.cli.results import show_results

    show_results()


@app.command(
    epilog=examples(
        "rnnpipe runs",
        "rnnpipe runs --task sentiment --sort macro_f1.test",
        "rnnpipe runs --task sentiment --sort network.hidden",
        "rnnpipe runs --task sentiment --diff lstm gru",
        "rnnpipe runs --json | jq '.[].metrics'",
    )
)
def runs(
    task: Annotated[str | None, typer.Option(help="Of this task alone, such as sentiment or embeddings.")] = None,
    sort: Annotated[
        str | None,
        typer.Option(help="A column, a figure or a parameter; the best or the least first, with a `-` before it the other way."),
    ] = None,
    diff: Annotated[tuple[str, str] | None, typer.Option(help="Two runs: parameters and figures in which they differ.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="With all parameters and figures, for programs.")] = False,
) -> None:
    """Compare runs: a table for each task, the best score first.

    They are read from the files of the runs that params.yaml names: figures of the evaluation, the kept epoch, the time.
    """
    from rnnpipe.cli.runs import show_difference, show_runs

    require_project()
    if diff:
        show_difference(*diff, task, as_json)
    else:
        show_runs(task, sort, as_json)


@app.command(epilog=examples("rnnpipe track", "rnnpipe track --quiet", "MLFLOW_TRACKING_URI=http://server:5000 rnnpipe track"))
def track(quiet: Annotated[bool, typer.Option("--quiet", help="Say nothing but warnings.")] = False) -> None:
    """Make the runs that MLflow lacks, and print a link to each task's.

    A stage that DVC restores from its cache runs nothing: its run in MLflow is made from its files.
    """
    require_project()
    from rnnpipe.tracking.addresses import store_uri
    from rnnpipe.tracking.backfill import backfill
    from rnnpipe.tracking.store import Store
    from rnnpipe.tracking.ui import address_of, links

    if quiet:
        logging.getLogger().setLevel(logging.WARNING)
    made = backfill()
    if quiet:
        return
    typer.echo(f"{made} runs made" if made else "MLflow has every run already", err=True)
    for line in links(Store(store_uri()), address_of(store_uri())):
        typer.echo(line)


@app.command(epilog=examples("rnnpipe ui", "rnnpipe ui --port 5001"))
def ui(port: Annotated[int, typer.Option(min=1, max=65535)] = 5000) -> None:
    """Compare runs in MLflow, shown to this machine only."""
    require_project()
    from rnnpipe.tracking.ui import require_free

    require_free(port)
    from rnnpipe.tracking.backfill import backfill
    from rnnpipe.tracking.ui import serve

    backfill()
    serve(port)
