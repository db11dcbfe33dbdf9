"""Labels of texts, and tags of their words."""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from itertools import chain
from typing import TYPE_CHECKING

from rnnpipe.cli.texts.formats import DOCUMENT, Given, is_word_line
from rnnpipe.cli.texts.given import given_batches
from rnnpipe.cli.texts.options import AsJson, Column, File, FileFormat, Model, Spaced, Texts
from rnnpipe.cli.texts.shown import Unknown, escaped, plain, write_lines, write_objects

if TYPE_CHECKING:
    from rnnpipe.inference import TrainedModel
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
    """Label texts (sentiment), or tag the named entities in them (ner).

    Of a label a line says its probability and the text; of entities each line a word and its tag, and a blank line ends a text.
    CoNLL comes back as it is, with a column of tags more. For example:

        rnnpipe predict sentiment "the plot is not bad at all ."
        rnnpipe predict sentiment --file reviews.csv --column review --json
        rnnpipe predict ner --file sentences.conll
        cat sentences.txt | rnnpipe predict ner --model lstm-bidirectional -
    """
    batches = given_batches(texts, file, file_format, column)
    from rnnpipe.cli.texts.opened import open_named

    trained = open_named([task.value], model)
    answer = _label if task is Task.SENTIMENT else _tag
    unknown = Unknown("the label is a guess" if task is Task.SENTIMENT else "the tags are guesses")
    for batch in batches:
        answer(trained, batch, words, as_json, unknown)
    unknown.tell()


def _label(trained: "TrainedModel", batch: list[Given], words: bool, as_json: bool, unknown: Unknown) -> None:
    from rnnpipe.serving import label_texts

    asked = _with_words(batch)
    found = label_texts(trained, [given.text for given in asked], words)
    if as_json:
        write_objects({"text": given.whole, **plain(answer)} for given, answer in zip(asked, found, strict=True))
    else:
        write_lines(_labelled(given, answer) for given, answer in zip(asked, found, strict=True))
    for given, answer in zip(asked, found, strict=True):
        unknown.see(given.where, answer.length, answer.unknown)


def _labelled(given: Given, answer: "LabelledText") -> str:
    return f"{escaped(answer.label)}\t{answer.probability:.1%}\t{escaped(given.whole)}"


def _tag(trained: "TrainedModel", batch: list[Given], words: bool, as_json: bool, unknown: Unknown) -> None:
    from rnnpipe.serving import tag_texts

    asked = _with_words(batch) if as_json else batch
    found = tag_texts(trained, [given.text for given in asked], words)
    if as_json:
        write_objects({"text": given.whole, **plain(answer)} for given, answer in zip(asked, found, strict=True))
    else:
        write_lines(chain.from_iterable(_tagged(given, answer) for given, answer in zip(asked, found, strict=True)))
    for given, answer in zip(asked, found, strict=True):
        if answer.words or not given.lines:
            unknown.see(given.where, len(answer.words), answer.unknown)


def _tagged(given: Given, answer: "TaggedText") -> Iterable[str]:
    if given.lines:
        return _with_tags(given.lines, answer.tags)
    return (*(f"{escaped(word)}\t{tag}" for word, tag in zip(answer.words, answer.tags, strict=True)), "")


def _with_tags(lines: Sequence[str], tags: Iterable[str]) -> Iterable[str]:
    """Yield the lines of CoNLL, those that hold words with one column more; the mark of a document gets an O as its words do."""
    left = iter(tags)
    for line in lines:
        between = " " if " " in line.strip() and "\t" not in line else "\t"
        if is_word_line(line):
            yield f"{line.rstrip(' ')}{between}{next(left)}"
        else:
            yield f"{line}{between}O" if line.startswith(DOCUMENT) else line


def _with_words(batch: list[Given]) -> list[Given]:
    """Leave out what is no sentence: blank lines behind the last one of CoNLL."""
    return [given for given in batch if given.text or not given.lines]
