"""Texts in, answers out: the commands that ask a trained model, and what is given to them."""

from collections.abc import Callable

import typer

from rnnpipe.cli.examples import examples
from rnnpipe.cli.texts.generate import generate
from rnnpipe.cli.texts.models import models
from rnnpipe.cli.texts.neighbours import neighbours
from rnnpipe.cli.texts.predict import predict
from rnnpipe.cli.texts.score import score

EXAMPLES: dict[Callable[..., None], tuple[str, ...]] = {
    predict: (
        'rnnpipe predict sentiment "the plot is not bad at all ."',
        "rnnpipe predict sentiment --file reviews.csv --column review --json",
        "rnnpipe predict ner --file sentences.conll",
        "cat sentences.txt | rnnpipe predict ner --model lstm-bidirectional -",
    ),
    score: (
        'rnnpipe score "the dogs near the bird bark today ." "the dogs near the bird barks today ."',
        'rnnpipe score --surprisal "the dogs near the bird barks today ."',
        "rnnpipe score --file sentences.txt --json",
    ),
    generate: (
        'rnnpipe generate --count 3 --start "the dogs"',
        "rnnpipe generate --temperature 0.7 --top-k 20 --seed 7",
        "rnnpipe generate --top-p 0.9 --model gru --json",
        'rnnpipe generate --model tunes --start "M:3/4 K:G" --abc waltz.abc --midi waltz.mid',
    ),
    neighbours: (
        "rnnpipe neighbours king",
        "rnnpipe neighbours king queen apple --embedding glove-features --count 3",
        "rnnpipe neighbours good --model sentiment/lstm --json",
    ),
    models: (
        "rnnpipe models",
        "rnnpipe models --json | jq -r 'select(.default) | .directory'",
    ),
}
"""Command → how it may be typed."""


def register(app: typer.Typer) -> None:
    """Add the commands."""
    for command, typed in EXAMPLES.items():
        app.command(epilog=examples(*typed))(command)
