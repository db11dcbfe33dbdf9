"""Sentences of a language model's own."""

from itertools import islice
from typing import Annotated

import typer

from rnnpipe.cli.texts.options import LANGUAGE_MODELS, AsJson, Model
from rnnpipe.cli.texts.shown import write_lines, write_objects
from rnnpipe.common.escaping import escaped

BATCH = 100
"""Sentences written together: so many are drawn side by side."""


def generate(
    start: Annotated[str, typer.Option(help="Words that each sentence begins with.")] = "",
    count: Annotated[int, typer.Option(min=1)] = 1,
    temperature: Annotated[float, typer.Option(help="Below 1: likelier words; above 1: more surprising ones.")] = 1.0,
    top_k: Annotated[int | None, typer.Option(min=1, help="Only the so many likeliest words.", show_default="any")] = None,
    top_p: Annotated[float, typer.Option(help="Only the fewest likeliest words of this probability together, up to 1.")] = 1.0,
    seed: Annotated[int, typer.Option(min=0, help="The same seed draws the same sentences.")] = 1,
    model: Model = None,
    as_json: AsJson = False,
) -> None:
    """Draw sentences from a language model."""
    from rnnpipe.cli.texts.opened import open_named
    from rnnpipe.metrics.sampling import Choice
    from rnnpipe.serving import draw_texts

    choice = Choice(temperature, top_k, top_p)
    drawn = draw_texts(open_named(LANGUAGE_MODELS, model), count, start, seed, choice)
    while batch := list(islice(drawn, BATCH)):
        if as_json:
            write_objects(map(dict, batch))
        else:
            write_lines(escaped(one.text) for one in batch)
