"""Words that are near others by their vectors."""

from difflib import get_close_matches
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rnnpipe.cli.texts.given import given_batches
from rnnpipe.cli.texts.options import AsJson, File
from rnnpipe.cli.texts.shown import write_lines, write_objects
from rnnpipe.common.errors import RnnpipeError
from rnnpipe.common.escaping import escaped

if TYPE_CHECKING:
    from rnnpipe.embeddings.vectors import WordVectors

ALIKE = 3
"""Words of a like spelling that are told of an unknown one."""


def neighbours(
    words: Annotated[
        list[str],
        typer.Argument(help="One or more; - is standard input, a word a line.", default_factory=list, show_default=False),
    ],
    embedding: Annotated[
        str | None, typer.Option(help="Name below embeddings/, or a directory.", show_default="the best evaluated one")
    ] = None,
    model: Annotated[
        str | None,
        typer.Option(
            help="Vectors that a network has trained: its run (sentiment/lstm), directory, or champion.", show_default=False
        ),
    ] = None,
    file: File = None,
    count: Annotated[int, typer.Option(min=1)] = 10,
    as_json: AsJson = False,
) -> None:
    """Show the nearest words by the cosine of their vectors.

    Of several words each line begins with the word that was asked.
    """
    if embedding is not None and model is not None:
        raise RnnpipeError("vectors are those of --embedding or of --model, not of both; leave one out")
    batches = given_batches(words, file)
    vectors = _vectors(embedding, model)
    is_alone, unknown = len(words) == 1 and words != ["-"], 0
    for batch in batches:
        for word in (given.whole.strip() for given in batch):
            unknown += not _answer(word, vectors, count, as_json, is_alone)
    if unknown:
        raise typer.Exit(1)


def _answer(word: str, vectors: "WordVectors", count: int, as_json: bool, is_alone: bool) -> bool:
    """Show a word's neighbours, or say that it is unknown; return whether it is known."""
    is_known = vectors.find(word) is not None
    found = vectors.neighbours(word, count) if is_known else []
    alike = [] if is_known else spelled_alike(word, vectors)
    if as_json:
        write_objects([_object(word, found, alike)])
    else:
        asked = "" if is_alone else f"{escaped(word)}\t"
        write_lines(f"{asked}{cosine:.3f}\t{escaped(neighbour)}" for neighbour, cosine in found)
    if not is_known:
        typer.echo(f"error: {_unheard_of(word, alike, vectors)}", err=True)
    return is_known


def _object(word: str, found: list[tuple[str, float]], alike: list[str]) -> dict[str, Any]:
    near = [{"word": neighbour, "cosine": cosine} for neighbour, cosine in found]
    return {"word": word, "neighbours": near, **({"spelled_alike": alike} if not near else {})}


def _unheard_of(word: str, alike: list[str], vectors: "WordVectors") -> str:
    known = len(vectors.vocabulary) - 3
    cure = f"of a like spelling: {', '.join(map(escaped, alike))}" if alike else "name another --embedding or --model"
    return f"{word!r}: no such word among the {known:,} of these vectors; {cure}"


def spelled_alike(word: str, vectors: "WordVectors") -> list[str]:
    """Return words of a like spelling, the likest first; of a large vocabulary only such with the same first letter."""
    low = word.lower()
    near = {
        known.lower(): known
        for known in reversed(vectors.vocabulary.tokens[3:])
        if abs(len(known) - len(low)) <= 2 and (len(vectors.vocabulary) < 10_000 or known[:1].lower() == low[:1])
    }
    return [near[spelling] for spelling in get_close_matches(low, near, ALIKE)]


def _vectors(embedding: str | None, model: str | None) -> "WordVectors":
    from rnnpipe.cli.texts.choice import TASKS, best_embedding, find_model
    from rnnpipe.cli.vectors import find_embedding
    from rnnpipe.embeddings.vectors import load_vectors

    if model is not None:
        from rnnpipe.inference import open_model
        from rnnpipe.serving import input_vectors

        directory = find_model(TASKS, model)
        vectors = input_vectors(open_model(directory, "cpu"))
    else:
        directory = best_embedding() if embedding is None else find_embedding(embedding)
        vectors = load_vectors(directory)
    typer.echo(f"vectors: {directory}", err=True)
    return vectors
