"""How probable sentences are."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated

import typer

from rnnpipe.cli.texts.formats import Given
from rnnpipe.cli.texts.given import given_batches
from rnnpipe.cli.texts.options import LANGUAGE_MODELS, AsJson, Column, File, FileFormat, Model, Spaced, Texts
from rnnpipe.cli.texts.shown import Unknown, escaped, plain, write_lines, write_objects

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
    """Say how probable sentences are in a language model: log-probability in nats, perplexity a word.

    A surprisal is -log p of a word behind those before it; the last one is that of the sentence's end. For example:

        rnnpipe score "the dogs near the bird bark today ." "the dogs near the bird barks today ."
        rnnpipe score --surprisal "the dogs near the bird barks today ."
        rnnpipe score --file sentences.txt --json
    """
    batches = given_batches(texts, file, file_format, column)
    from rnnpipe.cli.texts.opened import open_named
    from rnnpipe.serving import Scorer

    scorer, unknown = Scorer(open_named(LANGUAGE_MODELS, model)), Unknown()
    for batch in batches:
        asked = [given for given in batch if given.text or not given.lines]
        found = scorer([given.text for given in asked], words)
        pairs = list(zip(asked, found, strict=True))
        if as_json:
            write_objects({"text": given.whole, **plain(answer)} for given, answer in pairs)
        else:
            write_lines(line for given, answer in pairs for line in _scored(given, answer, surprisal))
        for given, answer in pairs:
            unknown.see(given.where, len(answer.words), answer.unknown)
    unknown.tell()


def _scored(given: Given, answer: "ScoredText", surprisal: bool) -> Iterable[str]:
    unknown = f"  ({answer.unknown} unknown)" if answer.unknown else ""
    yield f"{answer.log_probability:.2f}\t{answer.perplexity:.2f}\t{escaped(given.whole)}{unknown}"
    if surprisal:
        yield from (f"{nats:.2f}\t{escaped(word)}" for word, nats in zip([*answer.words, END], answer.surprisals, strict=True))
        yield ""
