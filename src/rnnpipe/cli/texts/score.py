"""How probable sentences are."""

from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from rnnpipe.cli.texts.answering import answer
from rnnpipe.cli.texts.formats import Given
from rnnpipe.cli.texts.given import given_batches
from rnnpipe.cli.texts.options import LANGUAGE_MODELS, AsJson, Column, File, FileFormat, Model, Spaced, Texts
from rnnpipe.common.escaping import escaped

if TYPE_CHECKING:
    from rnnpipe.serving import ScoredText

END = "<eos>"


def score(
    texts: Texts,
    model: Model = None,
    file: File = None,
    column: Column = None,
    file_format: FileFormat = None,
    words: Spaced = False,
    surprisal: Annotated[
        bool, typer.Option("--surprisal", help="Below each text its words, each with its surprisal in nats.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Say how probable sentences are in a language model.

    A line says the log-probability in nats, the perplexity a word, and the text. A surprisal is -log p of a word
    behind those before it; the last one is that of the sentence's end.
    """
    batches = given_batches(texts, file, file_format, column)
    from rnnpipe.cli.texts.opened import open_named
    from rnnpipe.serving import Scorer

    scorer = Scorer(open_named(LANGUAGE_MODELS, model))
    answer(batches, lambda asked: scorer(asked, words), partial(_scored, surprisal=surprisal), as_json, None)


def _scored(given: Given, found: "ScoredText", surprisal: bool) -> Iterable[str]:
    if not given.is_text:
        return
    unknown = f"  ({found.unknown} unknown)" if found.unknown else ""
    yield f"{found.log_probability:.2f}\t{found.perplexity:.2f}\t{escaped(given.whole)}{unknown}"
    if surprisal:
        yield from (f"{nats:.2f}\t{escaped(word)}" for word, nats in zip([*found.words, END], found.surprisals, strict=True))
        yield ""
