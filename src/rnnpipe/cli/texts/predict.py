"""Labels of texts, and tags of their words."""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING

from rnnpipe.cli.texts.answering import answer
from rnnpipe.cli.texts.formats import DOCUMENT, Given, is_word_line
from rnnpipe.cli.texts.given import given_batches
from rnnpipe.cli.texts.options import AsJson, Column, File, FileFormat, Model, Spaced, Texts
from rnnpipe.common.escaping import escaped

if TYPE_CHECKING:
    from rnnpipe.serving import LabelledText, TaggedText


class Task(StrEnum):
    """What `rnnpipe predict` can be asked for."""

    SENTIMENT = "sentiment"
    NER = "ner"


def predict(
    task: Task,
    texts: Texts,
    model: Model = None,
    file: File = None,
    column: Column = None,
    file_format: FileFormat = None,
    words: Spaced = False,
    as_json: AsJson = False,
) -> None:
    """Label texts, or tag the named entities in them.

    Of a label a line says its probability and the text; of entities each line a word and its tag, and a blank line ends a text.
    CoNLL comes back as it is, with a column of tags more.
    """
    batches = given_batches(texts, file, file_format, column)
    from rnnpipe.cli.texts.opened import open_named
    from rnnpipe.serving import label_texts, tag_texts

    trained = open_named([task.value], model)
    if task is Task.SENTIMENT:
        answer(batches, lambda asked: label_texts(trained, asked, words), _labelled, as_json, "the label is a guess")
    else:
        answer(batches, lambda asked: tag_texts(trained, asked, words), _tagged, as_json, "the tags are guesses")


def _labelled(given: Given, found: "LabelledText") -> Iterable[str]:
    if given.is_text:
        yield f"{escaped(found.label)}\t{found.probability:.1%}\t{escaped(given.whole)}"


def _tagged(given: Given, found: "TaggedText") -> Iterable[str]:
    if given.lines:
        return _with_tags(given.lines, found.tags)
    return (*(f"{escaped(word)}\t{tag}" for word, tag in zip(found.words, found.tags, strict=True)), "")


def _with_tags(lines: Sequence[str], tags: Iterable[str]) -> Iterable[str]:
    """Yield the lines of CoNLL, those that hold words with one column more; the mark of a document gets an O as its words do."""
    left = iter(tags)
    for line in lines:
        between = " " if " " in line.strip(" ") and "\t" not in line else "\t"
        if is_word_line(line):
            yield f"{line.rstrip(' ')}{between}{next(left)}"
        else:
            yield f"{line}{between}O" if line.startswith(DOCUMENT) else line
