"""Texts in, answers out: the commands that ask a trained model, and what is given to them."""

import typer

from rnnpipe.cli.texts.generate import generate
from rnnpipe.cli.texts.models import models
from rnnpipe.cli.texts.neighbours import neighbours
from rnnpipe.cli.texts.predict import predict
from rnnpipe.cli.texts.score import score


def register(app: typer.Typer) -> None:
    """Add the commands."""
    for command in (predict, score, generate, neighbours, models):
        app.command()(command)
