"""The command `rnnpipe`: presets, trained models in use, MLflow, checksums. `rnnpipe --help` lists all."""

import logging
import sys
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from rnnpipe.cli import texts, vectors
from rnnpipe.common.errors import RnnpipeError


class OneLineErrors(TyperGroup):
    """Shows a user's mistake as one line, without a traceback, and exits with status 1."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command."""
        logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
        try:
            return super().invoke(ctx)
        except RnnpipeError as error:
            typer.echo(f"error: {error}", err=True)
            raise typer.Exit(1) from None


app = typer.Typer(cls=OneLineErrors, help=__doc__, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
app.add_typer(vectors.app, name="vectors")
texts.register(app)


@app.command()
def preset(
    name: Annotated[str, typer.Argument(help="Of a file in presets/, such as sample or lecture.")],
    force: Annotated[bool, typer.Option("--force", help="Overwrite changes of params.yaml.")] = False,
) -> None:
    """Put a preset in the place of params.yaml."""
    from rnnpipe.cli.presets import use_preset

    use_preset(name, force)
    typer.echo(f"params.yaml is presets/{name}.yaml; `make run` runs it")


@app.command()
def track() -> None:
    """Make the runs that MLflow lacks, from the files of stages that DVC restored from its cache."""
    from rnnpipe.tracking.backfill import backfill
    from rnnpipe.tracking.store import Store, store_uri
    from rnnpipe.tracking.ui import address_of, links

    made = backfill()
    typer.echo(f"{made} runs made" if made else "MLflow has every run already", err=True)
    for line in links(Store(store_uri()), address_of(store_uri())):
        typer.echo(line)


@app.command()
def ui(port: Annotated[int, typer.Option(min=1, max=65535)] = 5000) -> None:
    """Compare runs in MLflow's user interface, on this machine only."""
    from rnnpipe.tracking.backfill import backfill
    from rnnpipe.tracking.ui import serve

    backfill()
    serve(port)


@app.command()
def verify() -> None:
    """Check the models' checksums and every object in DVC's cache, which DVC itself trusts unread."""
    from rnnpipe.cli.verification import damages

    found = damages()
    for line in found:
        typer.echo(line)
    if found:
        raise RnnpipeError(f"{len(found)} files are damaged")
    typer.echo("all checksums hold")


@app.command()
def results() -> None:
    """Print the table of all runs."""
    from rnnpipe.cli.results import show_results

    show_results()
