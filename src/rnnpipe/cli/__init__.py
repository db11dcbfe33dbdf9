"""The command `rnnpipe`: the pipeline run and compared, trained models in use. `rnnpipe --help` lists all."""

import logging
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from rnnpipe.cli import vectors
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


Texts = Annotated[list[str], typer.Argument(help="One argument is one text.")]
Model = Annotated[Path | None, typer.Option(help="Model directory.  [default: the best validation score]")]


class Task(StrEnum):
    """What `rnnpipe predict` can be asked for."""

    SENTIMENT = "sentiment"
    NER = "ner"


@app.command()
def predict(task: Task, texts: Texts, model: Model = None) -> None:
    """Label texts (sentiment), or tag the named entities in them (ner)."""
    from rnnpipe.cli.texts import predict_labels, predict_tags

    directory = _model(task, model)
    if task is Task.SENTIMENT:
        for text, found in zip(texts, predict_labels(directory, texts), strict=True):
            typer.echo(f"{found.label}\t{found.probability:.1%}\t{text}")
    else:
        for words in predict_tags(directory, texts):
            typer.echo("\n".join(f"{word}\t{tag}" for word, tag in words) + "\n")


@app.command()
def score(texts: Texts, model: Model = None) -> None:
    """Say how probable sentences are in a language model: log-probability in nats, perplexity a word."""
    from rnnpipe.cli.texts import score_sentences

    scores = score_sentences(_model("language_model", model), texts)
    for text, found in zip(texts, scores, strict=True):
        unknown = f"  ({found.unknown} unknown)" if found.unknown else ""
        typer.echo(f"{found.log_probability:.2f}\t{found.perplexity:.2f}\t{text}{unknown}")


@app.command()
def generate(
    start: Annotated[str, typer.Option(help="Words that each sentence begins with.")] = "",
    count: Annotated[int, typer.Option(min=1)] = 1,
    temperature: Annotated[float, typer.Option(help="Below 1: likelier words; above 1: more surprising ones.")] = 1.0,
    seed: Annotated[int, typer.Option(min=0, help="The same seed draws the same sentences.")] = 1,
    model: Model = None,
) -> None:
    """Draw sentences from a language model."""
    from rnnpipe.cli.texts import generate_sentences

    for sentence in generate_sentences(_model("language_model", model), start, count, temperature, seed):
        typer.echo(sentence)


@app.command()
def neighbours(
    word: str,
    embedding: Annotated[Path | None, typer.Option(help="Embedding directory.  [default: the first trained one]")] = None,
    count: Annotated[int, typer.Option(min=1)] = 10,
) -> None:
    """Show the nearest words by the cosine of their vectors."""
    from rnnpipe.cli.texts import best_embedding
    from rnnpipe.embeddings.vectors import load_vectors

    directory = embedding or best_embedding()
    typer.echo(f"vectors: {directory}", err=True)
    for neighbour, cosine in load_vectors(directory).neighbours(word, count):
        typer.echo(f"{cosine:.3f}\t{neighbour}")


def _model(task: str, named: Path | None) -> Path:
    from rnnpipe.cli.texts import best_model

    directory = named or best_model(task)
    typer.echo(f"model: {directory}", err=True)
    return directory
