"""The command `rnnpipe`: presets, trained models in use, MLflow, checksums. `rnnpipe --help` lists all."""

import logging
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from rnnpipe.cli import vectors
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

Texts = Annotated[list[str], typer.Argument(help="One argument is one text.")]
Model = Annotated[Path | None, typer.Option(help="Model directory.  [default: the best validation score]")]


class Task(StrEnum):
    """What `rnnpipe predict` can be asked for."""

    SENTIMENT = "sentiment"
    NER = "ner"


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


def _model(task: str, named: Path | None) -> Path:
    from rnnpipe.cli.texts import best_model

    directory = named or best_model(task)
    typer.echo(f"model: {directory}", err=True)
    return directory
