"""Sentences of a language model's own, and its tunes."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rnnpipe.cli.texts.options import LANGUAGE_MODELS, AsJson, Model
from rnnpipe.cli.texts.shown import write_lines, write_objects
from rnnpipe.common.errors import RnnpipeError
from rnnpipe.common.escaping import escaped

if TYPE_CHECKING:
    from rnnpipe.serving import DrawnText

BATCH = 100
"""Sentences written together: so many are drawn side by side."""


def generate(
    start: Annotated[str, typer.Option(help="Words that each sentence begins with.")] = "",
    count: Annotated[int, typer.Option(min=1)] = 1,
    temperature: Annotated[float, typer.Option(help="Below 1: likelier words; above 1: more surprising ones.")] = 1.0,
    top_k: Annotated[int | None, typer.Option(min=1, help="Only the so many likeliest words.", show_default="any")] = None,
    top_p: Annotated[float, typer.Option(help="Only the fewest likeliest words of this probability together, up to 1.")] = 1.0,
    longest: Annotated[int, typer.Option(min=1, help="What has no end by then is cut after so many words.")] = 300,
    seed: Annotated[int, typer.Option(min=0, help="The same seed draws the same sentences.")] = 1,
    abc: Annotated[Path | None, typer.Option(help="File to write tunes to as scores.", show_default=False)] = None,
    midi: Annotated[Path | None, typer.Option(help="File to write tunes to, to be played.", show_default=False)] = None,
    model: Model = None,
    as_json: AsJson = False,
) -> None:
    """Draw sentences from a language model, and write what is a tune as ABC and MIDI."""
    from rnnpipe.cli.texts.opened import open_named
    from rnnpipe.metrics.sampling import Choice
    from rnnpipe.serving import draw_texts

    choice = Choice(temperature, top_k, top_p)
    drawn = draw_texts(open_named(LANGUAGE_MODELS, model), count, start, seed, choice, longest)
    words: list[list[str]] = []
    for batch in _batches(drawn):
        if as_json:
            write_objects(map(dict, batch))
        else:
            write_lines(escaped(one.text) for one in batch)
        if abc or midi:
            words += (one.words for one in batch)
    if abc or midi:
        _write_tunes(words, abc, midi)


def _batches(drawn: "Iterator[DrawnText]") -> "Iterator[list[DrawnText]]":
    while batch := list(islice(drawn, BATCH)):
        yield batch


def _write_tunes(texts: list[list[str]], abc: Path | None, midi: Path | None) -> None:
    from rnnpipe.music.files import playable, write_tunes
    from rnnpipe.music.tune import read_tune

    tunes = dict(playable(texts))
    if not tunes:
        try:
            read_tune(texts[0])
        except RnnpipeError as error:
            raise RnnpipeError(f"{error}; --abc and --midi are for a model of tunes: name one with --model") from None
    if len(tunes) < len(texts):
        typer.echo(f"warning: {len(texts) - len(tunes)} of {len(texts)} texts are no tunes and are left out", err=True)
    write_tunes(tunes, abc, midi)
