"""From batches of texts to what is shown of them: what `predict` and `score` have in common."""

from collections.abc import Callable, Iterable, Iterator
from typing import Protocol, TypeVar

from rnnpipe.cli.texts.formats import Given
from rnnpipe.cli.texts.shown import Unknown, write_lines, write_objects


class Counted(Protocol):
    """An answer that says how much of its text was known."""

    @property
    def length(self) -> int:
        """Words of the text."""

    @property
    def unknown(self) -> int:
        """Words that are not in the vocabulary."""

    def __iter__(self) -> Iterator[tuple[str, object]]:
        """Yield the name and the value of each field."""


A = TypeVar("A", bound=Counted)


def answer(
    batches: Iterable[list[Given]],
    ask: Callable[[list[str | list[str]]], list[A]],
    rows: Callable[[Given, A], Iterable[str]],
    as_json: bool,
    consequence: str | None,
) -> None:
    """Show the answer of each text, batch by batch, and say what was unknown.

    Parameters
    ----------
    batches : iterable of list of Given
    ask : callable
        Texts → an answer for each.
    rows : callable
        A text and its answer → the lines of a table; also called with what is no sentence (`Given.is_text`).
    as_json : bool
        Show all fields of an answer as an object, instead of a table.
    consequence : str, optional
        See `Unknown`.
    """
    unknown = Unknown(consequence)
    for batch in batches:
        pairs = list(zip(batch, ask([given.text for given in batch]), strict=True))
        texts = [(given, found) for given, found in pairs if given.is_text]
        if as_json:
            write_objects({"text": given.whole, **dict(found)} for given, found in texts)
        else:
            write_lines(line for given, found in pairs for line in rows(given, found))
        for given, found in texts:
            unknown.see(given.where, found.length, found.unknown)
    unknown.tell()
