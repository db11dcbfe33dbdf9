"""The command `rnnpipe`: the pipeline run and compared, trained models in use. `rnnpipe --help` lists all."""

import logging
import sys
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from rnnpipe.cli import texts, vectors
from rnnpipe.cli.commands import pipeline, results
from rnnpipe.common.errors import RnnpipeError

EPILOG = "Exit status: 0 done; 1 a mistake, told in one line; 2 a wrong command line; 130 ended by Ctrl-C."


class OneLineErrors(TyperGroup):
    """Shows a user's mistake as one line, without a traceback, and exits with status 1."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command."""
        logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
        try:
            done = super().invoke(ctx)
            sys.stdout.flush()  # a reader who has seen enough shows here, where Typer knows what to do
            return done
        except RnnpipeError as error:
            typer.echo(f"error: {error}", err=True)
            raise typer.Exit(1) from None


app = typer.Typer(
    cls=OneLineErrors,
    help=__doc__,
    epilog=EPILOG,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # help in plain words comes in half the time
)
app.add_typer(pipeline.app)
app.add_typer(results.app)
texts.register(app)
app.add_typer(vectors.app, name="vectors")


def _show_version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        typer.echo(f"rnnpipe {version('rnnpipe')}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Say which version it is.")
    ] = False,
) -> None: ...
