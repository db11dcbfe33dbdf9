"""The lines of CoNLL files: which are data, and the columns of them that matter."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.corpora.lines import read_lines
from rnnpipe.corpora.tagging import OUTSIDE, entity_of, usual_tag
from rnnpipe.params import ColumnsCorpus

ARTICLE = "-DOCSTART-"
"""How a line begins that parts articles."""
SEPARATORS = {"whitespace": re.compile("[ \t]+"), "tab": re.compile("\t")}


@dataclass(frozen=True, slots=True)
class Numbered:
    """A sentence as it stands in the file, and the numbers of its lines."""

    lines: list[int]
    tokens: list[str]
    tags: list[str]
    """With the letters of BIOES, see `usual_tag`."""
    article: int
    """`-DOCSTART-` lines before it."""
    features: list[list[str]]
    """For each of the entry's `features` the value at each word."""


def numbered_sentences(corpus: ColumnsCorpus, path: Path) -> Iterator[Numbered]:
    """Yield the sentences of a file.

    Blank lines and `-DOCSTART-` part them; the latter begins an article. A line that begins with # is a comment unless it has as
    many columns as the others and a tag, for # is a word too.

    Raises
    ------
    RnnpipeError
        A line with more or fewer columns than the first, or without one of the two: file:line.
    """
    columns, articles = _columns(corpus, path), 0
    sentence = _empty(corpus, articles)
    for number, line in enumerate(_with_blank_end(read_lines(path)), start=1):
        if _parts(line):
            if sentence.tokens:
                yield sentence
            articles += line.startswith(ARTICLE)
            sentence = _empty(corpus, articles)
            continue
        fields = _fields(corpus, line)
        if line.startswith("#") and _is_comment(corpus, fields, columns):
            continue
        token, tag, *features = _chosen(corpus, fields, columns, f"{path}:{number}")
        sentence.lines.append(number)
        sentence.tokens.append(token)
        sentence.tags.append(usual_tag(tag.strip()))
        for values, value in zip(sentence.features, features, strict=True):
            values.append(value)


def _empty(corpus: ColumnsCorpus, article: int) -> Numbered:
    return Numbered([], [], [], article, [[] for _ in corpus.features])


def _columns(corpus: ColumnsCorpus, path: Path) -> int:
    """Return how many columns the first line has that is no comment for sure, or the first of all."""
    first = 0
    for line in read_lines(path):
        if not _parts(line):
            first = first or len(_fields(corpus, line))
            if not line.startswith("#"):
                return len(_fields(corpus, line))
    return first


def _parts(line: str) -> bool:
    """Tell whether a line parts sentences."""
    return not line.strip(" \t") or line.startswith(ARTICLE)


def _fields(corpus: ColumnsCorpus, line: str) -> list[str]:
    return SEPARATORS[corpus.separator].split(line.strip(" \t") if corpus.separator == "whitespace" else line)


def _is_comment(corpus: ColumnsCorpus, fields: list[str], columns: int) -> bool:
    if len(fields) != columns or not -columns <= corpus.tag_column < columns:
        return True
    tag = usual_tag(fields[corpus.tag_column].strip())
    return tag != OUTSIDE and entity_of(tag) is None


def _with_blank_end(lines: Iterable[str]) -> Iterator[str]:
    yield from lines
    yield ""


def _chosen(corpus: ColumnsCorpus, fields: list[str], columns: int, where: str) -> list[str]:
    """Return token, tag and features of a line; every line has as many columns as the first, so that the last is the tag's."""
    if len(fields) != columns:
        raise RnnpipeError(f"{where}: {len(fields)} columns, but the lines before have {columns}; {_cure(corpus)}")
    named = {"token_column": corpus.token_column, "tag_column": corpus.tag_column}
    named |= {f"features.{name}": column for name, column in corpus.features.items()}
    places: dict[int, str] = {}
    for name, column in named.items():
        place = column if column >= 0 else columns + column
        if not 0 <= place < columns or not fields[place]:
            raise RnnpipeError(f"{where}: no column {column} ({name}); the line has {columns}")
        if place in places:
            told = f"{places[place]} and {name} are the same column"
            raise RnnpipeError(f"{where}: {told}; the line has {columns}{_other_separator(fields) if columns == 1 else ''}")
        places[place] = name
    return [fields[place] for place in places]


def _cure(corpus: ColumnsCorpus) -> str:
    if corpus.separator == "whitespace":
        return "one is missing or too many; where words hold spaces, part the columns by tabs and set separator: tab"
    return "one is missing or too many"


def _other_separator(fields: list[str]) -> str:
    """Say what else the only column of a line might be parted by."""
    for mark, told in ((" ", "parted by spaces: set separator: whitespace"), (",", "parted by commas: write tabs for them")):
        if mark in fields[0].strip():
            return f", {told}"
    return ""
